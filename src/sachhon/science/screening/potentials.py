"""What could be saved of one resource: against its benchmark, and by the options of open practices.

Each part of the resource (coal, diesel) is left with Π(1 − g s) of itself by the options that act on it, so that no
saving exceeds its base, whatever is combined; the whole is the parts weighted by their shares.
"""

from __future__ import annotations

from collections.abc import Sequence

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
    acting: list[tuple[Option, Range]] = []
    for option in options:
        gaps = [gap_of(i, settings) for i in asked if option.code in i.options]
        if option.resource == resource.code and gaps and base_of(option, resource) > 0:
            gap = max(g[0] for g in gaps), max(g[1] for g in gaps)
            acting.append((option, (gap[0] * option.saving_low, gap[1] * option.saving_high)))
    if not acting:
        return None
    named = {p.code: (p.of_cost, p.of_quantity) for p in resource.parts}
    rest = tuple(1 - sum(shares) for shares in zip(*named.values(), strict=True)) if named else (1.0, 1.0)
    saved = [[0.0, 0.0], [0.0, 0.0]]
    for code, shares in (*named.items(), (None, rest)):
        here = _combined(
            [(o, s) for o, s in acting if o.parts is None or (code is not None and code in o.parts)]
        )
        for of, weight in zip(saved, shares, strict=True):
            of[0] += weight * here[0]
            of[1] += weight * here[1]
    return (saved[0][0], saved[0][1]), (saved[1][0], saved[1][1])


def _combined(acting: Sequence[tuple[Option, Range]]) -> Range:
    """1 − Π(1 − s); of options that are alternatives only the largest at each end."""
    largest: dict[str, Range] = {}
    for option, (low, high) in acting:
        key = f"alternative {option.alternative}" if option.alternative else f"option {option.code}"
        before = largest.get(key, (0.0, 0.0))
        largest[key] = max(before[0], low), max(before[1], high)
    left_low = left_high = 1.0
    for low, high in largest.values():
        left_low *= 1 - low
        left_high *= 1 - high
    return 1 - left_low, 1 - left_high
