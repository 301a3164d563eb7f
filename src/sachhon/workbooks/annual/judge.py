"""What only the whole report shows: parts that are missing, production without output, another's form."""

from __future__ import annotations

from collections.abc import Mapping

from sachhon.workbooks.annual.cells import Findings
from sachhon.workbooks.annual.labels import label
from sachhon.workbooks.annual.model import AnnualReportData
from sachhon.workbooks.problems import Level, Problem


def judge(data: AnnualReportData, sections: frozenset[str], meta: Mapping[str, str], found: Findings) -> None:
    """Add to `found` what the report as a whole lacks or contradicts; `sections` are the tables found."""
    _judge_parts(data, sections, found)
    _judge_output(data, found)
    expected = meta.get("tax_code", "")
    if expected and data.tax_code and expected != data.tax_code:
        _note(found, "error", "annual_tax_code_differs", "tax_code", value=data.tax_code, expected=expected)


def _judge_parts(data: AnnualReportData, sections: frozenset[str], found: Findings) -> None:
    if not data.facility_name and not data.tax_code:
        _note(found, "error", "annual_section_missing", "", section=label("sheet.general"))
    for flow, sheet in (("output", "products"), ("consumption", "inputs")):
        if data.lines_of(flow):  # pyright: ignore[reportArgumentType]
            continue
        level, rule = (
            ("warning", "annual_section_empty") if flow in sections else ("error", "annual_section_missing")
        )
        _note(found, level, rule, "", section=label(f"sheet.{sheet}"))


def _judge_output(data: AnnualReportData, found: Findings) -> None:
    """A month in which every product says 0, while something was consumed."""
    products, inputs = data.lines_of("output"), data.lines_of("consumption")
    if not products or not inputs:
        return
    idle = []
    for month in range(12):
        made = [line.months[month] for line in products if line.months[month] is not None]
        if made and not any(made) and any(line.months[month] for line in inputs):
            idle.append(f"T{month + 1}")
    first = data.lines.index(products[0])
    if idle:
        path = f"lines.{first}.months.{int(idle[0][1:]) - 1}"
        _note(found, "warning", "annual_output_zero", path, months=", ".join(idle))
    elif all(line.total == 0 for line in products) and any(line.total for line in inputs):
        _note(found, "warning", "annual_output_zero", f"lines.{first}.total", months=str(data.year))


def _note(found: Findings, level: Level, rule: str, path: str, **params: object) -> None:
    sheet, cell = found.origins.get(path, (None, None))
    found.problems.append(Problem(level, rule, sheet, cell, params))
