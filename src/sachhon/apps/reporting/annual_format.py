"""The annual report as a kind of file that the inbox takes. Intake owns job, problems and transaction."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext_lazy
from django.utils.translation import gettext as _

from sachhon.apps.intake.formats import Followed, Read
from sachhon.apps.registry.models import Facility
from sachhon.apps.reporting import pages
from sachhon.apps.reporting.deadlines import local_day
from sachhon.apps.reporting.models import AnnualReport, Finding
from sachhon.apps.reporting.services.drafting import EDITABLE
from sachhon.apps.reporting.services.transfer import from_data
from sachhon.apps.reporting.services.undoing import undo_import
from sachhon.documents.numbers import format_date_short
from sachhon.workbooks.annual.model import AnnualReportData, to_json
from sachhon.workbooks.annual.read import annual_score, read_annual
from sachhon.workbooks.grid import Workbook
from sachhon.workbooks.problems import Problem

ASKED = (
    ("error", gettext_lazy("To be explained"), ngettext_lazy(
        "%(n)d figure is to be corrected or explained before the report is accepted.",
        "%(n)d figures are to be corrected or explained before the report is accepted.", "n",
    )),
    ("warning", gettext_lazy("Worth a look"), ngettext_lazy(
        "%(n)d figure looks unusual.", "%(n)d figures look unusual.", "n"
    )),
)  # fmt: skip


@dataclass(frozen=True)
class Payload:
    """What was read: the report, and the cell each value stood in."""

    data: AnnualReportData
    origins: dict[str, tuple[str, str]]


class AnnualFormat:
    """Our own form, older ones, and what people make of them."""

    key = "annual"

    def score(self, workbook: Workbook) -> float:
        """How much the workbook looks like an annual report."""
        return annual_score(workbook)

    def read(self, workbook: Workbook, *, profile=None) -> Read:
        """Reads without the database; a problem of level "error" keeps the file in the inbox."""
        found = read_annual(workbook)
        data, problems = found.data, list(found.problems)
        if not data.year and not any(p.level == "error" for p in problems):
            problems.append(Problem("error", "report_no_year"))
        if not data.solutions and all(
            line.total is None and line.months_total is None for line in data.lines
        ):
            problems.append(Problem("error", "report_blank"))
        return Read(
            payload=Payload(data, dict(found.origins)),
            problems=tuple(problems),
            year=data.year or None,
            facility_code=data.facility_code,
            tax_code=data.tax_code,
            facility_name=data.facility_name,
            values=len(found.origins),
            slot=f"annual:{data.year}",
            digest=digest(data),
            summary={
                "form": found.form_version or "",
                "lines": len(data.lines),
                "solution_count": len(data.solutions),
                "demo": found.demo,
            },
        )

    def write(
        self, actor, facility: Facility, read: Read, *, batch: str, file_name: str
    ) -> Sequence[Problem]:
        """Makes the report of the year say what the file says, and submits it when it is complete."""
        known = set(facility.products.values_list("pk", flat=True))
        taken = from_data(
            actor,
            facility,
            read.payload.data,
            read.payload.origins,
            batch,
            file_name,
            now=timezone.now(),
        )
        made = facility.products.exclude(pk__in=known).values_list("pk", flat=True)
        read.summary.update(
            products_made=list(made),
            report=taken.report.pk,
            revision=taken.report.revision,
            outcome=taken.outcome,
            submitted=taken.submitted,
            taken=0 if taken.outcome == "unchanged" else read.values,
        )
        return taken.problems

    def undo(self, actor, batch: str) -> None:
        """Takes the report back; intake takes the records back after it."""
        undo_import(actor, batch)

    def followed(self, file) -> Sequence[Followed]:
        """Whether the report was sent by it, and how many of its figures are still to be explained."""
        report = AnnualReport.objects.filter(pk=file.summary.get("report")).select_related("facility").first()
        if report is None:
            return ()
        if report.state in EDITABLE:
            words = _("The report of %(year)s has not been sent: check and send it.") % {"year": report.year}
            label = report.get_state_display()
            return (Followed(report.state, words, pages.address(report, "check"), label),)
        there, told = pages.address(report, "report"), []
        if file.summary.get("submitted"):
            words = _("This file sent the report of %(year)s; it counts as received on %(day)s.")
            day = format_date_short(local_day(report.submitted_at), get_language() or "vi")
            words %= {"year": report.year, "day": day}
            told.append(Followed(report.state, words, there, report.get_state_display()))
        for level, label, words in ASKED:
            count = report.findings.filter(state=Finding.State.OPEN, level=level).count()
            if count:
                told.append(Followed(level, str(words % {"n": count}), f"{there}#findings", str(label)))
        return told

    def link(self, file) -> tuple[str, str]:
        """To the report of the year."""
        return _("Annual report"), reverse("reporting:newest", args=[file.facility.code, file.year])


def digest(data: AnnualReportData) -> str:
    """Equal for two files that say the same, whoever signed them when."""
    plain = to_json(replace(data, signed_on=None, signer_name="", signer_title="", extra={}))
    return hashlib.sha256(plain.encode()).hexdigest()
