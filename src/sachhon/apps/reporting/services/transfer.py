"""A report that came as a file (`AnnualReportData`) is taken in.

Taking in never overwrites a report that was sent: while it waits for acceptance the file is refused, once it
is accepted the file becomes a revision, a draft. A file that says what stands there already changes nothing.
Not for reading cells: see `sachhon.workbooks`.
"""

import datetime
from dataclasses import dataclass

from django.db import transaction

from sachhon.apps.people import audit
from sachhon.apps.people.models import Role, User
from sachhon.apps.registry.models import Facility
from sachhon.apps.reporting.deadlines import FIRST_YEAR, LOCAL, local_day, report_opens, reportable_year
from sachhon.apps.reporting.models import AnnualReport, ReportState
from sachhon.apps.reporting.services import drafting, prefill, workflow
from sachhon.apps.reporting.services.content import Origins, sane, sections_of
from sachhon.apps.reporting.services.sections import Section, differences, read_section, replace_section
from sachhon.reference.text import fold
from sachhon.workbooks.annual import model as form
from sachhon.workbooks.problems import Problem, refuse


@dataclass(frozen=True)
class Taken:
    """What became of a file: "created", "unchanged", "overwritten" or "revised", and whether it was submitted."""

    report: AnnualReport
    outcome: str
    submitted: bool
    problems: tuple[Problem, ...] = ()


@transaction.atomic
def from_data(
    actor: User,
    facility: Facility,
    data: form.AnnualReportData,
    origins: Origins,
    batch: str,
    file_name: str,
    *,
    now: datetime.datetime,
    submit: bool = True,
) -> Taken:
    """Makes the facility's report of `data.year` say what the file says, and submits it when it is complete.

    Raises `WorkbookRefused` for a year that is not open, for another factory's tax code, and for a report that
    was sent and says something else: it is taken back, or returned, before another file can replace it.
    """
    _refuse_foreign(facility, data, now)
    data, too_large, incomplete = sane(data, origins)
    sections = sections_of(data, origins, file_name)
    report = drafting.latest_report(facility, data.year)
    if report is None:
        report = AnnualReport.objects.create(facility=facility, year=data.year, created_by=actor, batch=batch)
        last = prefill.previous_report(report)
        if last is not None:
            report.baseline_year, report.baseline_reason = last.baseline_year, last.baseline_reason
        outcome, problems = "created", list(too_large)
    else:
        count = sum(_differs(report, section, content) for section, content in sections.items())
        if count == 0:
            problem = Problem("info", "report_unchanged", params={"year": data.year})
            return Taken(report, "unchanged", False, (problem,))
        if report.state == ReportState.SUBMITTED:
            raise refuse("report_waits", year=data.year, count=count)
        if report.state in drafting.EDITABLE:
            outcome, rule = "overwritten", "report_draft_overwritten"
        else:
            report = drafting.copy_as_revision(actor, report)
            report.batch = batch
            outcome, rule = "revised", "report_revision_made"
        params = {"year": data.year, "count": count, "revision": report.revision}
        problems = [Problem("warning", rule, params=params), *too_large]
    was_typed = outcome == "overwritten" and not report.batch
    report.extra = {**report.extra, **dict(data.extra)}
    report.save()
    for section, content in sections.items():
        if outcome == "created":
            replace_section(report, section, content)
        else:
            drafting.change_by_system(actor, report, section, content, batch=batch)
    audit.record(actor, "report.import", report, after={"file": file_name, "outcome": outcome})
    submitted = False
    if incomplete:
        params = {"year": report.year, "count": len(too_large)}
        problems.append(Problem("warning", "report_kept_as_draft", params=params))
    elif submit and outcome in ("created", "overwritten") and not was_typed:
        received, passed_over = received_at(actor, data, now)
        submitted, more = _submit(actor, report, received, batch)
        if submitted and passed_over:
            more.append(_date_passed_over(data, origins, received))
        problems += more
    return Taken(report, outcome, submitted, tuple(problems))


def received_at(
    actor: User, data: form.AnnualReportData, now: datetime.datetime
) -> tuple[datetime.datetime, bool]:
    """When the report counts as sent, and whether a signed date was passed over because it cannot be that day.

    A factory sends now. A form that an officer enters later counts from the day it was signed, as long as a
    report of that year can have come in then: not before its season opens, not after today.
    """
    if actor.role == Role.FACTORY or data.signed_on is None:
        return now, False
    today = local_day(now)
    if not report_opens(data.year) <= data.signed_on <= today:
        return now, True
    if data.signed_on == today:
        return now, False
    return datetime.datetime.combine(data.signed_on, datetime.time(12, tzinfo=LOCAL)), False


def _refuse_foreign(facility: Facility, data: form.AnnualReportData, now: datetime.datetime) -> None:
    today = local_day(now)
    if not reportable_year(data.year, today):
        raise refuse("report_year_not_open", year=data.year, first=FIRST_YEAR, last=today.year)
    found, expected = _digits(data.tax_code), _digits(facility.tax_code)
    if found and expected and found != expected:
        raise refuse(
            "report_tax_code_other",
            found=data.tax_code,
            expected=facility.tax_code,
            facility=facility.name,
        )


def _digits(tax_code: str) -> str:
    return "".join(c for c in tax_code if c.isdigit())


def _date_passed_over(data: form.AnnualReportData, origins: Origins, received) -> Problem:
    sheet, cell = origins.get("signed_on", (None, None))
    days = {"signed": data.signed_on, "first": report_opens(data.year), "received": local_day(received)}
    params = {"year": data.year, **{name: f"{day:%d/%m/%Y}" for name, day in days.items()}}
    return Problem("warning", "report_signed_date_unlikely", sheet, cell, params)


def _submit(actor, report: AnnualReport, received, batch: str) -> tuple[bool, list[Problem]]:
    try:
        notes = workflow.submit(actor, report, now=received, batch=batch)
    except workflow.NotReady as missing:
        params = {"year": report.year, "count": len(missing.issues)}
        kept = Problem("warning", "report_kept_as_draft", params=params)
        return False, [kept, *(Problem("warning", e.rule, params=e.params) for e in missing.issues)]
    return True, [Problem("warning", note.rule, params=note.params) for note in notes]


def _differs(report: AnnualReport, section: str, content: dict) -> int:
    """How many fields of the stored section differ from `content`; rows are matched by what they are of."""
    stored = read_section(report, section)
    if section in (Section.GENERAL, Section.CP):
        return len(differences(stored, content))
    return len(differences(_by_thing(stored), _by_thing(content)))


def _by_thing(rows: dict) -> dict:
    found = {}
    for row in rows.values():
        key = fold("|".join(str(row.get(k) or "") for k in ("flow", "kind", "meter", "name", "text")))
        plain = {k: v for k, v in row.items() if k not in ("item", "origins", "category")}
        found[f"{key}#{sum(k.startswith(f'{key}#') for k in found)}"] = plain
    return found
