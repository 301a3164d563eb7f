"""What the reporting room puts on the page "Today", by what each role does about reports.

A count and the list it opens are one query: `lists.report_rows` under the filter that stands in the address.
"""

import dataclasses
import datetime
from collections.abc import Callable
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from sachhon.apps.people.models import Role
from sachhon.apps.people.today import Kind, Level, TodayItem
from sachhon.apps.reporting.deadlines import days_left, report_due
from sachhon.apps.reporting.models import AnnualReport, ReportState
from sachhon.apps.reporting.pages import SLUGS
from sachhon.apps.reporting.queries.lists import (
    NOT_REPORTED,
    ReportFilter,
    expected,
    report_rows,
    with_reports,
)
from sachhon.apps.reporting.services.drafting import EDITABLE
from sachhon.documents.numbers import format_date_short

SOON = 30  # days before the deadline from which it is "due soon"
SHOWN_FROM = 92  # days before the deadline from which a factory or its expert sees it at all


def today_items(user, year: int, day: datetime.date) -> list[TodayItem]:
    """A factory: its own report. An expert: those of the assigned facilities. Officers: what waits for acceptance
    and who is late. An inspector: who is late, never reported, or left a doubt open. A leader: who has not
    reported."""
    match user.role:
        case Role.FACTORY:
            return _own_reports(user, year, day)
        case Role.EXPERT:
            return _assigned(user, year, day)
        case Role.CENTRE | Role.DEPARTMENT:
            return [
                *_waiting(user),
                *_records_in_doubt(user, year),
                *_not_reported(user, year, day, SOON, _("Remind them by e-mail, all at once.")),
            ]
        case Role.INSPECTOR:
            return _to_inspect(user, year, day)
        case Role.LEADER:
            return _not_reported(user, year, day, SOON, _("The Centre reminds them."))
        case _:
            return []


def before_words(year: int) -> str:
    """The deadline of the annual reports as the rule says it, the same on every page."""
    day = format_date_short(report_due(year), "en" if get_language() == "en" else "vi")
    return _("before %(day)s") % {"day": day}


def _list(
    user, year: int, kind: Kind, title: Callable[[int], str], detail: str, level: Level = "", **wanted: str
) -> list[TodayItem]:
    """A line that opens the list of reports under a filter, with as many as the list has; none for an empty one."""
    count = report_rows(user, ReportFilter(**wanted), year).count()
    if not count:
        return []
    return [
        TodayItem(
            kind=kind,
            title=title(count) % {"n": count, "year": year},
            detail=detail,
            url=f"{reverse('reporting:reports')}?{urlencode({'year': year, **wanted})}",
            count=count,
            level=level,
        )
    ]


def _records_in_doubt(user, year: int) -> list[TodayItem]:
    """Bills and ledgers that no report covers and that do not count until an officer settles their doubts."""
    return _list(
        user, year, "waiting",
        lambda n: ngettext(
            "Figures of %(year)s to be explained at %(n)s facility without a report",
            "Figures of %(year)s to be explained at %(n)s facilities without a report",
            n,
        ),
        _("Until then they are in none of the province's totals."),
        "warning",
        doubts="records",
    )  # fmt: skip


def _own_reports(user, year: int, day: datetime.date) -> list[TodayItem]:
    if not user.may("reporting.report.edit"):
        return []
    found = []
    due, left = report_due(year), days_left(day, year)
    facilities = list(with_reports(expected(user), year))
    for facility in facilities:
        state = facility.report_state
        several = f"{facility.name} · " if len(facilities) > 1 else ""
        if state == ReportState.RETURNED:
            found.append(
                TodayItem(
                    kind="waiting",
                    title=_("Your report of %(year)s was returned") % {"year": year},
                    detail=several + _("Read the remarks, mend the report and send it again."),
                    url=_form(facility, year),
                    level="warning",
                )
            )
        elif facility.report_sent is None and left <= SHOWN_FROM:
            begun = facility.report_state in EDITABLE
            found.append(
                TodayItem(
                    kind="due" if left >= 0 else "late",
                    title=_("Your report of %(year)s") % {"year": year},
                    detail=several + (_("a draft, not sent yet") if begun else _("not begun")),
                    url=_form(facility, year) if begun else reverse("reporting:reports") + f"?year={year}",
                    due_date=due - datetime.timedelta(days=1),
                    due_words=before_words(year),
                    level="danger" if left < 0 else "warning" if left <= SOON else "",
                )
            )
    return found


def _form(facility, year: int) -> str:
    first = next(iter(SLUGS))
    return reverse("reporting:edit", args=[facility.code, year, facility.report_revision, first])


def _assigned(user, year: int, day: datetime.date) -> list[TodayItem]:
    """What an expert can help the assigned facilities with."""
    if not expected(user).exists():
        return [
            TodayItem(
                kind="waiting",
                title=_("No facility is assigned to you yet"),
                detail=_("The Centre assigns facilities to experts on the page of each facility."),
                url=reverse("registry:facilities"),
            )
        ]
    return [
        *_not_reported(user, year, day, SHOWN_FROM, _("Help them with what is still missing.")),
        *_list(
            user, year, "waiting",
            lambda n: ngettext("%(n)d report returned to the facility", "%(n)d reports returned to the facilities", n),
            _("Read the remarks with the facility, so that it can mend the report and send it again."),
            "warning", state=str(ReportState.RETURNED),
        ),
        *_open_doubts(user, year, "waiting", _("Look at the figures in doubt and find out why.")),
    ]  # fmt: skip


def _to_inspect(user, year: int, day: datetime.date) -> list[TodayItem]:
    """What an inspector chooses facilities by."""
    return [
        *_not_reported(user, year, day, SOON, _("Who is still to report this year.")),
        *_list(
            user, year, "watch",
            lambda n: ngettext("%(n)d facility never reported", "%(n)d facilities never reported", n),
            _("No annual report of any year has come in from them."), "danger", timing="never",
        ),
        *_list(
            user, year, "watch",
            lambda n: ngettext("%(n)d report of %(year)d was late", "%(n)d reports of %(year)d were late", n),
            _("Sent after the deadline."), "warning", timing="late",
        ),
        *_open_doubts(user, year, "watch", _("The facility has neither explained nor corrected the figure.")),
        *_list(
            user, year, "watch",
            lambda n: ngettext("%(n)d key energy user", "%(n)d key energy users", n),
            _("With their reports of the year."), key_energy_user="yes",
        ),
    ]  # fmt: skip


def _open_doubts(user, year: int, kind: Kind, detail: str) -> list[TodayItem]:
    return _list(
        user, year, kind,
        lambda n: ngettext("%(n)d report with open doubts", "%(n)d reports with open doubts", n),
        detail, "warning", doubts="open",
    )  # fmt: skip


def _waiting(user) -> list[TodayItem]:
    """A line a year, the newest first: a list shows one year."""
    if not user.may("reporting.report.review"):
        return []
    submitted = AnnualReport.objects.visible_to(user).filter(state=ReportState.SUBMITTED)
    years = submitted.order_by("-year").values_list("year", flat=True).distinct()
    return [
        item
        for year in years
        for item in _list(
            user, year, "waiting",
            lambda n: ngettext("%(n)d report to accept", "%(n)d reports to accept", n),
            _("Reports of %(year)s wait for you.") % {"year": year}, "info", state=str(ReportState.SUBMITTED),
        )
    ]  # fmt: skip


def _not_reported(user, year: int, day: datetime.date, shown_from: int, detail: str) -> list[TodayItem]:
    """Who still owes the report of the year, from some days before the deadline on."""
    left = days_left(day, year)
    if left > shown_from:
        return []
    return [
        dataclasses.replace(
            item, due_date=report_due(year) - datetime.timedelta(days=1), due_words=before_words(year)
        )
        for item in _list(
            user, year, "late" if left < 0 else "due",
            lambda n: ngettext("%(n)d facility has not reported", "%(n)d facilities have not reported", n),
            _("They have not reported and the deadline has passed.") if left < 0 else detail,
            "danger" if left < 0 else "warning" if left <= SOON else "", state=NOT_REPORTED,
        )
    ]  # fmt: skip
