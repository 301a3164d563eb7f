"""Measurements pasted from a spreadsheet: Vietnamese numbers, mixed units, any order of columns with a head."""

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import Assessment
from sachhon.apps.assessment.services.errors import FieldsWrong, RowsWrong
from sachhon.apps.assessment.services.flow.editing import Edit, Outcome, change
from sachhon.apps.assessment.services.flow.fields import field_label
from sachhon.apps.people.models import User
from sachhon.reference.text import fold
from sachhon.workbooks.numbers import infer_separators, parse_number

MOST_ROWS = 3000
ORDER = ("stream", "value", "unit", "spread", "period", "layer", "source", "meter", "evidence")
HEADS = {
    "stream": ("dong", "ten dong", "stream", "ma dong"),
    "value": ("gia tri", "so luong", "luong", "value", "quantity"),
    "unit": ("don vi", "dvt", "unit"),
    "spread": ("do khong dam bao", "do lech chuan", "sai so", "uncertainty", "standard uncertainty", "±"),
    "spread95": ("do khong dam bao 95%", "sai so 95%", "uncertainty 95%", "± 95%", "±95%"),
    "period": ("thang", "ky", "month", "period"),
    "layer": ("chat", "cua cai gi", "layer", "substance"),
    "what": ("loai", "loai so do", "what", "quantity or content"),
    "source": ("nguon", "source"),
    "meter": ("dong ho", "chung tu", "meter", "meter or document"),
    "evidence": ("minh chung", "evidence"),
}
WIDE_MARK = re.compile(r"\(?\s*95\s*%\s*\)?")
_SPREAD = re.compile(r"^\s*(±|\+/-|cấp|class)?\s*(.*?)\s*(%)?\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class RowProblem:
    """A row of what was pasted that cannot be taken, and why."""

    row: int
    column: str
    text: str


class PasteRefused(Exception):
    """Nothing was stored; `problems` names every bad row."""

    def __init__(self, problems: list[RowProblem]) -> None:
        super().__init__("; ".join(p.text for p in problems))
        self.problems = problems


def paste(actor: User, assessment: Assessment, text: str) -> Outcome:
    """Stores every row as a measurement, or none: `PasteRefused` says which rows are wrong and what to do."""
    rows = [[cell.strip() for cell in line.split("\t")] for line in text.splitlines()]
    numbered = [(n, row) for n, row in enumerate(rows, 1) if any(row)][:MOST_ROWS]
    if not numbered:
        raise PasteRefused([RowProblem(1, "", _("Paste rows copied from a spreadsheet."))])
    order = heads_of(numbered[0][1])
    if order:
        numbered = numbered[1:]
    columns = order or list(ORDER)
    value_at = columns.index("value")
    style = infer_separators(row[value_at] for _n, row in numbered if len(row) > value_at)
    edits = []
    for _n, row in numbered:
        cells = dict(zip(columns, row, strict=False))
        cells.pop("", None)
        edits.append(Edit("measurement", as_fields(cells, style)))
    try:
        return change(actor, assessment, edits)
    except RowsWrong as wrong:
        raise PasteRefused(
            [
                RowProblem(numbered[k][0], field_label("measurement", column), words)
                for k, fields in wrong.rows.items()
                for column, words in fields.items()
            ]
        ) from None
    except FieldsWrong as wrong:
        raise PasteRefused(
            [RowProblem(numbered[0][0], field_label("measurement", c), w) for c, w in wrong.fields.items()]
        ) from None


def heads_of(row: list[Any]) -> list[str] | None:
    """The fields of a head row by its words; None where it is no head."""
    names = []
    for cell in row:
        word = fold(str(cell).split("(")[0]).strip(" :.")
        if WIDE_MARK.search(str(cell)):
            word = f"{WIDE_MARK.sub('', word).strip()} 95%"
        names.append(next((field for field, words in HEADS.items() if word in words), ""))
    return names if "stream" in names and "value" in names else None


def as_fields(cells: dict[str, Any], style: str | None) -> dict[str, Any]:
    """The cells of a row as fields: the number by the column's separators, the uncertainty by its sign."""
    out = {name: cell for name, cell in cells.items() if str(cell).strip()}
    number = parse_number(out.get("value"), style) if "value" in out else None
    if number is not None:
        out["value"] = number
    if "spread95" in out:
        out["spread"] = out.pop("spread95")
        out["spread_at"] = "95"
    if isinstance(out.get("spread"), str):
        if out["spread"].rstrip().endswith(")") and WIDE_MARK.search(out["spread"]):
            out["spread"], out["spread_at"] = WIDE_MARK.sub("", out["spread"]), "95"
        sign, amount, percent = _SPREAD.match(out["spread"]).groups()
        kind = "pct" if percent else "class" if sign and fold(sign) in ("cap", "class") else "abs"
        out["spread_kind"], out["spread"] = kind, parse_number(amount, style) or amount
    return out
