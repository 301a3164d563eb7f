"""Reads of the reporting room that pages, exports and the API share; every list starts from `visible_to`."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext, override

from sachhon.apps.registry.closed_costs import ClosedCosts, closed_word
from sachhon.apps.registry.models import Flow
from sachhon.apps.reporting.models import AnnualReport, Finding
from sachhon.documents.numbers import format_number
from sachhon.reference.units import UnitError, unit_label
from sachhon.workbooks.problems import Problem

WHAT = {"quantity": ("số lượng", "quantity"), "cost": ("chi phí", "cost"), "output": ("sản lượng", "output")}
# What a message says of the price of its resource, or of what all resources together cost or save.
TELL_PRICE = {"price": ("observed",), "price_unit_slip": ("observed",)}
TELL_COSTS = {"cost_over_revenue": ("observed",), "saving_over_whole_vnd": ("observed", "high")}


@dataclass(frozen=True)
class FindingView:
    """A finding in words."""

    finding: Finding
    message: str
    cure: str
    may_correct: bool


def open_findings(user, facility_code: str, year: int, resource_code: str = ""):
    """What nobody has explained or corrected yet in the standing report of a facility's year.

    Of one resource: its own lines, the outputs it is divided by, and what is about the report as a whole.
    """
    reports = AnnualReport.objects.visible_to(user).filter(facility__code=facility_code, year=year)
    newest = reports.order_by("-revision").first()
    rows = (
        Finding.objects.filter(report=newest, state=Finding.State.OPEN) if newest else Finding.objects.none()
    )
    if resource_code:
        own = Q(line__resource__code=resource_code) | Q(line__flow=Flow.OUTPUT) | Q(line=None)
        rows = rows.filter(own)
    return rows.select_related("report__facility")


def finding_text(finding: Finding, lang: str, closed: ClosedCosts) -> tuple[str, str]:
    """(what was found, what to do) in words, numbers as they are written in that language; without the amounts that
    tell a `closed` cost."""
    lang = "en" if lang == "en" else "vi"
    params = dict(finding.params)
    factor = params.get("factor")
    if factor:
        params["times"] = _number(max(factor, 1 / factor), lang)
        params["factor"] = _number(factor, lang)
        params["what"] = WHAT[params.get("what") or "quantity"][lang == "en"]
    for name in ("observed", "low", "high"):
        params[name] = _number(params.get(name), lang)
    for name in _told_of_closed(finding, closed):
        with override(lang):
            params[name] = closed_word()
    params["percent"] = params["observed"]
    params["unit"] = _unit(params.get("unit") or "", lang)
    problem = Problem(finding.level, finding.rule, params=params)
    return problem.message(lang), problem.cure(lang)


def _told_of_closed(finding: Finding, closed: ClosedCosts) -> tuple[str, ...]:
    """The names of the amounts of a message that are closed, or from which a closed one follows."""
    facility = finding.report.facility_id if finding.report else finding.facility_id
    if facility is None or not closed.of(facility):
        return ()
    if finding.rule in TELL_COSTS:
        return TELL_COSTS[finding.rule]
    resource = finding.thing[1] if finding.thing else None
    return TELL_PRICE.get(finding.rule, ()) if closed.holds(facility, resource) else ()


def slip_cure(finding: Finding, lang: str, *, is_sent: bool) -> str:
    """What to do about a slip for one who cannot press “Correct”: the report was sent, or is closed."""
    words = slip_words(finding, lang)
    if is_sent:
        return (
            gettext(
                "If so, take the report back (or ask the officer to return it) and multiply the %(what)s by "
                "%(factor)s; if not, explain."
            )
            % words
        )
    return gettext("If so, make a revision and multiply the %(what)s by %(factor)s; if not, explain.") % words


def slip_words(finding: Finding, lang: str) -> dict[str, str]:
    """What is to be multiplied, and by how much, for a sentence."""
    return {
        "what": WHAT[finding.params.get("what") or "quantity"][lang == "en"],
        "factor": _number(finding.params["factor"], lang),
    }


def _number(value: float | None, lang: str) -> str:
    if value is None:
        return "…"
    short = Decimal(f"{value:.4g}")
    return format_number(short, lang)


def _unit(unit: str, lang: str) -> str:
    try:
        return unit_label(unit, lang)
    except UnitError:
        return unit
