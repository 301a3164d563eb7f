"""The score of a quick assessment and what follows from it.

    points of an item       100 · c_r · w_p · (w_i / Σ w) · g_i         g: yes 0, partly ½, no 1, unknown 0 to 1
    points of a benchmark   100 · c_r · (1 − w_p) · g_r                 g: best 0, poor 1, unknown 0 to 1
    score                   Σ points, exactly (0: nothing to gain, 100: everything)

c_r is the resource's share of the cost of all resources, w_p the checklist's share (all of it where there is
no benchmark at all, none where no item applies). The benchmark gap runs straight between those of best (0),
good (1/3), average (2/3) and poor (1) that are known. An open question spans its whole gap: it widens the
range and never counts as good.

    potential, benchmark    from 1 − good/x (or 0) to 1 − best/x        x the specific consumption now
    potential, options      1 − Π(1 − w m) over the options of open practices, part by part of the resource (coal,
                            diesel), ± the root-sum-square of their half ranges; m the middle of g s, w = 1, o, o² …
                            by size, o the overlap: options fight the same losses, what one saves the next cannot,
                            and not all lie at their high end at once; of alternatives the largest counts
    both                    from the lower of the lows to the lower of the highs: neither can be beaten

An option alone is told no more than the potential of its resource. For higher_is_better x and the benchmark
change places. Options come quick payback first, then by the middle
of their yearly VND ("a 2 % reduction on a 10,000 cost saves four times a 10 % reduction on 500": Environment
Australia 2000, Business Sustainability, session 14). Not here: the lists and benchmarks themselves, a
detailed assessment's balance; a benchmark of another process or product says nothing.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Sequence

import numpy as np

from sachhon.science.numeric import each, finite
from sachhon.science.phrases import comma, vi
from sachhon.science.screening.facts import Answer, Item, Option, Resource, Settings
from sachhon.science.screening.potentials import base_of, gap_of, potential_of
from sachhon.science.screening.result import Advice, Point, Potential, Question, Score
from sachhon.science.uncertainty import ScienceError

DEFAULT = Settings()


def score(
    resources: Sequence[Resource],
    items: Sequence[Item] = (),
    options: Sequence[Option] = (),
    *,
    settings: Settings = DEFAULT,
) -> Score:
    """Score, potential by resource, questions and options of one facility; `ScienceError` names a bad fact."""
    _check(resources, items, options)
    whole = math.fsum(r.cost_vnd for r in resources)
    if whole <= 0:
        raise ScienceError(
            "no resource has a cost: give what was paid in the year for at least one.",
            "không tài nguyên nào có chi phí: hãy cho số đã trả trong năm của ít nhất một tài nguyên.",
        )
    points: list[Point] = []
    potentials: list[Potential] = []
    for resource in resources:
        asked = [i for i in items if i.resource == resource.code and i.answer != Answer.NOT_APPLICABLE]
        share = resource.cost_vnd / whole
        if share > 0:
            points.extend(_points(resource, asked, share, settings))
        potentials.append(potential_of(resource, asked, options, share, whole, settings))
    potentials.sort(key=lambda one: (-one.middle_vnd, -one.cost_share, one.resource))
    questions = [Question(p.resource, p.source, p.high - p.low) for p in points if p.high > p.low]
    questions.sort(key=lambda one: (-one.narrows, one.resource, one.source))
    return Score(
        math.fsum(p.low for p in points),
        math.fsum(p.high for p in points),
        tuple(points),
        tuple(potentials),
        _advice(resources, items, options, potentials, settings),
        tuple(questions),
        tuple(r.code for r in resources if r.cost_vnd == 0),
    )


def gap_to_benchmark(resource: Resource) -> tuple[float, float] | None:
    """0 at best to 1 at poor, as (low, high): equal when known, (0, 1) when not measured; None without at
    least two benchmark figures to stand between."""
    ladder = [
        (figure, height)
        for figure, height in (
            (resource.best, 0.0),
            (resource.good, 1 / 3),
            (resource.average, 2 / 3),
            (resource.poor, 1.0),
        )
        if figure is not None
    ]
    if len(ladder) < 2:
        return None
    if resource.specific is None:
        return 0.0, 1.0
    x = np.array([figure for figure, _ in ladder])
    heights = [height for _, height in ladder]
    sign = -1.0 if resource.higher_is_better else 1.0
    gap = float(np.interp(sign * resource.specific, sign * x, heights))
    return gap, gap


def _points(resource: Resource, asked: Sequence[Item], share: float, settings: Settings) -> list[Point]:
    gap = gap_to_benchmark(resource)
    weight = math.fsum(i.weight for i in asked)
    practice = settings.practice
    if gap is None:
        practice = 1.0
    elif weight == 0:
        practice = 0.0
    if gap is None and weight == 0:
        # nothing was asked and nothing is known: all its points are open
        return [Point(resource.code, "benchmark", 0.0, 100 * share)]
    found = []
    for item in asked:
        if item.weight:
            low, high = gap_of(item, settings)
            scale = 100 * share * practice * item.weight / weight
            found.append(Point(resource.code, item.code, scale * low, scale * high))
    if gap is not None and practice < 1:
        scale = 100 * share * (1 - practice)
        found.append(Point(resource.code, "benchmark", scale * gap[0], scale * gap[1]))
    return found


def _advice(
    resources: Sequence[Resource],
    items: Sequence[Item],
    options: Sequence[Option],
    potentials: Sequence[Potential],
    settings: Settings,
) -> tuple[Advice, ...]:
    """The options of open practices; none is promised to save more than all of its resource's potential."""
    known = {r.code: r for r in resources}
    most = {p.resource: p.vnd for p in potentials if p.basis != "none"}
    found = []
    for option in options:
        asked = [
            i
            for i in items
            if option.code in i.options and i.answer not in (Answer.YES, Answer.NOT_APPLICABLE)
        ]
        if not asked or option.resource not in known:
            continue
        gaps = [gap_of(i, settings) for i in asked]
        base = base_of(option, known[option.resource]) * known[option.resource].cost_vnd
        low = max(g[0] for g in gaps) * option.saving_low * base
        high = max(g[1] for g in gaps) * option.saving_high * base
        low, high = (
            min(pair) for pair in zip((low, high), most.get(option.resource, (low, high)), strict=True)
        )
        unsure = all(i.answer is Answer.UNKNOWN for i in asked)
        codes = tuple(i.code for i in asked)
        found.append(Advice(option.code, option.resource, (low, high), option.payback_years, codes, unsure))

    def order(one: Advice) -> tuple[bool, bool, float, str]:
        quick = one.payback_years is not None and one.payback_years <= settings.quick_payback
        return one.unsure, not quick, -sum(one.vnd), one.option

    return tuple(sorted(found, key=order))


def _check(resources: Sequence[Resource], items: Sequence[Item], options: Sequence[Option]) -> None:
    each(resources, Resource, "resources")
    each(items, Item, "items")
    each(options, Option, "options")
    codes = [r.code for r in resources]
    for kind, names in (
        ("resource", codes),
        ("item", [i.code for i in items]),
        ("option", [o.code for o in options]),
    ):
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise ScienceError(
                f"{kind} {sorted(twice)[0]} is given twice; give each once.",
                f"{vi(kind)} {sorted(twice)[0]} được cho hai lần; hãy cho mỗi cái một lần.",
            )
    for r in resources:
        figures = [r.quantity, r.cost_vnd]
        figures += [v for v in (r.specific, r.poor, r.average, r.good, r.best) if v is not None]
        if not all(finite(v) and v >= 0 for v in figures):
            raise ScienceError(
                f"{r.code}: figures must be finite and not negative.",
                f"{r.code}: các con số phải hữu hạn và không âm.",
            )
        ladder = [v for v in (r.best, r.good, r.average, r.poor) if v is not None]
        rising = sorted(ladder, reverse=r.higher_is_better)
        if ladder != rising or len(set(ladder)) != len(ladder) or 0 in ladder or r.specific == 0:
            raise ScienceError(
                f"{r.code}: best, good, average, poor must run one way and not be zero.",
                f"{r.code}: các mức tốt nhất, tốt, trung bình, kém phải theo một chiều và khác 0.",
            )
        for shares in ([p.of_cost for p in r.parts], [p.of_quantity for p in r.parts]):
            if any(not (finite(x) and 0 <= x <= 1) for x in shares) or math.fsum(shares) > 1 + 1e-9:
                raise ScienceError(
                    f"{r.code}: shares of its parts lie between 0 and 1 and add up to at most 1.",
                    f"{r.code}: tỷ lệ của các phần phải từ 0 đến 1 và cộng lại không quá 1.",
                )
    for i in items:
        if i.resource not in codes:
            raise ScienceError(
                f"{i.code}: {i.resource} is not among the resources; add it or correct the item.",
                f"{i.code}: {i.resource} không có trong các tài nguyên; hãy thêm vào hoặc sửa câu hỏi.",
            )
        if not (finite(i.weight) and i.weight >= 0):
            raise ScienceError(
                f"{i.code}: weight {i.weight}; give one that is not negative.",
                f"{i.code}: trọng số {comma(i.weight)}; hãy cho số không âm.",
            )
    _check_named(items, [o.code for o in options])
    for o in options:
        savings = o.saving_low, o.saving_high
        if not (all(map(finite, savings)) and 0 <= o.saving_low <= o.saving_high <= 1):
            raise ScienceError(
                f"{o.code}: savings are shares, low to high, between 0 and 1.",
                f"{o.code}: mức tiết kiệm là các phần, từ thấp đến cao, giữa 0 và 1.",
            )
        if o.payback_years is not None and not (finite(o.payback_years) and o.payback_years >= 0):
            raise ScienceError(
                f"{o.code}: payback of {o.payback_years} years; give one from 0, or None.",
                f"{o.code}: hoàn vốn {comma(o.payback_years)} năm; hãy cho số từ 0, hoặc None.",
            )


def _check_named(items: Sequence[Item], known: Sequence[str]) -> None:
    """Refuses an option that an item names and nobody gave: it would silently add no potential and no advice."""
    unknown = {code: i.code for i in reversed(items) for code in i.options if code not in known}
    if not unknown:
        return
    said, said_vi = [], []
    for code, item in reversed(unknown.items()):
        near = difflib.get_close_matches(code, known, 1)
        said.append(f'"{code}" (item {item})' + (f', perhaps "{near[0]}"' if near else ""))
        said_vi.append(f'"{code}" (câu {item})' + (f', có lẽ là "{near[0]}"' if near else ""))
    raise ScienceError(
        f"options that items name are not among the options: {'; '.join(said)}. Give them with their savings, or take "
        "their codes off the items.",
        f"có giải pháp được câu hỏi nhắc đến mà không có trong các giải pháp: {'; '.join(said_vi)}. Hãy "
        "cho chúng cùng mức tiết kiệm, hoặc bỏ mã của chúng khỏi câu hỏi.",
    )
