"""What a careful officer would be warned of before the province's report is issued."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from sachhon.apps.reporting.deadlines import correction_due, report_due
from sachhon.apps.reporting.models import AnnualReport, Finding, ProvinceReport, ProvinceRollup, ReportState
from sachhon.apps.reporting.services.province.reading import report_data
from sachhon.apps.reporting.services.rules import rule
from sachhon.documents.model import ProvinceReportData
from sachhon.documents.narrative import HELD_NAMED
from sachhon.documents.numbers import format_date_short, format_number
from sachhon.documents.shapes import Lang
from sachhon.reference import plan_in_force

Level = Literal["info", "warning", "danger"]


@dataclass(frozen=True)
class Caution:
    """One thing to know before issuing; `url` leads to the list behind it.

    Nothing of it forbids to issue but figures older than their records (`issuing.refuse_outdated`).
    """

    code: str
    level: Level
    text: str
    detail: str = ""
    count: int = 0
    url: str = ""


def check(report: ProvinceReport, today: datetime.date) -> list[Caution]:
    """Everything worth a second look in this draft, the gravest first."""
    data = report_data(report)
    province, year = report.province_code, report.year
    found: list[Caution] = []
    rollup = ProvinceRollup.objects.get(province_code=province, year=year)
    if rollup.is_stale:
        found.append(
            Caution(
                "stale", "danger", _("The figures are older than the records."),
                _("Reports or records changed after the computation. Compute again before you issue."),
                url=reverse("reporting:province"),
            )
        )  # fmt: skip
    status = data.reporting
    if status.missing:
        text = ngettext(
            "%(n)d facility has not reported", "%(n)d facilities have not reported", status.missing
        )
        detail = _("They count as unknown unless earlier reports tell; they never count as yes.")
        url = reverse("reporting:province_section", args=["nop-bao-cao"])
        found.append(Caution("missing", "warning", text % {"n": status.missing}, detail, status.missing, url))
    reports = AnnualReport.objects.filter(facility__province_code=province, year=year)
    waiting = reports.filter(state=ReportState.SUBMITTED).count()
    if waiting:
        text = ngettext("%(n)d report is not accepted yet", "%(n)d reports are not accepted yet", waiting)
        detail = _("Their figures are in the report as they were sent, but for those in grave doubt.")
        url = reverse("reporting:reports") + f"?year={year}&state=submitted"
        found.append(Caution("not_accepted", "warning", text % {"n": waiting}, detail, waiting, url))
    if status.held:
        held = len(status.held)
        text = ngettext(
            "%(n)d report is left out of the totals", "%(n)d reports are left out of the totals", held
        )
        detail = _("Grave doubts nobody has settled: %(names)s.") % {
            "names": "; ".join(status.held[:HELD_NAMED])
        }
        url = reverse("reporting:reports") + f"?year={year}&state=submitted"
        found.append(Caution("held", "danger", text % {"n": held}, detail, held, url))
    if status.held_records:
        held = len(status.held_records)
        text = ngettext(
            "Figures of %(n)d facility without a report are left out of the totals",
            "Figures of %(n)d facilities without a report are left out of the totals",
            held,
        )
        detail = _("Bills or ledgers with grave doubts that no officer has settled: %(names)s.") % {
            "names": "; ".join(status.held_records[:HELD_NAMED])
        }
        url = reverse("reporting:reports") + f"?year={year}&doubts=records"
        found.append(Caution("held_records", "danger", text % {"n": held}, detail, held, url))
    counting = (ReportState.SUBMITTED, ReportState.ACCEPTED, ReportState.LOCKED)
    doubts = Finding.objects.filter(
        report__in=reports.filter(state__in=counting), state=Finding.State.OPEN
    ).count()
    if doubts:
        text = ngettext("%(n)d open finding", "%(n)d open findings", doubts)
        detail = _("Doubts about figures that nobody has corrected or explained.")
        found.append(Caution("findings", "warning", text % {"n": doubts}, detail, doubts))
    if data.on_changed_records:
        changed = len(data.on_changed_records)
        text = ngettext(
            "Verified savings of %(n)d facility rest on records that were changed since",
            "Verified savings of %(n)d facilities rest on records that were changed since",
            changed,
        )
        detail = _("They count as reported until the assessment has judged them anew: %(names)s.") % {
            "names": "; ".join(data.on_changed_records[:HELD_NAMED])
        }
        url = reverse("reporting:province_section", args=["tiet-kiem"])
        found.append(Caution("changed", "warning", text % {"n": changed}, detail, changed, url))
    found += unlike_last_year(data)
    if status.with_estimated_months:
        count = status.with_estimated_months
        text = ngettext("%(n)d report holds estimated months", "%(n)d reports hold estimated months", count)
        detail = _("Factories correct them until %(day)s; an issued report keeps the estimate.") % {
            "day": format_date_short(correction_due(year))
        }
        found.append(Caution("estimated", "info", text % {"n": count}, detail, count))
    if today < report_due(year):
        detail = _("Annual reports are due before %(day)s.") % {"day": format_date_short(report_due(year))}
        found.append(Caution("early", "info", _("The year's reports are still coming in."), detail))
    plan = plan_in_force(province, year)
    if plan.is_demo:
        found.append(
            Caution("demo_plan", "warning", _("The plan of these years is a demonstration plan."), plan.note)
        )
    if any(t.met == "unclear" for t in data.targets):
        found.append(
            Caution(
                "unclear", "info", _("Some targets cannot be judged yet."), _("The report says so.")
            )
        )  # fmt: skip
    order = {"danger": 0, "warning": 1, "info": 2}
    return sorted(found, key=lambda w: order[w.level])


def unlike_last_year(data: ProvinceReportData) -> list[Caution]:
    """Totals of consumption that are several times those of the year before, or a small part of them; that came
    from nothing, or went to nothing. A year before of which nothing at all is known compares with nothing."""
    reach = Decimal(str(rule("province.total_ratio")))
    used = data.consumption
    if len(used.years) < 2 or not any(row.by_year[-2] for row in used.rows):
        return []
    told = [
        (row.resource, *row.by_year[-2:], row.unit)
        for row in (*used.totals, *used.rows)
        if _is_far(row.by_year[-2] or Decimal(0), row.by_year[-1] or Decimal(0), reach)
    ]
    if not told:
        return []
    text = ngettext("%(n)d total is far from last year's", "%(n)d totals are far from last year's", len(told))
    lang: Lang = "en" if get_language() == "en" else "vi"
    named = "; ".join(
        f"{name}: {_amount(before, lang)} → {_amount(now, lang)} ({unit})"
        for name, before, now, unit in told[:HELD_NAMED]
    )
    detail = _(
        "More than %(times)s times as much or as little as in %(year)d: %(named)s. Look at what stands behind."
    )
    detail %= {"times": format_number(reach, lang), "year": used.years[-2], "named": named}
    url = reverse("reporting:province_section", args=["tieu-thu"])
    return [Caution("unlike_last_year", "danger", text % {"n": len(told)}, detail, len(told), url)]


def _is_far(before: Decimal, now: Decimal, reach: Decimal) -> bool:
    return max(before, now) > reach * min(before, now)


def _amount(value: Decimal | None, lang: Lang) -> str:
    return _("no figures") if value is None else format_number(value, lang, 0)
