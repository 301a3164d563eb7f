"""The report's lines on gross errors: one for each meter or process, with the periods in which it is off.

A meter out of adjustment is so in every period, and each period accuses it anew. Whoever is to look at it reads one
line, in the place of its most certain error.
"""

from __future__ import annotations

from collections.abc import Sequence

from sachhon.science.balance.causes import Cause, off
from sachhon.science.balance.diagnosis import GrossError

MOST_ALTERNATIVES = 4


def lines(errors: Sequence[GrossError], periods: Sequence[str], lang: str = "vi") -> tuple[str, ...]:
    """What to look at, in the order of the errors given; each a sentence or two, without a number before it.

    periods : in their order in time, in which a line tells them.
    """
    order = {period: k for k, period in enumerate(periods)}
    groups: dict[tuple[str, str], list[GrossError]] = {}
    for error in errors:
        groups.setdefault((error.cause.kind, error.cause.subject or error.cause.name), []).append(error)
    for group in groups.values():
        group.sort(key=lambda error: order.get(error.cause.period, len(order)))
    return tuple(
        group[0].words(lang) if len(group) == 1 else _together(group, lang) for group in groups.values()
    )


def _together(group: Sequence[GrossError], lang: str) -> str:
    """A sentence on one meter or process that is off in several periods."""
    cause = group[0].cause
    vi = lang == "vi"
    name = cause.about(lang)
    each = "; ".join(off(e.cause, e.standard_uncertainty, lang, e.cause.period) for e in group)
    if cause.kind == "meter":
        text = f"Kiểm tra đồng hồ của {name}: {each}." if vi else f"Check the meter of {name}: {each}."
    else:
        text = f"Kiểm tra {name}: {each}." if vi else f"Check {name}: {each}."
    same = _names([one for error in group for one in error.same], lang)
    close = _names([one for error in group for one in error.close], lang)
    if same:
        text += (
            f" Cân bằng không phân biệt được với: {same}."
            if vi
            else f" The balances cannot tell this from: {same}."
        )
    if close:
        text += f" Cũng chưa loại trừ được: {close}." if vi else f" Not excluded either: {close}."
    return text


def _names(causes: Sequence[Cause], lang: str) -> str:
    """The alternatives of all periods, each once; their sizes differ by period and are left out."""
    found = dict.fromkeys(
        (f"đồng hồ của {c.about(lang)}" if lang == "vi" else f"the meter of {c.about(lang)}")
        if c.kind == "meter"
        else c.about(lang)
        for c in causes
    )
    return "; ".join(list(found)[:MOST_ALTERNATIVES])
