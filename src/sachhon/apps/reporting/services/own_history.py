"""Each product, resource and waste of a report beside its own earlier years, whatever the product mix.

What is consumed follows what is made. Where products cannot be added up, the change a resource should show
lies between that of the product that grew least and of the one that grew most: this holds for any amounts
of it that the products take, since

    min gᵢ ≤ Σ wᵢ gᵢ / Σ wᵢ ≤ max gᵢ,     gᵢ = output of i now / then,  wᵢ ≥ 0 what i took then,

and the part that does not follow output at all (lighting, keeping warm) has g = 1. A year is doubted only
beyond every earlier year so brought to this year's output, by more than the factor of data/rules.csv; a power
of ten off is told as a slip with its factor. Not here: consumption per unit of product (`evidence`).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import median

from sachhon.apps.registry.models import Flow
from sachhon.apps.reporting.services.evidence import Line
from sachhon.apps.reporting.services.months import FacilityMonths
from sachhon.apps.reporting.services.rules import rule
from sachhon.apps.reporting.services.stored import too_small_for_a_reason
from sachhon.science import plausibility as science

Thing = tuple[str, int]  # flow, and the product or resource
REACH = {
    Flow.OUTPUT: "plausibility.change_output",
    Flow.CONSUMPTION: "plausibility.change_consumption",
    Flow.WASTE: "plausibility.change_waste",
}


@dataclass(frozen=True)
class Change:
    """A year (month 0) or a month of one line that its own history does not bear out."""

    line: Line
    month: int
    finding: science.Finding


@dataclass
class OwnHistory:
    """This year's and the earlier years' months of every thing the report tells of."""

    lines: dict[Thing, list[Line]]
    now: dict[Thing, dict[int, float]]
    past: dict[Thing, dict[int, dict[int, float]]]  # thing → year → month → quantity

    @classmethod
    def of(
        cls, lines: list[Line], months: Mapping[int, dict[int, float]], past: FacilityMonths
    ) -> OwnHistory:
        """`months` are those of each line, in the unit of its product or resource."""
        by_thing: dict[Thing, list[Line]] = defaultdict(list)
        now: dict[Thing, dict[int, float]] = defaultdict(dict)
        for line in lines:
            thing = (line.flow, line.item.pk)
            by_thing[thing].append(line)
            for month, quantity in months[line.pk].items():
                now[thing][month] = now[thing].get(month, 0.0) + quantity
        things = set(by_thing) | {(str(Flow.OUTPUT), p) for made in past.outputs.values() for p in made}
        return cls(dict(by_thing), dict(now), {thing: past.by_year(*thing) for thing in things})

    def outputs(self) -> Iterator[Change]:
        """The products. A slip is put right here and a change that is doubted counts up to what is believable,
        so that neither excuses what was consumed."""
        for thing in [each for each in self.lines if each[0] == Flow.OUTPUT]:
            for change in list(self._changes(thing, {})):
                yield change
                amounts = self.now[thing]
                wrong = [change.month] if change.month else list(amounts)
                factor = _to_believable(change.finding)
                self.now[thing] = amounts | {month: amounts[month] * factor for month in wrong}

    def follows_output(self, line: Line) -> Iterator[Change]:
        """A resource or waste, told at its first line; to be asked after `outputs`, which it follows."""
        thing = (line.flow, line.item.pk)
        if self.lines[thing][0] is not line:
            return
        growth = {year: self._growth(year) for year in self.past.get(thing, {})}
        yield from self._changes(thing, growth)

    def _changes(self, thing: Thing, growth: dict[int, tuple[float, float] | None]) -> Iterator[Change]:
        year = self._year(thing, growth)
        if year is not None:
            yield year
        if year is None or year.finding.factor is None:
            yield from self._month_slips(thing)

    def _year(self, thing: Thing, growth: dict[int, tuple[float, float] | None]) -> Change | None:
        now, lines = self.now.get(thing, {}), self.lines[thing]
        lows, highs, sure = [], [], True
        for year, then in self.past.get(thing, {}).items():
            shared = now.keys() & then.keys()
            before = sum(then[month] for month in shared)
            if len(shared) < rule("plausibility.shared_months") or before <= 0:
                continue
            # A mean month, so that years which share fewer months compare with one another.
            low, high = growth.get(year, (1.0, 1.0)) or (1.0, 1.0)
            sure = sure and growth.get(year, (1.0, 1.0)) is not None
            scale = sum(now.values()) / part if (part := sum(now[month] for month in shared)) else 1.0
            lows.append(before * low * scale)
            highs.append(before * high * scale)
        if not lows:
            return None
        reach, observed = rule(REACH[Flow(thing[0])]), sum(now.values())
        low, high = min(lows), max(highs)
        if low / reach <= observed <= high * reach:
            return None
        factor = science.slip(observed, math.sqrt(low * high)) if len(lines) == 1 else None
        if factor is not None and not self._months_bear_out(thing, factor, math.sqrt(low * high)):
            factor = None
        severity = science.severity_outside(observed, (low / reach, high * reach))
        if factor is not None:
            found = science.Finding(
                "own_history_unit_slip", science.Severity.ERROR, observed, (low, high), factor, "quantity"
            )
        elif sure or severity == science.Severity.ERROR:
            found = science.Finding("own_history", severity, observed, (low, high))
        else:  # a product is new or gone: how much should be consumed is not known, only what is far off is told
            return None
        return Change(lines[0], 0, found)

    def _months_bear_out(self, thing: Thing, factor: float, expected: float) -> bool:
        """Whether the middle month, beside the same month of earlier years, is off by the factor the year is: one
        month that makes the year's total is no reason to multiply the others."""
        now, years = self.now.get(thing, {}), self.past.get(thing, {}).values()
        usual = {m: median(same) for m in now if (same := [year[m] for year in years if year.get(m, 0) > 0])}
        ratios = [now[month] / quantity for month, quantity in usual.items() if now[month] > 0]
        if not ratios:
            return False
        shared = sum(now[month] for month in usual)
        before = sum(usual.values()) * (sum(now.values()) / shared)
        return science.slip(median(ratios), expected / before) == factor

    def _month_slips(self, thing: Thing) -> Iterator[Change]:
        """Months a power of ten off the same month of earlier years, and off all of their months."""
        lines, years = self.lines[thing], self.past.get(thing, {}).values()
        seen = [quantity for year in years for quantity in year.values() if quantity > 0]
        if len(lines) != 1 or not seen:
            return
        fit = science.DEFAULT.slip_fit
        for month, quantity in self.now.get(thing, {}).items():
            same = [year[month] for year in years if year.get(month, 0) > 0]
            if not same or min(seen) / fit <= quantity <= max(seen) * fit:
                continue
            factor = science.slip(quantity, median(same))
            if factor is not None and not too_small_for_a_reason(lines[0], month, factor):
                bounds = (min(seen), max(seen))
                severity = science.Severity.ERROR
                found = science.Finding("month_history_slip", severity, quantity, bounds, factor, "quantity")
                yield Change(lines[0], month, found)

    def _growth(self, year: int) -> tuple[float, float] | None:
        """The least and the greatest change of a product against that year, 1 among them; None where one
        is new or gone, so that what the others did says nothing of the whole."""
        changes = [1.0]
        products = {thing for table in (self.now, self.past) for thing in table if thing[0] == Flow.OUTPUT}
        for thing in products:
            now, then = self.now.get(thing, {}), self.past.get(thing, {}).get(year, {})
            shared = now.keys() & then.keys()
            made, before = sum(now[m] for m in shared), sum(then[m] for m in shared)
            if made > 0 and before > 0:
                changes.append(made / before)
            elif sum(now.values()) > 0 or sum(then.values()) > 0:
                return None
        return min(changes), max(changes)


def _to_believable(found: science.Finding) -> float:
    """What brings a doubted figure to its expected range."""
    low, high = found.expected
    if found.factor is not None or not found.observed or low is None or high is None:
        return found.factor or 1.0
    return (low if found.observed < low else high) / found.observed
