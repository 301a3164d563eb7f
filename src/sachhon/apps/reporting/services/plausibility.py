"""Is a year believable? Runs the rules of `sachhon.science.plausibility` on the figures of a report, or on the
monthly records of a year that no report covers.

Each doubt is kept as a Finding; running again keeps the explanations of those that are still there. A slip of
unit or decimal point can be corrected with one click, which is a change of the report with its history. Not here:
when records are judged, and what a person does about their doubts (`record_doubts`).
"""

import datetime
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from sachhon.apps.people import audit
from sachhon.apps.people.access import require
from sachhon.apps.people.models import User
from sachhon.apps.registry.models import Flow
from sachhon.apps.reporting.deadlines import local_day
from sachhon.apps.reporting.models import AnnualReport, Finding, ReportLine, ReportState
from sachhon.apps.reporting.services import drafting, evidence, gathering, newcomers, records
from sachhon.apps.reporting.services.bounds import beyond_any
from sachhon.apps.reporting.services.claims import claims
from sachhon.apps.reporting.services.errors import NotEditable, ReportError
from sachhon.apps.reporting.services.own_history import Change, OwnHistory
from sachhon.apps.reporting.services.records import SECTION_OF
from sachhon.apps.reporting.services.rules import rule
from sachhon.apps.reporting.services.sections import read_section
from sachhon.apps.reporting.services.swaps import swapped_lines, turned_lines
from sachhon.apps.reporting.signals import report_moved

CHANGED = 0.01  # a figure that moved by more than this opens its finding again


@dataclass(frozen=True)
class Doubt:
    """One finding before it is stored: `key` is what a later run finds it by."""

    key: str
    rule: str
    level: str
    line: evidence.Line | None
    params: dict


@transaction.atomic
def run(report: AnnualReport) -> list[Finding]:
    """Finds the doubts of the report as it stands, keeps them with the time, and returns the open ones.

    An explained one stays explained while its figure stays; one that is gone is removed, a corrected one is
    kept as history.
    """
    found = keep(report.findings.all(), gathering.case_of_report(report), report=report)
    AnnualReport.objects.filter(pk=report.pk).update(checked_at=timezone.now())
    return found


def keep(stored: QuerySet[Finding], case: evidence.Case, **owner) -> list[Finding]:
    """Brings the `stored` findings of an owner (a report, or a facility and year) to what the rules say of `case`;
    returns the open ones. In the caller's transaction."""
    doubts = {doubt.key: doubt for doubt in _doubts(case)}
    known = {finding.key: finding for finding in stored}
    for key, finding in known.items():
        if key not in doubts and finding.state != Finding.State.CORRECTED:
            finding.delete()
    for key, doubt in doubts.items():
        finding = known.get(key) or Finding(key=key, **owner)
        moved = finding.pk is None or _moved(finding.params, doubt.params)
        if finding.state == Finding.State.CORRECTED or moved:
            finding.state = Finding.State.OPEN
        finding.rule, finding.level, finding.params = doubt.rule, doubt.level, doubt.params
        finding.line = doubt.line if isinstance(doubt.line, ReportLine) else None
        finding.save()
    return list(stored.filter(state=Finding.State.OPEN))


@transaction.atomic
def check(actor: User, report: AnnualReport) -> list[Finding]:
    """Runs the rules because a person who writes the report asks for it."""
    drafting.may_write(actor, report)
    return run(report)


def is_current(report: AnnualReport) -> bool:
    """Whether the rules ran since the report was last saved."""
    return report.checked_at is not None and report.checked_at >= report.saved_at


@transaction.atomic
def explain(actor: User, finding: Finding, text: str, *, now: datetime.datetime) -> Finding:
    """Notes why a doubtful figure is right, so that the report can be accepted."""
    require(actor, "reporting.finding.explain")
    drafting.may_see(actor, finding.report)
    refuse_empty_reason(finding, text)
    before = audit.snapshot(finding, ["state", "explanation"])
    finding.state, finding.explanation = Finding.State.EXPLAINED, text.strip()[:512]
    finding.explained_by, finding.explained_at = actor, now
    finding.save()
    audit.record(
        actor,
        "finding.explain",
        finding.report,
        before=before,
        after={**audit.snapshot(finding, ["state", "explanation"]), "rule": finding.rule},
    )
    report_moved.send(sender=AnnualReport, report=finding.report, action="explain")
    return finding


def refuse_empty_reason(finding: Finding, text: str) -> None:
    """Raises `ReportError` where `text` explains nothing. What lets a grave doubt through is read by others later:
    it must be a sentence that can be checked."""
    if not text.strip():
        raise ReportError(_("Write why the figure is right."))
    least = int(rule("plausibility.explanation_words"))
    if finding.level == "error" and len(set(re.findall(r"\w+", text.casefold()))) < least:
        raise ReportError(
            _(
                "Write a sentence that can be checked, of %(n)d words at least: what was looked at (meter, bill, "
                "decision, with its number or day) and why the figure is right."
            )
            % {"n": least}
        )


@transaction.atomic
def apply_suggestion(actor: User, finding: Finding, *, now: datetime.datetime) -> Finding:
    """Corrects a slip by the factor that was suggested; the months, records and savings follow.

    A factory corrects its draft; an officer may also correct a report that was sent and waits for acceptance.
    """
    report = AnnualReport.objects.select_for_update().get(pk=finding.report_id)
    sent = report.state == ReportState.SUBMITTED
    require(actor, "reporting.report.review" if sent else "reporting.report.edit")
    drafting.may_see(actor, report)
    if not sent and report.state not in drafting.EDITABLE:
        raise NotEditable(_("This report is closed; make a revision to correct it."))
    factor, line = finding.params.get("factor"), finding.line
    if not factor or line is None or finding.state == Finding.State.CORRECTED:
        raise ReportError(_("There is nothing to correct here."))
    section = SECTION_OF[line.flow]
    content = read_section(report, section)
    content[str(line.pk)] = _corrected(content[str(line.pk)], Decimal(str(factor)), finding.params)
    drafting.change_by_person(actor, report, section, {str(line.pk): content[str(line.pk)]})
    finding.state = Finding.State.CORRECTED
    finding.explained_by, finding.explained_at = actor, now
    finding.save()
    audit.record(
        actor,
        "finding.correct",
        report,
        after={"rule": finding.rule, "line": line.label, "factor": str(factor)},
    )
    if sent:
        records.rewrite(actor, report, batch="", on=local_day(now))
    run(report)
    finding.refresh_from_db()
    return finding


def _corrected(row: dict, factor: Decimal, params: dict) -> dict:
    row = dict(row)
    if params.get("what") == "cost":
        return row | {"cost_vnd": int(Decimal(row["cost_vnd"]) * factor)}
    only = params.get("month")
    months = [
        value if value is None or (only and number != only) else _times(value, factor)
        for number, value in enumerate(row["months"], start=1)
    ]
    if any(value is not None for value in months):
        return row | {"months": months, "total": None}
    return row | {"total": _times(row["total"], factor)}


def _times(value: str, factor: Decimal) -> str:
    return f"{(Decimal(value) * factor).normalize():f}"


def _moved(before: dict, after: dict) -> bool:
    one, other = before.get("observed"), after.get("observed")
    if one is None or other is None:
        return one != other
    return abs(one - other) > CHANGED * max(abs(one), abs(other))


def _doubts(case: evidence.Case) -> Iterator[Doubt]:
    for line in case.lines:
        yield from (_doubt(line, found, month) for month, found in case.month_slips(line))
    mended, even = case.without_month_slips(), case.without_month_slips(outputs_too=True)
    history = OwnHistory.of(even.lines, even.months, even.past)
    for change in history.outputs():
        yield _changed(change)
        _mend(mended, change)
    for line in mended.consumption_lines():
        yield from _line_doubts(mended, line, history)
    for line in (each for each in mended.lines if each.flow == Flow.WASTE):
        yield from (_changed(change) for change in history.follows_output(line))
    yield from (_doubt(line, found, 0) for line, found in case.without_output())
    yield from (_doubt(line, found, month) for line, month, found in case.idle_months())
    yield from (_doubt(None, found, 0) for found in case.mass())
    yield from (_doubt(None, found, 0) for found in newcomers.spending(case))
    yield from (_doubt(None, found, 0) for found in beyond_any(case))
    yield from (_doubt(line, found, 0) for line, found in claims(case))
    swapped = list(swapped_lines(case))
    yield from (_swap(line, other, found) for line, other, found in swapped)
    told = {frozenset((line.pk, other.pk)) for line, other, _found in swapped}
    for lines, months, found in turned_lines(case):
        if frozenset(line.pk for line in lines) not in told:
            yield _turn(lines, months, found)
    yield from (_doubt(line, found, 0) for line, found in case.records_apart())


def _line_doubts(case: evidence.Case, line: evidence.Line, history: OwnHistory) -> Iterator[Doubt]:
    """The year of one resource against history, sector and price; one slip is told once."""
    found = case.against_history(line)
    own = list(history.follows_output(line))
    yield from (_changed(change) for change in own if change.month and not found)
    if not case.has_intensity_history(line):
        found += tuple(evidence.Found(c.finding, line.item.unit) for c in own if not c.month)
    sector = case.against_sector(line)
    if not any(f.science.rule.endswith("slip") for f in found):
        found += sector if not found or (sector and sector[0].science.factor) else ()
    if newcomers.is_new(case, line):
        found += newcomers.against_reference(case, line)
    price = case.against_price(line)
    slipped = next((f.science.factor for f in found if f.science.factor), None)
    if (
        price and slipped is not None
    ):  # one slip has one cure: the price is judged with the quantity put right
        price = case.against_price(line, slipped)
    for one in (*found, *price):
        yield _doubt(line, one, 0)


def _changed(change: Change) -> Doubt:
    return _doubt(change.line, evidence.Found(change.finding, change.line.item.unit), change.month)


def _mend(case: evidence.Case, change: Change) -> None:
    """Puts a slipped output right in the case, so that what was consumed is not asked about in its stead."""
    amounts, factor = case.months[change.line.pk], change.finding.factor
    if factor is not None:
        for month in [change.month] if change.month else list(amounts):
            amounts[month] *= factor


def _doubt(line: evidence.Line | None, found: evidence.Found, month: int) -> Doubt:
    science = found.science
    low, high = science.expected
    params = {
        "item": line.label if line else "",
        "observed": _number(science.observed),
        "low": _number(low),
        "high": _number(high),
        "unit": found.unit,
    }
    if science.factor is not None:
        params |= {"factor": science.factor, "what": found.what or science.applies_to or "quantity"}
    if month:
        params["month"] = month
    level = "warning" if science.severity == "notice" else str(science.severity)
    thing = f"{line.flow}:{line.product_id or line.resource_id}:{line.meter}" if line else ""
    return Doubt(f"{science.rule}|{thing}|{month}"[:160], science.rule, level, line, params)


def _swap(line: evidence.Line, other: evidence.Line, found: evidence.Found) -> Doubt:
    one = _doubt(line, found, 0)
    key = f"{one.key}|{other.product_id or other.resource_id}"[:160]
    return replace(one, key=key, params={**one.params, "other": other.label})


def _turn(lines: list[evidence.Line], months: list[int], found: evidence.Found) -> Doubt:
    one = _doubt(lines[0], found, 0)
    others = ",".join(str(line.resource_id) for line in lines[1:])
    ring = " → ".join(f"“{line.label}”" for line in (*lines, lines[0]))
    params = {**one.params, "ring": ring, "first": months[0], "last": months[-1]}
    return replace(one, key=f"{one.key}|{others}"[:160], params=params)


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(f"{value:.6g}")
