"""The figures of options as arrays, checked."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from sachhon.science.phrases import comma, vi
from sachhon.science.portfolio.options import VALUE, Interaction, Limits, Option, Overlap
from sachhon.science.uncertainty import ScienceError


def columns_of(options: Sequence[Option], years: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Option and start of each column, and which columns would begin or pay after the last year."""
    if all(o.starts == (0,) for o in options):
        n = len(options)
        return np.arange(n), np.zeros(n, dtype=int), np.zeros(n, dtype=bool)
    option = np.array([i for i, o in enumerate(options) for _ in o.starts])
    start = np.array([s for o in options for s in o.starts])
    length = np.array([max(np.size(o.cost), np.size(o.staff)) for o in options])[option]
    return option, start, start + length > years


def profile(amounts: Sequence[float | Sequence[float]], years: int) -> np.ndarray:
    table = np.zeros((len(amounts), years))
    if all(isinstance(amount, int | float) for amount in amounts):
        table[:, 0] = amounts
        return table
    for i, amount in enumerate(amounts):
        one = np.atleast_1d(np.asarray(amount, dtype=float))
        table[i, : len(one)] = one
    return table


def shift(table: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Each row moved right by its start."""
    if not start.any():
        return table
    years = table.shape[1]
    moved = np.zeros_like(table)
    for s in np.unique(start):
        rows = start == s
        if s < years:
            moved[rows, s:] = table[rows, : years - s]
    return moved


def groups_of(options: Sequence[Option]) -> np.ndarray:
    """Number of each option's exclusive group, −1 for none."""
    names: dict[str, int] = {}
    return np.array(
        [-1 if o.group is None else names.setdefault(o.group, len(names)) for o in options], dtype=int
    )


def years_of(options: Sequence[Option], limits: Limits) -> int:
    """Years looked at: as many as budget or staff name, else as the latest start needs."""
    named = {np.size(limit) for limit in (limits.budget, limits.staff) if limit is not None}
    if len(named) > 1:
        raise ScienceError(
            f"budget and staff name different numbers of years ({min(named)} and {max(named)}).",
            f"vốn và nhân lực nêu số năm khác nhau ({min(named)} và {max(named)}).",
        )
    length = [max(_length(o.cost), _length(o.staff)) for o in options]
    years = named.pop() if named else max(n + max(o.starts) for n, o in zip(length, options, strict=True))
    longest = max(n + min(o.starts) for n, o in zip(length, options, strict=True))
    if longest > years:
        raise ScienceError(
            f"an option needs money or staff over {longest} years, the limits name only {years}; add the years.",
            f"có giải pháp cần tiền hoặc nhân lực trong {longest} năm, các giới hạn chỉ nêu {years} năm; "
            "hãy thêm năm.",
        )
    return years


def _length(amount: float | Sequence[float]) -> int:
    return 1 if isinstance(amount, int | float) else int(np.size(np.asarray(amount)))


def check(
    options: Sequence[Option],
    number: Mapping[str, int],
    limits: Limits,
    interactions: Sequence[Interaction | Overlap],
) -> None:
    if not options:
        raise ScienceError("there is no option to choose from.", "không có giải pháp nào để chọn.")
    if len(number) != len(options):
        raise ScienceError(
            "two options have the same code; give each its own.",
            "hai giải pháp trùng mã; hãy cho mỗi giải pháp một mã riêng.",
        )
    named = [(o.code, code) for o in options for code in o.requires]
    named += [("an interaction", code) for i in interactions for code in i.codes]
    named += [("the limits", code) for code in (*limits.must, *limits.never)]
    for who, code in named:
        if code not in number:
            raise ScienceError(
                f"{who} names the option {code}, which is not among the options.",
                f"{vi(who)} nhắc đến giải pháp {code}, không có trong các giải pháp.",
            )
    both = sorted(set(limits.must) & set(limits.never))
    if both:
        raise ScienceError(
            f"{', '.join(both)}: both in `must` and in `never`; take it out of one.",
            f"{', '.join(both)}: vừa ở `must` vừa ở `never`; hãy bỏ khỏi một bên.",
        )
    _check_interactions(interactions)
    _check_limits(options, limits, interactions)
    figures = np.array([o.value for o in options], dtype=float)
    if not np.isfinite(figures).all():
        bad = options[int(np.flatnonzero(~np.isfinite(figures))[0])]
        raise ScienceError(
            f"the value of {bad.code} is missing or infinite; fill it or leave the option out.",
            f"giá trị của {bad.code} bị thiếu hoặc vô hạn; hãy điền vào hoặc bỏ giải pháp ra.",
        )
    for o in options:
        for amount in (o.cost, o.staff):
            if isinstance(amount, int | float) and amount >= 0 and amount < np.inf:
                continue
            array = np.asarray(amount, dtype=float)
            if not (np.isfinite(array) & (array >= 0)).all():
                raise ScienceError(
                    f"a cost or staff need of {o.code} is missing, infinite or negative.",
                    f"chi phí hoặc nhu cầu nhân lực của {o.code} bị thiếu, vô hạn hoặc âm.",
                )
        if not all(map(math.isfinite, o.savings.values())):
            raise ScienceError(
                f"a saving of {o.code} is missing or infinite; leave the resource out where nothing is known.",
                f"một mức tiết kiệm của {o.code} bị thiếu hoặc vô hạn; chưa biết thì hãy bỏ tài nguyên đó ra.",
            )
        if not o.starts or min(o.starts) < 0:
            raise ScienceError(
                f"{o.code} has no year in which it may begin; years count from 0.",
                f"{o.code} không có năm nào để bắt đầu; năm đếm từ 0.",
            )


def _check_limits(
    options: Sequence[Option], limits: Limits, interactions: Sequence[Interaction | Overlap]
) -> None:
    """Refuses amounts that cannot be, and names that no option has: such a limit would silently bind nothing."""
    sectors = {o.sector for o in options if o.sector is not None}
    saved = set[str]().union(*(o.savings for o in options), *(i.savings for i in interactions))
    for kind, amounts, known in (
        ("sector", limits.sector_caps, sectors),
        ("resource", limits.targets, saved),
    ):
        for name, amount in amounts.items():
            if name not in known:
                raise ScienceError(
                    f'the limits name the {kind} "{name}", which no option has; those there are: '
                    f"{', '.join(sorted(known)) or 'none'}. Correct the name or leave the limit out.",
                    f'các giới hạn nêu {vi(kind)} "{name}" mà không giải pháp nào có; những cái có là '
                    f"{', '.join(sorted(known)) or vi('none')}. Hãy sửa tên hoặc bỏ giới hạn ấy.",
                )
            if not np.isfinite(amount) or (kind == "sector" and amount < 0):
                raise ScienceError(
                    f'the limit of the {kind} "{name}" is {amount:g}; correct it or leave it out.',
                    f'giới hạn của {vi(kind)} "{name}" là {comma(amount):g}; hãy sửa hoặc bỏ ra.',
                )
    for name, amounts in (("budget", limits.budget), ("staff", limits.staff)):
        if amounts is not None and not (np.asarray(amounts, dtype=float) >= 0).all():
            raise ScienceError(
                f"the {name} is missing or negative in a year; give 0 where there is none.",
                f"{vi(name)} bị thiếu hoặc âm ở một năm; chỗ không có hãy cho 0.",
            )
    if limits.most_options is not None and limits.most_options < 0:
        raise ScienceError(
            f"most_options is {limits.most_options}; give a count, or None for no limit.",
            f"most_options là {limits.most_options}; hãy cho một số đếm, hoặc None nếu không giới hạn.",
        )


def _check_interactions(interactions: Sequence[Interaction | Overlap]) -> None:
    for one in interactions:
        names = ", ".join(one.codes)
        if not np.isfinite([one.value, *one.savings.values()]).all():
            raise ScienceError(
                f"what {names} do to each other is missing or infinite; give 0 where there is nothing.",
                f"ảnh hưởng lẫn nhau của {names} bị thiếu hoặc vô hạn; chỗ không có hãy cho 0.",
            )
        for code, share in one.shares.items() if isinstance(one, Overlap) else ():
            if not 0 <= share <= 1:
                raise ScienceError(
                    f"{code} saves the share {share:g} of what it overlaps in; give one between 0 and 1.",
                    f"{code} tiết kiệm phần {comma(share):g} của lượng chồng lấn; hãy cho một phần từ 0 đến 1.",
                )


def check_aim(
    options: Sequence[Option], aim: Mapping[str, float], interactions: Sequence[Interaction | Overlap]
) -> None:
    """Refuses a name in the aim that no option saves: a slip of the pen would choose nothing."""
    known = {VALUE}.union(*(o.savings for o in options), *(i.savings for i in interactions))
    for name, weight in aim.items():
        if name not in known:
            raise ScienceError(
                f'the aim "{name}" is saved by no option; the aims here are {", ".join(sorted(known))}.',
                f'không giải pháp nào tiết kiệm cho mục tiêu "{name}"; các mục tiêu ở đây là '
                f"{', '.join(sorted(known))}.",
            )
        if not np.isfinite(weight):
            raise ScienceError(
                f'the weight of the aim "{name}" is not a number.',
                f'trọng số của mục tiêu "{name}" không phải là số.',
            )
