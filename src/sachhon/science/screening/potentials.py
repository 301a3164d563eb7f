"""What could be saved of one resource: against its benchmark, and by the options of open practices.

Each part of the resource (coal, diesel) is left with Π(1 − w m) of itself by the options that act on it, so that no
saving exceeds its base, whatever is combined; the whole is the parts weighted by their shares. m is the middle of an
option's range; w is 1 for the largest, and for each further one `Settings.overlap` times that of the one before:
they fight the same losses, and what one has saved the next cannot. The ranges are errors that do not err together:
they are combined by root-sum-square about the middles (JCGM 100:2008, 5.1.2), not all at one end at once.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from sachhon.science.screening.facts import Answer, Item, Option, Resource, Settings
from sachhon.science.screening.result import Potential, Priority

Range = tuple[float, float]


def potential_of(
    resource: Resource,
    asked: Sequence[Item],
    options: Sequence[Option],
    share: float,
    whole: float,
    settings: Settings,
) -> Potential:
    """The range of a resource of that share of the whole cost: the lower of benchmark and options at each end."""
    bench, practice = _from_benchmark(resource), _from_options(asked, options, resource, settings)
    low, high = _lower_of(bench, practice and practice[0])
    of_quantity = _lower_of(bench, practice and practice[1])
    basis = "both" if bench and practice else "benchmark" if bench else "options" if practice else "none"
    vnd = (low * resource.cost_vnd, high * resource.cost_vnd)
    middle = sum(vnd) / 2 / whole
    priority: Priority = (
        "high" if middle >= settings.high_share else "medium" if middle >= settings.medium_share else "low"
    )
    quantity = (of_quantity[0] * resource.quantity, of_quantity[1] * resource.quantity)
    return Potential(resource.code, (low, high), quantity, vnd, share, priority, basis)


def base_of(option: Option, resource: Resource) -> float:
    """The share of the resource's cost that the option acts on; 0 where its parts are not known here."""
    return 1.0 if option.parts is None else sum(p.of_cost for p in resource.parts if p.code in option.parts)


def gap_of(item: Item, settings: Settings) -> Range:
    """How far a practice is from good: yes 0, partly in between, no 1; not answered both."""
    if item.answer is Answer.UNKNOWN:
        return 0.0, 1.0
    gap = {Answer.YES: 0.0, Answer.PARTLY: settings.partly, Answer.NO: 1.0}[item.answer]
    return gap, gap


def _lower_of(bench: Range | None, practice: Range | None) -> Range:
    if bench and practice:
        return min(bench[0], practice[0]), min(bench[1], practice[1])
    return bench or practice or (0.0, 0.0)


def _from_benchmark(resource: Resource) -> Range | None:
    x = resource.specific
    far = resource.best if resource.best is not None else resource.good
    if x is None or far is None:
        return None
    near = resource.good if resource.good is not None else x

    def saved(target: float) -> float:
        return max(1 - (x / target if resource.higher_is_better else target / x), 0.0)

    return saved(near), max(saved(far), saved(near))


def _from_options(
    asked: Sequence[Item], options: Sequence[Option], resource: Resource, settings: Settings
) -> tuple[Range, Range] | None:
    """(share of cost, share of quantity) that the options of open practices save; None where none says anything."""
    acting: list[tuple[Option, tuple[Range, Range]]] = []
    for option in options:
        gaps = [gap_of(i, settings) for i in asked if option.code in i.options]
        if option.resource == resource.code and gaps and base_of(option, resource) > 0:
            gap = max(g[0] for g in gaps), max(g[1] for g in gaps)
            well, badly = ((g * option.saving_low, g * option.saving_high) for g in gap)
            acting.append((option, (well, badly)))
    if not acting:
        return None
    named = {p.code: (p.of_cost, p.of_quantity) for p in resource.parts}
    rest = tuple(1 - sum(shares) for shares in zip(*named.values(), strict=True)) if named else (1.0, 1.0)
    cost, quantity = [], []
    for code, (of_cost, of_quantity) in (*named.items(), (None, rest)):
        here = [(o, s) for o, s in acting if o.parts is None or (code is not None and code in o.parts)]
        low, high = _combined(here, settings.overlap)
        cost.append((of_cost * low, of_cost * high))
        quantity.append((of_quantity * low, of_quantity * high))
    return _added(cost), _added(quantity)


def _added(ranges: Sequence[Range]) -> Range:
    """Ends added up: an option that acts on several parts errs alike in all of them."""
    return math.fsum(low for low, _high in ranges), math.fsum(high for _low, high in ranges)


def together(ranges: Iterable[Range]) -> Range:
    """The range of a sum of savings that do not err together: middles added up, half widths by root-sum-square."""
    known = list(ranges)
    middle = math.fsum((low + high) / 2 for low, high in known)
    half = math.hypot(*((high - low) / 2 for low, high in known))
    return middle - half, middle + half


def _combined(acting: Sequence[tuple[Option, tuple[Range, Range]]], overlap: float) -> Range:
    """What they save together of one part, over every open question answered well and every one answered badly.

    Of options that are alternatives the largest at each end counts. Never below what the best of them saves alone.
    """
    if not acting:
        return 0.0, 0.0
    well, badly = (
        _about_the_middle(_one_of_alternatives([(o, s[end]) for o, s in acting]), overlap) for end in (0, 1)
    )
    return min(well[0], badly[0]), max(well[1], badly[1])


def _one_of_alternatives(acting: Sequence[tuple[Option, Range]]) -> list[Range]:
    largest: dict[str, Range] = {}
    for option, (low, high) in acting:
        key = f"alternative {option.alternative}" if option.alternative else f"option {option.code}"
        before = largest.get(key, (0.0, 0.0))
        largest[key] = max(before[0], low), max(before[1], high)
    return list(largest.values())


def _about_the_middle(ranges: Sequence[Range], overlap: float) -> Range:
    """1 − Π(1 − w m), and about it the root-sum-square of what each range alone would change of it."""
    ranked = sorted(ranges, key=lambda one: (-sum(one), one))
    weights = [overlap**n for n in range(len(ranked))]
    left = [1 - w * sum(one) / 2 for w, one in zip(weights, ranked, strict=True)]
    half = math.hypot(
        *(
            w * (high - low) / 2 * math.prod(left[:n] + left[n + 1 :])
            for n, (w, (low, high)) in enumerate(zip(weights, ranked, strict=True))
        )
    )
    middle = 1 - math.prod(left)
    least, most = max(low for low, _high in ranked), max(high for _low, high in ranked)
    return max(middle - half, least), min(max(middle + half, most), 1.0)
