"""Where things stand on the official form: its sheets, the fields of sheet 1, the columns of the tables.

The writer follows it; the reader takes from it only which fields and columns exist, and finds them in a
workbook by their words, never by these places.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

VERSION = "2026.1"
META_SHEET = "_sachhon"
LISTS_SHEET = "lists"

FIRST_YEAR = 2010
"""A report of an earlier year, or of a year not begun, is a slip of the pen."""

SAVINGS_A_ROW = 3
"""Resources saved that fit on a solution's row; more go on a row below, without a name."""

Kind = Literal["text", "number", "money", "date", "year", "choice", "unit", "total", "locked", "months"]


@dataclass(frozen=True)
class Field:
    """One line of sheet 1: the attribute of the report it fills, and how it is written."""

    key: str
    kind: Kind
    choices: str = ""


@dataclass(frozen=True)
class Column:
    """One column of a table. `label` is the key of its words, `number` the T1..T12 or the n-th saving."""

    key: str
    kind: Kind
    width: float
    choices: str = ""
    label: str = ""
    number: int = 0
    required: bool = False

    @property
    def words(self) -> str:
        return f"col.{self.label or self.key}"


@dataclass(frozen=True)
class Table:
    """A sheet of rows: which columns, how many are frozen at the left, how many empty rows are offered."""

    key: str
    columns: tuple[Column, ...]
    frozen: int
    spare: int

    @property
    def sheet(self) -> str:
        return f"sheet.{self.key}"

    def place(self, key: str, number: int = 0) -> int:
        return next(at for at, each in enumerate(self.columns) if (each.key, each.number) == (key, number))


FACILITY_FIELDS = (
    Field("year", "year"),
    Field("facility_name", "text"),
    Field("facility_code", "text"),
    Field("tax_code", "text"),
    Field("trade", "text"),
    Field("address", "text"),
    Field("area_name", "text"),
    Field("area_code", "text"),
    Field("employees", "number"),
    Field("revenue_vnd", "money"),
    Field("capital_vnd", "money"),
    Field("contact_name", "text"),
    Field("contact_phone", "text"),
    Field("contact_email", "text"),
)
CP_FIELDS = (
    Field("cp_aware", "choice", "answers"),
    Field("cp_applying", "choice", "answers"),
    Field("cp_since", "year"),
    Field("cp_unit", "choice", "answers"),
    Field("cp_unit_decision", "text"),
    Field("cp_unit_people", "text"),
)
SIGNER_FIELDS = (Field("signer_name", "text"), Field("signer_title", "text"), Field("signed_on", "date"))

_INDEX = Column("index", "locked", 4)
_UNIT = Column("unit", "unit", 8, "units", required=True)
_LAST_YEAR = Column("last_year", "locked", 9.5)
_MONTHS = tuple(Column("month", "number", 7.3, number=month) for month in range(1, 13))
_TOTAL = Column("total", "total", 10.5)
_TAIL = (
    Column("estimated", "months", 8),
    Column("source", "choice", 9, "sources"),
    Column("note", "text", 14),
)

PRODUCTS = Table(
    "products",
    (
        _INDEX,
        Column("name", "text", 30, label="output_name", required=True),
        _UNIT,
        _LAST_YEAR,
        *_MONTHS,
        _TOTAL,
        *_TAIL,
        Column("code", "locked", 9),
    ),
    frozen=3,
    spare=5,
)
INPUTS = Table(
    "inputs",
    (
        _INDEX,
        Column("name", "text", 22, required=True),
        Column("resource", "choice", 16, "resources"),
        _UNIT,
        _LAST_YEAR,
        *_MONTHS,
        _TOTAL,
        Column("cost", "money", 13.5),
        *_TAIL,
    ),
    frozen=4,
    spare=6,
)
WASTES = Table(
    "wastes",
    (
        _INDEX,
        Column("name", "text", 20, required=True),
        Column("flow", "choice", 10, "flows"),
        Column("resource", "choice", 16, "residues"),
        _UNIT,
        _LAST_YEAR,
        *_MONTHS,
        _TOTAL,
        Column("cost", "money", 13, label="treatment_cost"),
        *_TAIL,
    ),
    frozen=5,
    spare=5,
)
SOLUTIONS = Table(
    "solutions",
    (
        _INDEX,
        Column("solution_name", "text", 32, required=True),
        Column("group", "choice", 22, "groups"),
        Column("state", "choice", 9, "states"),
        Column("started", "date", 10.5),
        Column("done", "date", 10.5),
        Column("investment", "money", 13.5),
        *(
            column
            for n in range(1, SAVINGS_A_ROW + 1)
            for column in (
                Column("saved_resource", "choice", 13, "resources", number=n),
                Column("saved_quantity", "number", 9.5, number=n),
                Column("saved_unit", "unit", 8, "units", number=n),
            )
        ),
        Column("saved_money", "money", 13.5),
        Column("reason", "text", 22),
    ),
    frozen=2,
    spare=5,
)
REMARKS = Table(
    "remarks",
    (
        _INDEX,
        Column("difficulty", "text", 62),
        Column("request", "text", 62),
    ),
    frozen=0,
    spare=3,
)
TABLES = (PRODUCTS, INPUTS, WASTES, SOLUTIONS, REMARKS)
