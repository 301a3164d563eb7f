"""What one cell says: a number, a day, a period, or text to be mended. The door to the modules behind it.

``numbers`` and ``dates`` read, ``legacy`` repairs old font codings, ``sachhon.reference.text.fold`` compares
without marks ("oà" and "òa", "Đ" and "d" are the same to it).
"""

from sachhon.reference.text import fold
from sachhon.workbooks.dates import (
    LIKELY_YEARS,
    Period,
    find_year,
    month_code,
    month_of,
    parse_date,
    parse_moment,
    parse_period,
)
from sachhon.workbooks.legacy import detect_legacy, repair_text
from sachhon.workbooks.numbers import (
    NumberText,
    Separators,
    infer_separators,
    is_dash,
    is_nothing,
    parse_number,
    read_number,
)

__all__ = [
    "LIKELY_YEARS",
    "NumberText",
    "Period",
    "Separators",
    "detect_legacy",
    "find_year",
    "fold",
    "infer_separators",
    "is_dash",
    "is_nothing",
    "month_code",
    "month_of",
    "parse_date",
    "parse_moment",
    "parse_number",
    "parse_period",
    "read_number",
    "repair_text",
]
