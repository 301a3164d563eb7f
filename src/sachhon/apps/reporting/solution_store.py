"""The reports as the place where the inbox keeps solutions of mapped workbooks."""

from collections.abc import Sequence

from django.urls import reverse

from sachhon.apps.intake.solutions import Stored
from sachhon.apps.registry.models import Facility
from sachhon.apps.reporting import pages
from sachhon.apps.reporting.services import drafting, found_solutions
from sachhon.apps.reporting.services.sections import Section
from sachhon.apps.reporting.services.undoing import undo_import
from sachhon.workbooks.problems import Problem
from sachhon.workbooks.solutions import FoundSolution


class ReportStore:
    """See `sachhon.apps.intake.solutions.SolutionStore`."""

    def plan(self, actor, facility: Facility, found: Sequence[FoundSolution]) -> Sequence[Problem]:
        """Why some of them would not be stored."""
        return found_solutions.refusals(actor, facility, found)

    def write(
        self, actor, facility: Facility, found: Sequence[FoundSolution], *, batch: str, file_name: str
    ) -> Stored:
        """Into the reports of their years."""
        return found_solutions.store(actor, facility, found, batch=batch, file_name=file_name)

    def address(self, facility: Facility, year: int) -> str:
        """The report's section of solutions while it can be written, else the report."""
        report = drafting.latest_report(facility, year)
        if report is not None and report.state in drafting.EDITABLE:
            return pages.address(report, "edit", pages.SLUG_OF[Section.SOLUTIONS])
        return reverse("reporting:newest", args=[facility.code, year])

    def undo(self, actor, batch: str) -> None:
        """Gives each section back what it said, and takes away a draft that was begun for the file."""
        undo_import(actor, batch)
