"""What no factory of the province is beyond, whatever it is compared with: energy for its size, and money.

The last resort where a year has no history, peers, prices or benchmarks: everything else passes what it knows nothing
of. The bounds are facts of `rules.csv`, each far above the largest factory there is.
"""

from collections.abc import Iterator

from sachhon.apps.reporting.services.evidence import Case, Found
from sachhon.apps.reporting.services.factors import reference_factors
from sachhon.apps.reporting.services.rules import rule
from sachhon.science.plausibility import Finding, Severity


def beyond_any(case: Case) -> Iterator[Found]:
    """Rules `energy_beyond_size` (TOE) and `revenue_beyond`, `capital_beyond` (VND), each to be explained."""
    yield from _energy(case)
    if case.report is not None:
        highest = rule("plausibility.money_most")
        for name in ("revenue", "capital"):
            typed = getattr(case.report, f"{name}_vnd")
            if typed is not None and typed > highest:
                yield Found(Finding(f"{name}_beyond", Severity.ERROR, float(typed), (0.0, highest)), "VND")


def _energy(case: Case) -> Iterator[Found]:
    used = sum(case.whole(line) * _toe(line.resource.code, case.year) for line in case.consumption_lines())
    highest = rule("plausibility.toe_most")
    if people := _people(case):
        highest = min(highest, people * rule("plausibility.toe_per_person"))
    if used > highest:
        yield Found(Finding("energy_beyond_size", Severity.ERROR, used, (0.0, highest)), "toe")


def _toe(code: str, year: int) -> float:
    factor, _co2, _price = reference_factors(code, year)
    return float(factor.value) if factor is not None else 0.0


def _people(case: Case) -> int | None:
    stored = case.report or case.facility.years.filter(year=case.year).first()
    return stored.employees if stored is not None else None
