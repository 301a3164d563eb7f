"""What the lines above a table say for all of it: its year, its month or quarter, its unit."""

from __future__ import annotations

import re

from sachhon.workbooks.grid import Sheet
from sachhon.workbooks.kinds import kind_of
from sachhon.workbooks.units import known_unit
from sachhon.workbooks.values import Period, find_year, fold, month_of, parse_period


def title_year(sheet: Sheet, titles: tuple[str, ...], file_name: str) -> int | None:
    """The year that the table's titles, the sheet's name, its first lines or the file's name speak of."""
    above = tuple(v for row in sheet.rows[:12] for v in row if isinstance(v, str) and len(v) > 6)
    for text in (*titles, sheet.name, *(t for t in above if kind_of(t) == "text"), file_name):
        if year := find_year(text):
            return year
    match = re.search(r"(?<!\d)(20\d\d)(?!\d)", f"{sheet.name} {file_name}")
    if match:
        return int(match[1])
    # "BẢNG TỔNG HỢP TIÊU THỤ 2025": a year without the word, where no other number of its kind stands there.
    bare = {int(y) for text in titles for y in re.findall(r"(?<![\d.,/-])(20[0-4]\d)(?![\d.,/-]?\d)", text)}
    return bare.pop() if len(bare) == 1 else None


def title_period(sheet: Sheet, titles: tuple[str, ...], year: int | None) -> Period | None:
    """The month or quarter that a title or the sheet's name gives to the whole table, else the year."""
    for text in (*titles, sheet.name):
        key = fold(text)
        match = re.search(
            r"(?<![a-z])(?:thang|thg|th|t|month)[ .]?(\d{1,2})(?:[-/. ]*(?:nam)? ?(20\d\d))?(?![\d/])", key
        )
        if match and 1 <= int(match[1]) <= 12 and (match[2] or year):
            return month_of(int(match[2] or year or 0), int(match[1]))
        match = re.search(r"quy (\d|iv|i{1,3})(?:[-/. ]*(?:nam)? ?(20\d\d))?(?!\d)", key)
        if match and (match[2] or year):
            return parse_period(f"quy {match[1]} {match[2] or year}")
        if (exact := parse_period(text, year)) and exact.days > 1:
            return exact
    return parse_period(str(year)) if year else None


def table_unit(titles: tuple[str, ...]) -> str | None:
    """The unit that a line "(ĐVT: 1000 viên)" above the table gives to all of it."""
    for text in titles:
        match = re.search(
            r"(?:đvt|đơn vị(?: tính)?|dvt|don vi(?: tinh)?|unit)\s*:\s*([^;)\]]+)", text, re.IGNORECASE
        )
        if match and known_unit(match[1].strip(" .")):
            return match[1].strip(" .")
    for text in titles:
        for inside in re.findall(r"\(([^()]{1,15})\)", text):
            if known_unit(inside):
                return inside
    return None
