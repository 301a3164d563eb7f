"""The province's communes as symbols with one chosen figure, and the same figures as a table.

The figures are those of the last computation, as in the table of communes; nothing is counted here.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from sachhon.apps.registry.map import MapDrawing, Place, project
from sachhon.apps.registry.models import Area
from sachhon.apps.reporting.province_tables import figure_link
from sachhon.documents.model import BreakdownRow, ProvinceReportData
from sachhon.documents.shapes import Lang
from sachhon.reference.numbers import format_number

NAMES_SHOWN = 10


@dataclass(frozen=True)
class Shown:
    """One figure that the map can show: its value in a row, its unit, and what its symbols mean."""

    code: str
    label: Promise
    value: Callable[[BreakdownRow], float | None]
    unit: str
    decimals: int
    legend: Promise
    is_rate: bool = True


def _reported(row: BreakdownRow) -> float | None:
    return 100 * row.reported / row.facilities if row.facilities else None


def _applying(row: BreakdownRow) -> float | None:
    return 100 * row.applying / row.facilities if row.facilities else None


def _saved(row: BreakdownRow) -> float | None:
    return None if row.reported_saving.toe is None else float(row.reported_saving.toe)


_OF_RATE = _(
    "The area of a circle is in proportion to the number of facilities; a filled one is at or above the province’s "
    "rate, a hollow one below it."
)
_OF_SAVING = _(
    "The area of a circle is in proportion to the saving; a red one with a minus used more than in its base year."
)
SHOWN = (
    Shown("reporting", _("Reports handed in"), _reported, "%", 0, _OF_RATE),
    Shown("applying", _("Applying cleaner production"), _applying, "%", 0, _OF_RATE),
    Shown("saving", _("Saving as reported"), _saved, "TOE", 1, _OF_SAVING, is_rate=False),
)


@dataclass(frozen=True)
class Line:
    """One commune of the table."""

    area: Area | None
    name: str
    facilities: int
    shown: str | SafeString


@dataclass(frozen=True)
class CommuneMap:
    """What templates/reporting/province_map.html shows."""

    chosen: Shown
    drawing: MapDrawing
    lines: tuple[Line, ...]
    total: Line


def commune_map(data: ProvinceReportData, province: str, wanted: str, lang: Lang) -> CommuneMap | None:
    """The map of the chosen figure (the first where none is named); None where nothing was cut by commune."""
    cut = data.breakdown("area")
    if cut is None:
        return None
    chosen = next((each for each in SHOWN if each.code == wanted), SHOWN[0])
    areas = {area.key: area for area in Area.objects.filter(province_code=province)}
    # The code of a commune's figure ends with the key of the commune.
    found = [(areas.get(row.figure_code.rpartition(":")[2]), row) for row in cut.rows]
    found.sort(key=lambda pair: -(chosen.value(pair[1]) or 0))
    mean = chosen.value(cut.total)
    places = [_place(area, row, chosen, mean, lang) for area, row in found if area is not None]
    lines = tuple(_line(area, row, chosen, lang) for area, row in found)
    return CommuneMap(chosen, project(places, NAMES_SHOWN), lines, _line(None, cut.total, chosen, lang))


def _place(area: Area, row: BreakdownRow, chosen: Shown, mean: float | None, lang: Lang) -> Place:
    value = chosen.value(row)
    words = format_number(value, lang, chosen.decimals)
    title = f"{words} {chosen.unit}" if value is not None else words
    if not chosen.is_rate:
        look = "map-worse" if (value or 0) < 0 else "map-has"
        return Place(area, abs(value or 0.0), format_number(value, lang, 0), title, look)
    look = "map-has" if value is not None and value >= (mean or 0) else "map-low"
    return Place(area, row.facilities, f"{words}%" if value is not None else "", title, look)


def _line(area: Area | None, row: BreakdownRow, chosen: Shown, lang: Lang) -> Line:
    words = format_number(chosen.value(row), lang, chosen.decimals)
    shown = figure_link(row.figure_code, words) if row.figure_code else format_html("{}", words)
    return Line(area, row.name, row.facilities, shown)
