"""Charts of the documents and of the web pages: one spec, drawn as SVG or PNG.

Each function takes plain data and returns a `ChartSpec` with its title, its alternative text and the table
that stands beside it; `to_svg` and `to_png` draw it without a browser.
"""

from sachhon.documents.charts.benchmarks import benchmark_ladders
from sachhon.documents.charts.carrying_out import Task, against_baseline, cusum, gantt
from sachhon.documents.charts.choice import Bar, Block, Point, abatement, front, tornado
from sachhon.documents.charts.decision import WeightRoom, weight_rooms
from sachhon.documents.charts.facility import MonthlySeries, Multiples, monthly_lines, small_multiples
from sachhon.documents.charts.look import OKABE_ITO, to_png, to_svg
from sachhon.documents.charts.parts import stacked_bars
from sachhon.documents.charts.province import report_charts, savings_waterfall, sector_bars, yearly_bars
from sachhon.documents.charts.ranges import range_bars
from sachhon.documents.charts.targets import targets_bars

__all__ = [
    "OKABE_ITO",
    "Bar",
    "Block",
    "MonthlySeries",
    "Multiples",
    "Point",
    "Task",
    "WeightRoom",
    "abatement",
    "against_baseline",
    "benchmark_ladders",
    "cusum",
    "front",
    "gantt",
    "monthly_lines",
    "range_bars",
    "report_charts",
    "savings_waterfall",
    "sector_bars",
    "small_multiples",
    "stacked_bars",
    "targets_bars",
    "to_png",
    "to_svg",
    "tornado",
    "weight_rooms",
    "yearly_bars",
]
