"""Codes of the province's figures: what a dotted underline, a footnote and `sachhon explain` use.

`province:20:2026:toe`, `province:20:2026:saving:reported:electricity`, …; in an issue the suffix of the issue
is added, `province:20:2026:toe:issue-1-ministry`. Codes of targets are the programme's (`target:…`).
"""

import re

_ISSUE = re.compile(r":issue-\d+-[a-z_]+$")


def code(province: str, year: int, *parts: str) -> str:
    """The code of one figure of the province."""
    return ":".join(["province", province, str(year), *parts])


def issued_code(current: str, suffix: str) -> str:
    """The code of a figure's copy in an issue."""
    return f"{current}:{suffix}"


def current_code(issued: str, suffix: str) -> str:
    """The code of the living figure an issued one was copied from."""
    return issued.removesuffix(f":{suffix}")


def parts_of(figure_code: str) -> list[str]:
    """What a province's figure is of, living or issued: `["sector", "brick"]`; empty for a code of another kind."""
    kind, *rest = _ISSUE.sub("", figure_code).split(":")
    return rest[2:] if kind == "province" else []
