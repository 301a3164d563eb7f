"""Charts of options as pages show them: the drawing, its words, and the table beside it."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from sachhon.apps.assessment.forms_options import unit_word
from sachhon.apps.assessment.models import Option
from sachhon.apps.registry.models import Resource
from sachhon.apps.registry.pages import svg
from sachhon.documents.charts import Bar, tornado
from sachhon.documents.numbers import format_cell, format_quantity
from sachhon.documents.shapes import ChartSpec

MILLION = 1e6


def on_page(chart: ChartSpec, lang: str) -> dict:
    """What includes/chart.html takes."""
    columns = chart.table.columns
    return {
        "svg": svg(chart),
        "title": chart.title,
        "alt": chart.description,
        "note": chart.table.note,
        "columns": [{"label": c.title, "unit": c.unit, "num": c.kind != "text"} for c in columns],
        "rows": [
            {"cells": [format_cell(v, c, lang) for v, c in zip(row, columns, strict=True)]}
            for row in chart.table.rows
        ],
    }


def tornado_spec(option: Option, names: Mapping[str, Resource], lang: str) -> ChartSpec:
    """The tornado of an option's net present value, in million VND."""
    bars = [
        Bar(
            _input_word(name, names),
            _end(name, low, names, lang),
            _end(name, high, names, lang),
            npv_low / MILLION,
            npv_high / MILLION,
        )
        for name, low, high, npv_low, npv_high, _even in option.result["tornado"]
    ]
    return tornado(f"tornado-{option.number}", bars, option.result["npv"] / MILLION, lang)


def tornado_chart(option: Option, names: Mapping[str, Resource], lang: str) -> dict:
    """The same as a page shows it."""
    return on_page(tornado_spec(option, names, lang), lang)


def _input_word(name: str, names: Mapping[str, Resource]) -> str:
    kind, _colon, code = name.partition(":")
    if kind == "investment":
        return _("Investment (million VND)")
    resource = names[code]
    words = (
        _("%(resource)s saved (%(unit)s a year)")
        if kind == "q"
        else _("Price of %(resource)s (dong/%(unit)s)")
    )
    return words % {"resource": resource.name, "unit": unit_word(resource.unit)}


def _end(name: str, value: float, names: Mapping[str, Resource], lang: str) -> str:
    return format_quantity(value / MILLION if name == "investment" else value, lang)
