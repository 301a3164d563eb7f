"""Solutions found in a workbook that is no annual report go into the facility's report of their year.

Only into a report that can still be written: a draft, a returned one, or a draft begun for them. What stands there
already is never overwritten: blanks are filled in, and a difference is told. What the file does not say stays blank,
and the report's form asks for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from sachhon.apps.intake.solutions import Stored
from sachhon.apps.people import audit
from sachhon.apps.people.access import require
from sachhon.apps.registry.models import Facility
from sachhon.apps.reporting.deadlines import FIRST_YEAR, local_day, reportable_year
from sachhon.apps.reporting.models import AnnualReport, ReportState
from sachhon.apps.reporting.services import drafting
from sachhon.apps.reporting.services.content import solution_row
from sachhon.apps.reporting.services.sections import Section, read_section
from sachhon.reference.text import fold
from sachhon.workbooks.problems import Problem
from sachhon.workbooks.solutions import FoundSolution

# What the words of a difference call the fields of a row.
_CALLED = {
    "group": "group", "done_on": "done", "investment_vnd": "investment_vnd", "savings": "saving",
    "saving_vnd_per_year": "saving",
}  # fmt: skip
_FILLED = (*_CALLED, "not_cp_reason", "started_on")


def refusals(actor, facility: Facility, found: Sequence[FoundSolution]) -> list[Problem]:
    """Why the solutions of some year would not be stored."""
    targets = (_target(actor, facility, year, len(each)) for year, each in _by_year(found).items())
    return [target.problem for target in targets if target.problem is not None]


@transaction.atomic
def store(actor, facility: Facility, found: Sequence[FoundSolution], *, batch: str, file_name: str) -> Stored:
    """Puts each into the report of its year, which is begun as a draft where there is none."""
    figures, told, left_out = 0, [], []
    for year, solutions in _by_year(found).items():
        target = _target(actor, facility, year, len(solutions))
        if target.problem is not None:
            left_out.append(target.problem)
            continue
        report = target.report
        if report is None:
            report = _begun(actor, facility, year, batch)
            params = {"year": year, "count": len(solutions)}
            told.append(Problem("info", "solutions_draft_made", params=params))
        beside = _Beside(report, file_name)
        for solution in solutions:
            figures += beside.put(solution)
        told += beside.told
        if beside.rows:
            drafting.change_by_person(actor, report, Section.SOLUTIONS, beside.rows, batch=batch)
            after = {"file": file_name, "outcome": "solutions", "count": len(beside.rows)}
            audit.record(actor, "report.import", report, after=after)
    return Stored(figures, tuple(told), tuple(left_out))


@dataclass(frozen=True)
class _Target:
    """The report to write in (None: one is to be begun), or why there is none."""

    report: AnnualReport | None = None
    problem: Problem | None = None


def _target(actor, facility: Facility, year: int, count: int) -> _Target:
    report = drafting.latest_report(facility, year)
    params = {"year": year, "count": count}
    try:
        require(actor, "reporting.report.edit")
    except PermissionDenied:
        return _Target(problem=Problem("warning", "solutions_not_yours", params=params))
    today = local_day(timezone.now())
    if report is None and not reportable_year(year, today):
        last = {**params, "first": FIRST_YEAR, "last": today.year}
        return _Target(problem=Problem("warning", "solutions_year_not_open", params=last))
    if report is None or report.state in drafting.EDITABLE:
        return _Target(report)
    waits = report.state == ReportState.SUBMITTED
    rule = "solutions_report_waits" if waits else "solutions_report_closed"
    return _Target(problem=Problem("warning", rule, params=params))


def _begun(actor, facility: Facility, year: int, batch: str) -> AnnualReport:
    report = drafting.start_report(actor, facility, year, today=local_day(timezone.now()))
    report.batch = batch
    report.save(update_fields=["batch"])
    return report


def _by_year(found: Sequence[FoundSolution]) -> dict[int, list[FoundSolution]]:
    years: dict[int, list[FoundSolution]] = {}
    for each in found:
        years.setdefault(each.year, []).append(each)
    return years


class _Beside:
    """The file's solutions laid beside those of the report: rows to write, and what differs."""

    def __init__(self, report: AnnualReport, file_name: str):
        self.report, self.file_name = report, file_name
        self.there = read_section(report, Section.SOLUTIONS)
        self.rows: dict[str, dict] = {}
        self.told: list[Problem] = []

    def put(self, found: FoundSolution) -> int:
        """How many of its figures are written."""
        row = solution_row(found.solution, found.origins, self.file_name)
        same = next((key for key, known in self.there.items() if _same(known, row)), None)
        if same is None:
            self.rows[f"new{len(self.rows)}"] = row
            return found.figures
        known = self.there[same]
        filled = {name: row[name] for name in _FILLED if row[name] and not known[name]}
        if filled:
            brought = {
                name: origin for name, origin in row["origins"].items() if name.split(".")[0] in filled
            }
            self.rows[same] = {**known, **filled, "origins": {**known["origins"], **brought}}
            self.there[same] = self.rows[same]
        differ = [
            word for name, word in _CALLED.items() if row[name] and known[name] and row[name] != known[name]
        ]
        if differ:
            origin = next(iter(found.origins.values()), (None, None))
            params = {
                "name": known["name"] or "…",
                "year": self.report.year,
                "fields": list(dict.fromkeys(differ)),
            }
            self.told.append(Problem("warning", "solution_differs", *origin, params=params))
        money = sum(name in filled for name in ("investment_vnd", "saving_vnd_per_year"))
        return money + len(filled.get("savings", ()))


def _same(known: dict, row: dict) -> bool:
    """One measure by its name; without a name, by the cells it was read from or by all that it brings."""
    if row["name"]:
        return fold(known["name"]) == fold(row["name"])
    places = set(map(tuple, known["origins"].values())) & set(map(tuple, row["origins"].values()))
    money = ("investment_vnd", "saving_vnd_per_year", "savings")
    return bool(places) or all(known[name] == row[name] for name in money)
