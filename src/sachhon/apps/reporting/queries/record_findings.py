"""What is open about the monthly records of years without a report: for the facility's page, an import, the lists."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import get_language, gettext

from sachhon.apps.registry.closed_costs import ClosedCosts, closed_costs, closed_to_some
from sachhon.apps.registry.models import Facility
from sachhon.apps.registry.services.doubted import FigureDoubt
from sachhon.apps.reporting.models import AnnualReport, Finding
from sachhon.apps.reporting.models.annual import HANDED_IN
from sachhon.apps.reporting.queries.findings import FindingView, finding_text, slip_words
from sachhon.apps.reporting.services.record_doubts import is_correctable
from sachhon.workbooks.problems import Problem


def record_findings(**of: object) -> QuerySet[Finding]:
    """Findings about records, of years that no report covers now; `of` narrows them down by their fields."""
    covered = AnnualReport.objects.filter(
        facility=OuterRef("facility"), year=OuterRef("year"), state__in=HANDED_IN
    )
    return Finding.objects.filter(~Exists(covered), report=None, **of)


def record_finding_views(user, facility: Facility, year: int) -> list[FindingView]:
    """The open findings of every year and the settled ones of `year`, the gravest and newest first."""
    may_settle = user.may("reporting.report.review")
    rows = record_findings(facility__in=Facility.objects.visible_to(user).filter(pk=facility.pk))
    rows = [f for f in rows.select_related("explained_by", "facility") if f.state == "open" or f.year == year]
    rows.sort(key=lambda f: (f.state != "open", f.level != "error", -f.year, f.pk))
    closed = closed_costs(user, [facility.pk])
    return [_view(finding, may_settle, closed) for finding in rows]


def figures_in_doubt(
    sender, *, facility: Facility, years: Collection[int], reported: bool = False, **kwargs
) -> list[FigureDoubt]:
    """Receiver of the registry's question: each open doubt in words, and the years that do not count until it is
    settled; with `reported` also what is open in the newest report of each year. The words are kept with a file, for
    whoever reads it: no closed cost is in them."""
    closed = closed_to_some([facility.pk])
    found = list(record_findings(facility=facility, year__in=list(years), state=Finding.State.OPEN))
    told = [_doubt(f, f.year, closed) for f in found]
    for year in sorted({f.year for f in found if f.level == "error"}):
        count = sum(f.year == year and f.level == "error" for f in found)
        problem = Problem("warning", "records_held", params={"year": year, "count": count})
        told.append(FigureDoubt(year, None, 0, problem))
    return told + (_reported(facility, years, closed) if reported else [])


def _reported(facility: Facility, years: Collection[int], closed: ClosedCosts) -> list[FigureDoubt]:
    newest: dict[int, AnnualReport] = {}
    for report in AnnualReport.objects.filter(facility=facility, year__in=list(years)).order_by("revision"):
        newest[report.year] = report
    rows = Finding.objects.filter(report__in=newest.values(), state=Finding.State.OPEN)
    return [_doubt(f, f.report.year, closed) for f in rows.select_related("report")]


def _doubt(finding: Finding, year: int, closed: ClosedCosts) -> FigureDoubt:
    month = finding.params.get("month", 0)
    return FigureDoubt(
        year, finding.thing, month, _as_warning(finding, year, closed), finding.level == "error"
    )


def _as_warning(finding: Finding, year: int, closed: ClosedCosts) -> Problem:
    """As an import tells it: nothing of it keeps the file from being taken."""
    told = {f"found_{lang}": finding_text(finding, lang, closed)[0] for lang in ("vi", "en")}
    return Problem("warning", "figure_doubted", params={"year": year, **told})


def _view(finding: Finding, may_settle: bool, closed: ClosedCosts) -> FindingView:
    lang = get_language() or "vi"
    message, _cure = finding_text(finding, lang, closed)
    is_slip, is_grave = is_correctable(finding), finding.level == "error"
    if not may_settle:
        cure = gettext(
            "Correct the figures, or send the right file; an officer settles what is right as it is."
        )
    elif is_slip:
        cure = gettext(
            "If it is a slip, press “Correct” to multiply the stored %(what)s by %(factor)s; "
            "if not, write why the figure is right."
        ) % slip_words(finding, lang)
    else:
        cure = gettext("Correct the figures, or write why they are right.")
    if is_grave:
        cure += " " + gettext("Until then the year is in none of the province's totals.")
    return FindingView(finding, message, cure, may_correct=is_slip and may_settle)
