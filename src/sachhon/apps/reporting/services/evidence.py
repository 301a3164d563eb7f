"""What the plausibility rules compare a year with: its own lines, earlier years, its trade, prices.

The year is that of a report, or of the monthly records of a facility that has sent none (`gathering` makes both).
Everything is put into the units of the catalogue first. Where there is too little to compare with, nothing is
found.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from statistics import median

from django.db.models import Sum

from sachhon.apps.registry.models import Facility, Flow, Resource
from sachhon.apps.reporting.models import AnnualReport, ReportLine, ReportState
from sachhon.apps.reporting.services.factors import reference_factors
from sachhon.apps.reporting.services.months import FacilityMonths, Mix
from sachhon.apps.reporting.services.rules import rule
from sachhon.apps.reporting.services.stored import StoredLine, too_small_for_a_reason
from sachhon.reference.units import UnitError, convert, dimension
from sachhon.science import plausibility as science

FIT = science.DEFAULT.slip_fit
Rule = Callable[[float | None], tuple[science.Finding, ...]]  # of a specific consumption
Line = ReportLine | StoredLine
RECORDS_APART = 0.001  # rounding of a year spread over months stays below


@dataclass(frozen=True)
class Found:
    """A finding of science, with the unit it speaks in and what its factor applies to."""

    science: science.Finding
    unit: str
    what: str = ""


@dataclass
class Case:
    """One facility's year with everything it is compared with. `report`: None where the lines are its records."""

    facility: Facility
    year: int
    report: AnnualReport | None
    lines: list[Line]
    months: dict[int, dict[int, float]]  # line → month → quantity in the unit of its product or resource
    past: FacilityMonths
    mix: Mix | None
    peers: dict[int, list[float]]  # resource → specific consumptions of others of the trade

    def consumption_lines(self) -> list[Line]:
        """The lines of what is consumed."""
        return [line for line in self.lines if line.flow == Flow.CONSUMPTION]

    def whole(self, line: Line, months: Collection[int] | None = None) -> float:
        """The year of a line, or some months of it."""
        amounts = self.months[line.pk]
        return sum(value for month, value in amounts.items() if months is None or month in months)

    def output(self, months: Collection[int] | None = None) -> float | None:
        """The weighted output of the year or of some months; None when not known."""
        made = [line for line in self.lines if line.flow == Flow.OUTPUT]
        if self.mix is None or not made:
            return None
        known = [line for line in made if months is None or self.months[line.pk].keys() & set(months)]
        return (
            sum(self.mix.weights.get(line.product_id, 1.0) * self.whole(line, months) for line in known)
            if known
            else None
        )

    def months_beside_output(self, lines: Collection[Line]) -> set[int]:
        """The months for which both an output and one of `lines` are known: only they make a specific consumption."""
        made = {m for line in self.lines if line.flow == Flow.OUTPUT for m in self.months[line.pk]}
        return made & {m for line in lines for m in self.months[line.pk]}

    def meters(self, line: Line) -> list[Line]:
        """The lines of the same resource: earlier years and other factories are known by the resource, not by meter."""
        return [each for each in self.consumption_lines() if each.resource_id == line.resource_id]

    def _of_resource(self, line: Line, rule_of: Rule) -> tuple[science.Finding, ...]:
        """What a rule finds of a resource as a whole, told at one line: at the meter whose slip explains it, else
        at the first, and then without a factor, which would mend one meter by what all of them are off."""
        meters = self.meters(line)
        months = self.months_beside_output(meters)
        output = self.output(months)
        found = rule_of(self.intensity(line))
        if not found or not output:
            return found
        first, (low, high) = found[0], found[0].expected
        kind, middle = first.rule.removesuffix("_unit_slip"), math.sqrt((low or 0.0) * (high or 0.0))
        for meter in meters:
            own = self.whole(meter, months) / output
            rest = sum(self.whole(each, months) for each in meters) / output
            factor = science.slip(own, middle - (rest - own))
            if factor is not None and self.months_bear_out(factor, (meter,), own, middle - (rest - own)):
                slip = replace(
                    first,
                    rule=f"{kind}_unit_slip",
                    severity=science.Severity.ERROR,
                    factor=factor,
                    applies_to="quantity",
                )
                return (slip,) if meter.pk == line.pk else ()
        return (_without_factor(first, kind),) if self.is_told_here(line) else ()

    def months_bear_out(self, factor: float, lines: Collection[Line], year: float, middle: float) -> bool:
        """Whether the middle month of what `lines` consumed per unit of product is off by the same factor as their
        `year`: where one month makes the year's total, a factor for all its months would put eleven wrong."""
        each = []
        for month in self.months_beside_output(lines):
            amount, output = (
                sum(self.months[line.pk].get(month, 0.0) for line in lines),
                self.output((month,)),
            )
            if output and amount > 0:
                each.append(amount / output)
        whole = sum(self.whole(line, self.months_beside_output(lines)) for line in lines)
        made = self.output(self.months_beside_output(lines))
        if not each or not whole or not made:
            return False
        return science.slip(year * median(each) / (whole / made), middle) == factor

    def is_told_here(self, line: Line) -> bool:
        """Whether what is said of a resource as a whole is said at this line: at its first meter."""
        return self.meters(line)[0].pk == line.pk

    def intensity(self, line: Line) -> float | None:
        """Consumption of a line's resource, all meters together, over the output of the same months."""
        meters = self.meters(line)
        months = self.months_beside_output(meters)
        output = self.output(months)
        return sum(self.whole(each, months) for each in meters) / output if output else None

    def against_history(self, line: Line) -> tuple[Found, ...]:
        """The year of a resource against the months of earlier years, told once."""
        if self.mix is None:
            return ()
        earlier = self._earlier(line)
        found = self._of_resource(line, lambda current: science.against_history(current, earlier))
        return tuple(Found(f, f"{line.resource.unit}/{self.mix.unit}") for f in found)

    def has_intensity_history(self, line: Line) -> bool:
        """Whether consumption per unit of product can be judged; its totals alone tell less."""
        return bool(self.intensity(line)) and len(self._earlier(line)) >= science.DEFAULT.min_history

    def _earlier(self, line: Line) -> list[float]:
        earlier = []
        for month, amount in self.past.consumption.get(line.resource_id, {}).items():
            output = self.mix.output(self.past.outputs.get(month, {})) if self.mix is not None else 0.0
            if output > 0 and amount.quantity > 0:
                earlier.append(amount.quantity / output)
        return earlier

    def against_sector(self, line: Line) -> tuple[Found, ...]:
        """The year of a resource against the other factories of the trade, told once."""
        if self.intensity(line) is None:
            return ()
        peers = self.peers.get(line.resource_id, [])
        bounds = science.sector_range(peers, min_peers=int(rule("plausibility.peers")))
        if bounds is None:
            return ()
        unit = f"{line.resource.unit}/{self.mix.unit}"
        found = self._of_resource(line, lambda current: science.against_sector(current, *bounds))
        return tuple(Found(f, unit) for f in found)

    def against_price(self, line: Line, factor: float = 1.0) -> tuple[Found, ...]:
        """What the year cost by unit against the reference price, the quantity taken `factor` times."""
        _toe, _co2, price = reference_factors(line.resource.code, self.year)
        if price is None or line.cost_vnd is None:
            return ()
        reach = 1 + rule("plausibility.price_reach") * float(price.relative_uncertainty or 0)
        value = float(price.value)
        found = science.against_price(
            self._priced(line) * factor, line.cost_vnd, value / reach, value * reach
        )
        if self._one_month_makes_the_year(line):
            found = tuple(_without_factor(f, "price") if f.factor else f for f in found)
        return tuple(
            Found(f, line.resource.unit if f.rule == "cost_without_quantity" else price.unit) for f in found
        )

    def _one_month_makes_the_year(self, line: Line) -> bool:
        seen = [amount for amount in self.months[line.pk].values() if amount > 0]
        return bool(seen) and sum(seen) / len(seen) >= science.DEFAULT.slip_from * median(seen)

    def _priced(self, line: Line) -> float:
        """The quantity that the cost of a line is of: of records, only the months that have a cost."""
        return self.whole(line, line.priced_months if isinstance(line, StoredLine) else None)

    def month_slips(self, line: Line) -> Iterator[tuple[int, Found]]:
        """Months that are a power of ten off the line's other months, and were never like that before; of
        a thousand times off, in a few months, earlier years are not asked: they may have the same slip."""
        amounts = self.months[line.pk]
        usual, sure = self.past.usual(line.flow, line.item.pk), science.sure_slips(amounts)
        for month, factor in science.slips_among(amounts).items():
            value = amounts[month]
            is_usual = usual is not None and usual[0] / FIT <= value <= usual[1] * FIT
            if (is_usual and month not in sure) or too_small_for_a_reason(line, month, factor):
                continue
            others = [v for m, v in amounts.items() if m != month and v > 0]
            severity = science.Severity.WARNING if line.flow == Flow.OUTPUT else science.Severity.ERROR
            bounds = (min(others), max(others))
            finding = science.Finding("month_unit_slip", severity, value, bounds, factor, "quantity")
            yield month, Found(finding, line.item.unit)

    def without_month_slips(self, outputs_too: bool = False) -> "Case":
        """The same case with each slipped month put right, so that one month does not cast doubt on a year."""
        months = {pk: dict(amounts) for pk, amounts in self.months.items()}
        for line in self.lines if outputs_too else self.consumption_lines():
            for month, found in self.month_slips(line):
                months[line.pk][month] *= found.science.factor or 1
        return replace(self, months=months)

    def without_output(self) -> Iterator[tuple[Line, Found]]:
        """Energy and materials consumed in a year whose output is zero."""
        outputs = [line for line in self.lines if line.flow == Flow.OUTPUT and self.months[line.pk]]
        if not outputs or any(self.whole(line) > 0 for line in outputs):
            return
        known = {month for line in outputs for month in self.months[line.pk]}
        for line in self.consumption_lines():
            if not known >= self.months[line.pk].keys():
                continue  # what was made in the other months nobody has told yet
            for found in science.consumption_without_output(self.whole(line), 0.0):
                error = replace(found, rule="year_without_output", severity=science.Severity.ERROR)
                yield line, Found(error, line.resource.unit)

    def idle_months(self) -> Iterator[tuple[Line, int, Found]]:
        """Months with consumption but no output, beyond what standing still takes."""
        if not self.output():
            return
        share = rule("plausibility.idle_share")
        for line in self.consumption_lines():
            amounts = self.months[line.pk]
            usual = self.whole(line) / len(amounts) if amounts else None
            for month, value in amounts.items():
                output = self.output((month,))
                for found in science.consumption_without_output(value, output, base_share=share, usual=usual):
                    yield line, month, Found(found, line.resource.unit)

    def mass(self) -> Iterator[Found]:
        """Materials in against products and waste out, over the months that are known of all of them, where all
        can be weighed. Records need not name every material, as a report does: of them only what is far off is
        held to be wrong."""
        used = [each for each in self.consumption_lines() if each.resource.kind == Resource.Kind.RAW_MATERIAL]
        made = [line for line in self.lines if line.flow == Flow.OUTPUT]
        if not used or not made:
            return
        months = set.intersection(*(set(self.months[line.pk]) for line in (*used, *made)))
        wastes = [
            weight
            for line in self.lines
            # Waste water is mostly the process water, which is no material: only what is weighed counts.
            if line.flow == Flow.WASTE
            and dimension(line.item.unit) == "mass"
            and (weight := self._tonnes(line, months)) is not None
        ]
        materials, products = ([self._tonnes(line, months) for line in lines] for lines in (used, made))
        for found in science.mass_balance(materials, products, wastes):
            if self.report is None and (expected := science.EXPLAINED) == found.expected:
                found = replace(found, severity=science.severity_outside(found.observed, expected))
            percent = replace(found, observed=found.observed * 100)
            yield Found(percent, "%")

    def records_apart(self) -> Iterator[tuple[Line, Found]]:
        """A sent report's lines beside the registry's records of its year, which the savings are computed from."""
        if self.report is None or self.report.state != ReportState.SUBMITTED:
            return
        sums = self.report.facility.records.filter(year=self.year).order_by()
        sums = sums.values_list("flow", "resource_id", "product_id").annotate(Sum("quantity"))
        stored = {tuple(key): float(quantity) for *key, quantity in sums}
        stated: dict[tuple, list[Line]] = defaultdict(list)
        for line in self.lines:
            stated[line.flow, line.resource_id, line.product_id].append(line)
        for key, lines in stated.items():
            said, kept = sum(map(self.whole, lines)), stored.get(key, 0.0)
            if abs(kept - said) > RECORDS_APART * max(abs(kept), abs(said)):
                # The province counts what is stored: a report does not wave through what is far from it.
                severity = science.severity_outside(kept, (said, said))
                found = science.Finding("records_apart", severity, kept, (said, said))
                yield lines[0], Found(found, lines[0].item.unit)

    def _tonnes(self, line: Line, months: Collection[int]) -> float | None:
        item = line.item
        code = line.resource.code if line.resource else None
        try:
            one = convert(Decimal(1), item.unit, "t", resource=code)
        except UnitError:
            return None
        return self.whole(line, months) * float(one)


def _without_factor(found: science.Finding, rule_name: str) -> science.Finding:
    """The same doubt, of a figure that no factor puts right."""
    severity = science.severity_outside(found.observed, found.expected)
    return replace(found, rule=rule_name, severity=severity, factor=None, applies_to=None)
