"""Puts a facility's page together from the reads: charts, latest figures, timeline. Shows, decides nothing."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sachhon.apps.people.models import AuditEntry
from sachhon.apps.people.verbs import verb_text
from sachhon.apps.registry.models import Facility, Figure
from sachhon.apps.registry.papers import papers_of
from sachhon.apps.registry.queries.facilities import duplicates_of
from sachhon.apps.registry.queries.series import (
    Series,
    facility_series,
    intensity_series,
    weighted_output,
)
from sachhon.apps.registry.sizes import size_label
from sachhon.apps.registry.templatetags.registry import unit_word
from sachhon.documents.charts import MonthlySeries, small_multiples, to_svg
from sachhon.documents.numbers import format_cell
from sachhon.science.intensity import change_points

MOST_PANELS = 16
LEAST_LEVEL = 12  # months that a level has to last


@dataclass(frozen=True)
class Event:
    """One line of the timeline."""

    on: datetime.date
    title: str
    detail: str = ""
    url: str = ""
    icon: str = "point"


@dataclass(frozen=True)
class Box:
    """A part of the page that a higher room adds (reports, assessments, …)."""

    title: str
    template: str
    context: dict


Timeline = Callable[..., list[Event]]
Boxes = Callable[..., list[Box]]
_timelines: list[Timeline] = []
_boxes: list[Boxes] = []


def register_timeline(provider: Timeline) -> None:
    """A higher room adds its events: provider(user, facility) -> list[Event]. Called from AppConfig.ready()."""
    _timelines.append(provider)


def register_boxes(provider: Boxes) -> None:
    """A higher room adds its boxes: provider(user, facility, year) -> list[Box]. Called from AppConfig.ready()."""
    _boxes.append(provider)


def facility_page(user, facility: Facility, year: int) -> dict:
    """The context of registry/facility.html."""
    series = facility_series(user, facility)
    size = facility.years.filter(year__lte=year).order_by("-year").first()
    return {
        "facility": facility,
        "year": year,
        "size": size,
        "size_label": size_label(size.size_class if size else "unknown"),
        "may_edit": user.may("registry.facility.edit_own"),
        "may_manage": user.may("registry.facility.edit"),
        "may_record": user.may("registry.record.edit"),
        "may_merge": user.may("registry.facility.merge"),
        "products": facility.products.all(),
        "assignments": facility.assignments.select_related("user", "user__organisation"),
        "duplicates": duplicates_of(user, facility) if user.may("registry.facility.merge") else [],
        "merges": facility.merges.filter(undone_at=None).select_related("absorbed", "actor"),
        "year_rows": year_rows(user, facility, series, year),
        "chart": chart_of(facility, series),
        "timeline": timeline(user, facility),
        "papers": papers_of(user, facility),
        "boxes": [box for provider in _boxes for box in provider(user, facility, year)],
    }


def year_rows(user, facility: Facility, series: list[Series], year: int) -> list[dict]:
    """One row a product or resource: this year, last year, and the code of the intensity figure if there is one."""
    codes = set(
        Figure.objects.visible_to(user)
        .filter(code__startswith=f"intensity:{facility.code}:{year}:")
        .values_list("code", flat=True)
    )
    rows = []
    for one in series:
        code = f"intensity:{facility.code}:{year}:{one.code}"
        rows.append(
            {
                "flow": one.flow,
                "name": one.name,
                "unit": one.unit,
                "this": one.of_year(year),
                "last": one.of_year(year - 1),
                "estimated": any(y == year for y, _m in one.estimated),
                "cost_vnd": sum(c for (y, _m), c in one.cost_vnd.items() if y == year) or None,
                "cost_closed": any(y == year for y, _m in one.closed_costs),
                "figure": code if code in codes else "",
                "url": reverse("registry:records", args=[facility.code]) + f"?year={year}&item={one.code}",
            }
        )
    return rows


def chart_of(facility: Facility, series: list[Series]) -> dict | None:
    """Small multiples: output of each product, then consumption and specific consumption of the main resources."""
    outputs = [s for s in series if s.flow == "output"]
    inputs = [s for s in series if s.flow == "consumption"]
    if not series:
        return None
    weights = {f"product-{p.pk}": p.norm_weight for p in facility.products.all()}
    output = weighted_output(outputs, weights)
    first_year = min((y for s in series for y in s.years), default=None)
    panels: list[MonthlySeries] = []
    if len(outputs) == 1:
        panels.append(_panel(_("Output"), unit_word(outputs[0].unit), output))
    else:  # kinds of product are not added up for the eye: each has its own panel
        panels += [_panel(one.name, unit_word(one.unit), one.values) for one in outputs]
    for one in inputs:
        panels.append(_panel(one.name, unit_word(one.unit), one.values))
        per_unit = intensity_series(one, output)
        if per_unit and outputs:
            label = (
                _("%(resource)s per unit") if len(outputs) == 1 else _("%(resource)s per unit, all products")
            )
            label = label % {"resource": one.name}
            panels.append(
                _panel(
                    label,
                    f"{unit_word(one.unit)}/{unit_word(outputs[0].unit)}",
                    per_unit,
                    _baseline(one, output, first_year),
                    first_year,
                    changes=level_changes(per_unit),
                )
            )
    lang = "en" if get_language() == "en" else "vi"
    chart = small_multiples(
        "facility",
        _("Output, consumption and specific consumption"),
        panels[:MOST_PANELS],
        lang,
    )
    panels = ((svg(panel),) for panel in chart.panels)
    return {
        "svg": format_html('<div class="chart-panels">{}</div>', format_html_join("", "{}", panels)),
        "title": _("Output, consumption and specific consumption"),
        "alt": chart.description,
        "columns": [{"label": c.title, "unit": c.unit, "num": c.kind != "text"} for c in chart.table.columns],
        "rows": [
            {"cells": [format_cell(v, c, lang) for v, c in zip(row, chart.table.columns, strict=True)]}
            for row in chart.table.rows
        ],
    }


def svg(chart) -> SafeString:
    """A chart as text that can stand in a page; the drawing is made on the server from our own specs.

    One of several panels is there twice: as it stands in a document, and panel under panel for a narrow page.
    """
    whole = mark_safe(to_svg(chart, look="page"))  # noqa: S308 - vl-convert escapes texts
    if not chart.panels:
        return whole
    panels = format_html_join("", "{}", ((svg(panel),) for panel in chart.panels))
    return format_html(
        '<div class="chart-wide">{}</div><div class="chart-panels chart-narrow">{}</div>', whole, panels
    )


def timeline(user, facility: Facility, limit: int = 40) -> list[Event]:
    """What happened, newest first: the history of the facility itself and what the rooms above add."""
    entries = AuditEntry.objects.visible_to(user).filter(
        object_type="registry.facility", object_id=str(facility.pk)
    )
    events = [
        Event(on=localtime(e.at).date(), title=verb_text(e.verb), detail=e.actor_name, icon="history")
        for e in entries[:limit]
    ]
    for provider in _timelines:
        events.extend(provider(user, facility))
    return sorted(events, key=lambda e: e.on, reverse=True)[:limit]


def level_changes(values: dict[tuple[int, int], Decimal]) -> tuple[tuple[int, int], ...]:
    """The months from which the level of a series is another, each level lasting a year at least.

    A level that differs by less than 3 % from the one before is not worth a look.
    """
    months = sorted(values)
    if len(months) < 2 * LEAST_LEVEL:
        return ()
    y = [float(values[m]) for m in months]
    cuts = (0, *change_points(y, max_breaks=4, smallest=LEAST_LEVEL).chosen, len(y))
    levels = [sum(y[a:b]) / (b - a) for a, b in pairwise(cuts)]
    return tuple(
        months[cut]
        for cut, before, after in zip(cuts[1:-1], levels, levels[1:], strict=False)
        if abs(after - before) >= 0.03 * abs(before)
    )


def _panel(name, unit, values: dict, baseline=None, baseline_year=None, changes=()) -> MonthlySeries:
    size = max((abs(v) for v in values.values()), default=Decimal(0))
    months = _every_month(values)
    return MonthlySeries(
        name=str(name),
        unit=unit,
        months=months,
        values=tuple(values.get(m) for m in months),
        baseline=baseline,
        baseline_year=baseline_year,
        changes=changes,
        decimals=0 if size >= 1000 else 1 if size >= 10 else 3,
    )


def _every_month(values: dict) -> tuple[tuple[int, int], ...]:
    """Every month from the first known to the last: what is not known is a gap, not a line across it."""
    if not values:
        return ()
    (y0, m0), (y1, m1) = min(values), max(values)
    return tuple((n // 12, n % 12 + 1) for n in range(12 * y0 + m0 - 1, 12 * y1 + m1))


def _baseline(consumption: Series, output: dict, year: int | None) -> Decimal | None:
    """Specific consumption of the first year, as the dashed line."""
    used = consumption.of_year(year) if year else None
    made = sum((q for (y, _m), q in output.items() if y == year), Decimal(0))
    return used / made if used is not None and made > 0 else None
