"""The solutions of a province for the warehouse: each with what stands verified of it, no month counted twice."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from sachhon import reference
from sachhon.apps.assessment.queries.verified import apart
from sachhon.apps.reporting.fact_rows import fact_value, six
from sachhon.apps.reporting.services.options import TREATMENT
from sachhon.apps.reporting.services.verified_marks import Mark
from sachhon.reference.units import UnitError, convert


@dataclass(frozen=True)
class CarriedOut:
    """A solution of a report that counts; `verified` where an expert's word stands behind its figures."""

    facility: int
    year: int  # of the report
    group: str
    name: str
    since: int
    investment_vnd: int | None
    saving_vnd: int | None
    savings: tuple[Mapping, ...]
    verified: Mark | None
    held: bool = False  # its report waits with a grave doubt: what it claims is left out

    @property
    def state(self) -> str:
        return "verified" if self.verified else "reported"


def without_claims(solution: CarriedOut) -> CarriedOut:
    """The solution as carried out, without what it is said to cost and save; an expert's figures stay."""
    if solution.verified:
        return solution
    return replace(solution, investment_vnd=None, saving_vnd=None, savings=(), held=True)


def counted_once(solutions: Iterable[CarriedOut]) -> list[CarriedOut]:
    """The solutions with what was verified of one resource over the same months left in one of them only.

    The longest measurement counts. Where a resource falls away its money does too: it cannot be told apart.
    """
    found = list(solutions)
    measured: dict[tuple, list[int]] = {}
    for n, s in enumerate(found):
        if s.verified:
            for saving in s.savings:
                measured.setdefault((s.facility, s.year, saving["resource"]), []).append(n)
    for (_facility, _year, resource), numbers in measured.items():
        marks = [found[n].verified for n in numbers]
        kept = {numbers[k] for k in apart([(m.first, m.last) for m in marks if m is not None])}
        for n in set(numbers) - kept:
            rest = tuple(s for s in found[n].savings if s["resource"] != resource)
            found[n] = replace(found[n], savings=rest, saving_vnd=None)
    return found


def solution_savings(solutions: list[CarriedOut], first: int) -> Iterator[tuple]:
    """Savings of solutions by facility, report year, resource and state, in the standard unit of the resource.

    What was verified stands as verified, with what the baseline would have used; the rest was calculated: estimated.
    """
    sums: dict[tuple[int, int, str, str], list] = {}
    for s in solutions:
        if s.group == TREATMENT or s.year < first:
            continue
        for saving in s.savings:
            quantity = _standard(saving)
            if quantity is None:
                continue
            state = "verified" if s.verified else "estimated"
            entry = sums.setdefault((s.facility, s.year, saving["resource"], state), [Decimal(0), None, None])
            entry[0] += quantity
            if (
                s.saving_vnd is not None and len(s.savings) == 1
            ):  # money of several resources cannot be told apart
                entry[1] = (entry[1] or 0) + s.saving_vnd
            expected = s.verified.expected.get(saving["resource"]) if s.verified else None
            if expected is not None:
                entry[2] = (entry[2] or Decimal(0)) + expected
    for (facility, year, code, state), (quantity, money, expected) in sums.items():
        day = datetime.date(year, 12, 31)
        toe = fact_value(reference.toe_factor, code, day)
        co2 = fact_value(reference.co2_factor, code, day)
        known = expected is not None and expected > 0
        yield (
            facility, year, year, code, state, reference.resource(code).unit, six(quantity),
            six(expected) if known else None, six(expected - quantity) if known else None,
            (100 * quantity / expected).quantize(Decimal("0.0001")) if known else None,
            money, None if toe is None else six(quantity * toe),
            None if co2 is None else six(quantity * co2 / 1000),
        )  # fmt: skip


def _standard(saving: Mapping) -> Decimal | None:
    """The quantity of one saving in the resource's own unit; None where it cannot be brought to it."""
    try:
        resource = reference.resource(saving["resource"])
        return convert(
            Decimal(str(saving["quantity"])), saving["unit"], resource.unit, resource=resource.code
        )
    except (KeyError, TypeError, ArithmeticError, UnitError, reference.FactNotFound):
        return None
