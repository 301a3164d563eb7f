"""Doubts about the monthly records of a year that no report covers: bills, ledgers, meters, what was typed in.

They are judged by the same rules as a report, whenever they change. A year with a grave doubt is in none of the
province's totals until an officer has explained it or the figures were corrected. Once a report of the year is
sent, the report is what is judged; when it is given back, the records are again.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from sachhon.apps.people import audit
from sachhon.apps.people.access import require
from sachhon.apps.people.models import User
from sachhon.apps.registry.models import Facility, Record
from sachhon.apps.registry.services.judged import refuse_judged
from sachhon.apps.registry.services.records import RecordRow, row_of, write_records
from sachhon.apps.reporting.models import AnnualReport, Finding, ReportState
from sachhon.apps.reporting.models.annual import HANDED_IN
from sachhon.apps.reporting.services import drafting, gathering, plausibility
from sachhon.apps.reporting.services.errors import NotYours, ReportError
from sachhon.apps.reporting.services.rules import rule
from sachhon.apps.reporting.signals import record_doubt_settled


def on_records_changed(sender, facility: Facility, years: list[int], **kwargs) -> None:
    """Receiver of the registry's signal: what stands beside the changed records is judged again, in the caller's
    transaction. That is their own years and those whose history they are: reports that wait or are being written
    and were looked at before, and records without a report. What is accepted or locked stays as it was judged;
    the province's figures of those years are marked older than the records (`province.refreshing`)."""
    touched = set(years)
    _judge_in_order(facility, touched | _years_looking_back_on(facility, touched), touched)


def on_report_moved(sender, report: AnnualReport, action: str, **kwargs) -> None:
    """Receiver of the room's own signal: a report that comes or goes takes its year with it. What is doubted there,
    and no more once it is explained, is left out of what later years are compared with: they are judged again."""
    facility, year = report.facility, report.year
    if action in ("submit", "recall", "return"):
        if covered_years(facility, [year]):
            _forget(facility, [year])
        else:
            judge(facility, [year])
    if action in ("submit", "recall", "return", "explain"):
        _judge_in_order(facility, _years_looking_back_on(facility, {year}), set())


def on_record_doubt_settled(sender, facility: Facility, year: int, **kwargs) -> None:
    """Receiver of the room's own signal: figures that were explained count as history again."""
    _judge_in_order(facility, _years_looking_back_on(facility, {year}), set())


def _judge_in_order(facility: Facility, years: Collection[int], touched: Collection[int]) -> None:
    """Reports that wait or are being written, and records without a report, year by year: what is doubted in an
    earlier year is known when a later one is compared with it. Of the `touched` years a report that is just being
    sent is looked at when it is."""
    looked_at = AnnualReport.objects.filter(facility=facility, year__in=years, checked_at__isnull=False)
    by_year: dict[int, list[AnnualReport]] = defaultdict(list)
    for report in looked_at:
        by_year[report.year].append(report)
    covered = covered_years(facility, years)
    for year in sorted(years):
        for report in by_year[year]:
            is_open = report.state in drafting.EDITABLE and year not in touched
            if report.state == ReportState.SUBMITTED or is_open:
                plausibility.run(report)
        if year in covered:
            _forget(facility, [year])
        else:
            judge(facility, [year])


def covered_years(facility: Facility, years: Iterable[int]) -> set[int]:
    """Those of `years` that a report stands for, sent and not given back."""
    reports = AnnualReport.objects.filter(facility=facility, year__in=list(years), state__in=HANDED_IN)
    return set(reports.values_list("year", flat=True))


@transaction.atomic
def judge(facility: Facility, years: Iterable[int]) -> list[Finding]:
    """Puts the records of each year to the rules; returns the open doubts."""
    found = []
    for year in years:
        stored = Finding.objects.filter(facility=facility, year=year)
        case = gathering.case_of_records(facility, year)
        found += plausibility.keep(stored, case, facility=facility, year=year)
    return found


@transaction.atomic
def explain(actor: User, finding: Finding, text: str, *, now: datetime.datetime) -> Finding:
    """An officer notes why the figures are right; then they count."""
    _may_settle(actor, finding)
    plausibility.refuse_empty_reason(finding, text)
    before = audit.snapshot(finding, ["state", "explanation"])
    finding.state, finding.explanation = Finding.State.EXPLAINED, text.strip()[:512]
    finding.explained_by, finding.explained_at = actor, now
    finding.save()
    after = {**audit.snapshot(finding, ["state", "explanation"]), "rule": finding.rule, "year": finding.year}
    audit.record(actor, "finding.explain", finding.facility, before=before, after=after)
    record_doubt_settled.send(sender=Finding, facility=finding.facility, year=finding.year)
    return finding


@transaction.atomic
def correct(actor: User, finding: Finding, *, now: datetime.datetime) -> Finding:
    """Multiplies the stored figures by the factor that was found, with their history; the rules run again."""
    _may_settle(actor, finding)
    factor, rows = finding.params.get("factor"), _rows_of(finding)
    if not factor or not rows or finding.state == Finding.State.CORRECTED:
        raise ReportError(_("There is nothing to correct here."))
    refuse_judged(finding.facility, {finding.year})
    finding.state = Finding.State.CORRECTED
    finding.explained_by, finding.explained_at = actor, now
    finding.save()
    times, what = Decimal(str(factor)), finding.params.get("what", "quantity")
    write_records(actor, finding.facility, [_times(row, times, what) for row in rows])
    after = {
        "rule": finding.rule,
        "line": finding.params["item"],
        "factor": str(factor),
        "year": finding.year,
    }
    audit.record(actor, "finding.correct", finding.facility, after=after)
    finding.refresh_from_db()
    return finding


def is_correctable(finding: Finding) -> bool:
    """Whether a slip with its factor was found, and is still there."""
    return (
        bool(finding.params.get("factor"))
        and finding.state == Finding.State.OPEN
        and finding.thing is not None
    )


def _may_settle(actor: User, finding: Finding) -> None:
    require(actor, "reporting.report.review")
    if not Facility.objects.visible_to(actor).filter(pk=finding.facility_id).exists():
        raise NotYours(_("This facility is not one you may work on."))


def _rows_of(finding: Finding) -> list[Record]:
    if finding.thing is None:
        return []
    flow, item, meter = finding.thing
    of_item = {"product_id" if flow == "output" else "resource_id": item}
    rows = finding.facility.records.filter(year=finding.year, flow=flow, meter=meter, **of_item)
    if month := finding.params.get("month"):
        rows = rows.filter(month=month)
    return list(rows.select_related("product", "resource"))


def _times(record: Record, factor: Decimal, what: str) -> RecordRow:
    if what == "cost":
        cost = None if record.cost_vnd is None else int(record.cost_vnd * factor)
        return row_of(record, cost_vnd=cost)
    return row_of(record, quantity=record.quantity * factor)


def _years_looking_back_on(facility: Facility, years: Collection[int]) -> set[int]:
    """The later years, with something to judge, whose history the rules draw from one of `years`."""
    back = int(rule("plausibility.history_years"))
    later = {year + ahead for year in years for ahead in range(1, back + 1)}
    told = facility.records.filter(year__in=later).order_by().values_list("year", flat=True).distinct()
    reported = AnnualReport.objects.filter(facility=facility, year__in=later).values_list("year", flat=True)
    return {*told, *reported}


def _forget(facility: Facility, years: Collection[int]) -> None:
    """A report stands for these years now: what is open about their records is asked of the report."""
    if years:
        Finding.objects.filter(facility=facility, year__in=years, state=Finding.State.OPEN).delete()
