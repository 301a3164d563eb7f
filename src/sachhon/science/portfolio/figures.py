"""The figures of options as arrays, checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sachhon.science.numeric import finite, floats, whole_number
from sachhon.science.numeric import number as figure
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
    for n, o in zip(length, options, strict=True):
        last = n + min(o.starts)
        if last > years:
            raise ScienceError(
                f"{o.code} needs money or staff in year {last}, the limits name no year after year {years}; add the "
                "years.",
                f"{o.code} cần tiền hoặc nhân lực ở năm thứ {last}, các giới hạn chỉ nêu đến năm thứ {years}; hãy "
                "thêm năm.",
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
                f"the option {code}, named by {who}, is not among the options.",
                f"giải pháp {code}, được {vi(who)} nhắc đến, không có trong các giải pháp.",
            )
    both = sorted(set(limits.must) & set(limits.never))
    if both:
        raise ScienceError(
            f"{', '.join(both)}: both in `must` and in `never`; take it out of one.",
            f"{', '.join(both)}: vừa ở `must` vừa ở `never`; hãy bỏ khỏi một bên.",
        )
    _check_interactions(interactions)
    _check_limits(options, limits, interactions)
    bad = next((o for o in options if not finite(o.value)), None)
    if bad is not None:
        figure(bad.value, f"the value of {bad.code}", f"giá trị của {bad.code}")
        raise ScienceError(
            f"the value of {bad.code} is missing or infinite; fill it or leave the option out.",
            f"giá trị của {bad.code} bị thiếu hoặc vô hạn; hãy điền vào hoặc bỏ giải pháp ra.",
        )
    for o in options:
        for amount in (o.cost, o.staff):
            if isinstance(amount, int | float) and amount >= 0 and amount < np.inf:
                continue
            array = floats(
                amount, f"a cost or staff need of {o.code}", f"chi phí hoặc nhu cầu nhân lực của {o.code}"
            )
            if not (np.isfinite(array) & (array >= 0)).all():
                raise ScienceError(
                    f"a cost or staff need of {o.code} is missing, infinite or negative.",
                    f"chi phí hoặc nhu cầu nhân lực của {o.code} bị thiếu, vô hạn hoặc âm.",
                )
        if not all(map(finite, o.savings.values())):
            for name, saved in o.savings.items():
                figure(saved, f"the saving of {name} of {o.code}", f"mức tiết kiệm {name} của {o.code}")
            raise ScienceError(
                f"a saving of {o.code} is missing or infinite; leave the resource out where nothing is known.",
                f"một mức tiết kiệm của {o.code} bị thiếu hoặc vô hạn; chưa biết thì hãy bỏ tài nguyên đó ra.",
            )
        if o.starts != (0,):
            for start in o.starts:
                whole_number(start, f"a start of {o.code}", f"năm bắt đầu của {o.code}")
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
            figure(amount, f'the limit of the {kind} "{name}"', f'giới hạn của {vi(kind)} "{name}"')
            if not np.isfinite(amount) or (kind == "sector" and amount < 0):
                raise ScienceError(
                    f'the limit of the {kind} "{name}" is {amount:g}; correct it or leave it out.',
                    f'giới hạn của {vi(kind)} "{name}" là {comma(amount):g}; hãy sửa hoặc bỏ ra.',
                )
    for name, amounts in (("budget", limits.budget), ("staff", limits.staff)):
        if amounts is not None and not (floats(amounts, f"the {name}", vi(name)) >= 0).all():
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
        if isinstance(one, Interaction) and one.first == one.second:
            raise ScienceError(
                f"an interaction names {one.first} twice; it is between two options: add what it says to the option.",
                f"một tương tác nêu {one.first} hai lần; tương tác là giữa hai giải pháp: hãy cộng phần đó vào chính "
                "giải pháp.",
            )
        for amount in (one.value, *one.savings.values()):
            figure(amount, f"what {names} do to each other", f"ảnh hưởng lẫn nhau của {names}")
        if not np.isfinite([one.value, *one.savings.values()]).all():
            raise ScienceError(
                f"what {names} do to each other is missing or infinite; give 0 where there is nothing.",
                f"ảnh hưởng lẫn nhau của {names} bị thiếu hoặc vô hạn; chỗ không có hãy cho 0.",
            )
        for code, share in one.shares.items() if isinstance(one, Overlap) else ():
            figure(share, f"the share that {code} saves", f"phần mà {code} tiết kiệm")
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
        figure(weight, f'the weight of the aim "{name}"', f'trọng số của mục tiêu "{name}"')
        if not np.isfinite(weight):
            raise ScienceError(
                f'the weight of the aim "{name}" is not a number.',
                f'trọng số của mục tiêu "{name}" không phải là số.',
            )
