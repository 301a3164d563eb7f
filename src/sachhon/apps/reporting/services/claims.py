"""What a report says its solutions save and cost, beside what the factory uses, spends and has.

Three things bound a claim: what the records show, what the factory ever used of it in a year, and its money.
Not here: savings an expert verified, which no claim replaces.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from sachhon.apps.registry.models import Flow, Resource
from sachhon.apps.registry.models.facility import TriState
from sachhon.apps.reporting.fact_rows import COUNTING
from sachhon.apps.reporting.models import AnnualReport, ReportSolution, Saving
from sachhon.apps.reporting.services.evidence import Case, Found, Line
from sachhon.apps.reporting.services.factors import reference_factors
from sachhon.apps.reporting.services.options import TREATMENT
from sachhon.apps.reporting.services.rules import rule
from sachhon.apps.reporting.services.stored import StoredLine
from sachhon.reference.units import UnitError, convert
from sachhon.science import plausibility as science
from sachhon.science.uncertainty import Measured


def claims(case: Case) -> Iterator[tuple[Line | None, Found]]:
    """Every doubt about the solutions carried out, told at the resource's first line where it has one."""
    if case.report is None:
        return
    solutions = list(case.report.solutions.filter(state="done").exclude(group=TREATMENT))
    claimed: dict[str, float] = defaultdict(float)
    for saving in (each for solution in solutions for each in solution.savings):
        claimed[saving["resource"]] += _in_unit_of(saving)
    beyond = set()
    for code, line, found in _against_use(case, claimed):
        if found.science.severity == science.Severity.ERROR:
            beyond.add(code)  # one claim is asked about once
        yield line, found
    yield from _against_records(case, {code: each for code, each in claimed.items() if code not in beyond})
    yield from ((None, found) for found in _money(case, solutions))
    yield from ((None, found) for found in _denied(case.report, solutions))


def _against_use(case: Case, claimed: dict[str, float]) -> Iterator[tuple[str, Line, Found]]:
    """What is said to be saved in a year against the most that was used in this or an earlier one."""
    for code, quantity in claimed.items():
        resource = Resource.objects.filter(code=code).first()
        if resource is None:
            continue
        own = [line for line in case.consumption_lines() if line.resource_id == resource.pk]
        years = [sum(months.values()) for months in case.past.by_year(Flow.CONSUMPTION, resource.pk).values()]
        most = max([sum(case.whole(line) for line in own), *years])
        line = own[0] if own else StoredLine(0, Flow.CONSUMPTION, None, resource, "")
        for found in science.saving_against_whole(quantity, most, share=rule("plausibility.saving_share")):
            yield code, line, Found(found, resource.unit)


def _against_records(case: Case, claimed: dict[str, float]) -> Iterator[tuple[Line, Found]]:
    """What is said to be saved against what the records show."""
    computed = {s.resource.code: s for s in _savings_of(case.report)} if case.report else {}
    for line in filter(case.is_told_here, case.consumption_lines()):
        code = line.resource.code
        if code in claimed and code in computed:
            for found in science.saving_claim(claimed[code], _measured(computed[code])):
                yield line, Found(found, line.resource.unit)


def _money(case: Case, solutions: list[ReportSolution]) -> Iterator[Found]:
    """What is said to be saved in money against all that is spent or earned; the investment against the means."""
    report = case.report
    if report is None:
        return
    saved = sum(solution.saving_vnd_per_year or 0 for solution in solutions)
    known = [amount for amount in (_spent(case), report.revenue_vnd) if amount]
    for found in science.saving_against_whole(
        saved, float(max(known)) if known else None, share=rule("plausibility.saving_share")
    ):
        yield Found(replace(found, rule=f"{found.rule}_vnd"), "VND")
    invested = sum(solution.investment_vnd or 0 for solution in solutions)
    means = max(report.revenue_vnd or 0, report.capital_vnd or 0)
    yield from (Found(found, "VND") for found in science.investment_against_means(invested, means or None))


def _denied(report: AnnualReport, solutions: list[ReportSolution]) -> Iterator[Found]:
    """The report says that nothing is applied, while it or an earlier one names solutions carried out: they count."""
    if report.cp_applying != TriState.NO:
        return
    earlier = ReportSolution.objects.filter(
        report__facility=report.facility_id,
        report__year__lt=report.year,
        report__state__in=COUNTING,
        state="done",
    ).exclude(group=TREATMENT)
    count = len(solutions) or earlier.values("name").distinct().count()
    if count:
        yield Found(science.Finding("applying_denied", science.Severity.WARNING, count, (None, None)), "")


def _spent(case: Case) -> float:
    """The cost of what was consumed, at reference prices where no cost is given; what has neither adds nothing."""
    total = 0.0
    for line in case.consumption_lines():
        price = reference_factors(line.resource.code, case.year)[2]
        if line.cost_vnd is not None:
            total += line.cost_vnd
        elif price is not None:
            total += case.whole(line) * float(price.value)
    return total


def _savings_of(report: AnnualReport) -> list[Saving]:
    return list(Saving.objects.filter(report=report).select_related("resource"))


def _measured(saving: Saving) -> Measured:
    """The computed saving with its standard uncertainty, from the stored 95 % interval of the percentage."""
    quantity = float(saving.quantity)
    if saving.relative_high_pct is None:
        return Measured(quantity, 0.0)
    half = float(saving.relative_high_pct - saving.relative_pct) / 100
    return Measured(quantity, half / 1.96 * float(saving.expected))


def _in_unit_of(saving: dict) -> float:
    resource = Resource.objects.filter(code=saving["resource"]).first()
    if resource is None:
        return 0.0
    try:
        return float(
            convert(Decimal(saving["quantity"]), saving["unit"], resource.unit, resource=resource.code)
        )
    except UnitError:
        return float(saving["quantity"])
