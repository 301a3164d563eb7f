"""Puts the pages of a treatment together. Shows, decides nothing."""

from decimal import Decimal

from django.utils.translation import gettext as _

from sachhon.apps.assessment import treatment_words as words
from sachhon.apps.assessment.clash_pages import rows_of
from sachhon.apps.assessment.forms_options import language
from sachhon.apps.assessment.models import Assessment, Treatment
from sachhon.apps.assessment.option_charts import on_page
from sachhon.apps.assessment.queries.assessments import may_edit
from sachhon.apps.assessment.services.merging import Collision
from sachhon.apps.assessment.services.treatment_figures import code_of, names_of
from sachhon.apps.assessment.services.treatment_stream import is_closed
from sachhon.documents.charts import range_bars
from sachhon.documents.numbers import format_quantity
from sachhon.documents.shapes import ChartSpec
from sachhon.reference.treatment import treatable
from sachhon.reference.units import unit_label

MILLION = 1_000_000


def list_page(user, assessment: Assessment) -> dict:
    """The context of options/treatments.html."""
    rows = [
        {
            "row": t,
            "count": len(t.alternatives),
            "chosen": words.name_of(t, t.chosen),
            "problem": _("confidential") if is_closed(user, t) else words.problem_of(t),
            "first": "" if is_closed(user, t) else words.best_of(t),
        }
        for t in Treatment.objects.visible_to(user).filter(assessment=assessment)
    ]
    return {"assessment": assessment, "rows": rows, "may_edit": may_edit(user, assessment)}


def one_page(user, row: Treatment) -> dict:
    """The context of options/treatment.html."""
    lang = language()
    if is_closed(user, row):
        return {"assessment": row.assessment, "row": row, "closed": True, "may_edit": False}
    return {
        "assessment": row.assessment,
        "row": row,
        "problem": words.problem_of(row),
        "warnings": words.warnings(row, lang),
        "tables": [table(row, when, lang) for when in words.WHENS if when in row.result],
        "spared": spared(row),
        "order": [
            {"code": a, "name": words.name_of(row, a), "score": None}
            for a in row.alternatives
            if a in words.last_word(row)
        ],
        "chosen": words.name_of(row, row.chosen),
        "remarks": words.remarks(row, lang),
        "charts": [on_page(c, lang) for c in charts(row, lang)],
        "may_edit": may_edit(user, row.assessment),
    }


def table(row: Treatment, when: str, lang: str) -> dict:
    """One table: a row a parameter, a column an alternative; money at the foot."""
    found = row.result[when]
    chains = found["alternatives"]
    return {
        "when": when,
        "title": _("The discharge as it is")
        if when == "now"
        else _("After cleaner production at the source"),
        "flow": Decimal(f"{found['flow']:.6g}"),
        "flow_unit": words.flow_unit(row),
        "columns": [
            {"code": a, "name": words.name_of(row, a), "steps": words.steps_of(row, a, lang)} for a in chains
        ],
        "rows": [_parameter(row, when, p, lang) for p in found["means"]],
        "ph": _ph(found, lang),
        "money": [
            {
                "label": label,
                "cells": [
                    {
                        "name": words.name_of(row, a),
                        "value": Decimal(c[kind][1]) / MILLION,
                        "low": Decimal(c[kind][0]) / MILLION,
                        "high": Decimal(c[kind][2]) / MILLION,
                        "figure": code_of(row, when, a, kind),
                    }
                    for a, c in chains.items()
                ],
            }
            for kind, label in money_words().items()
        ],
        "met": [
            {
                "name": words.name_of(row, a),
                "often": None if c["met"] is None else words.often(c["met"]),
                "weakest": c["weakest"] and words.word(row, c["weakest"], lang),
            }
            for a, c in chains.items()
        ],
    }


def _ph(found: dict, lang: str) -> dict | None:
    """The row of the pH, which no chain is computed for; None for exhaust gas."""
    ph = found.get("ph")
    return ph and {
        "given": words.range_word(ph["low"], ph["high"], lang),
        "limit": words.range_word(ph["least"], ph["most"], lang),
        "cells": [{"state": c["ph"], "word": str(words.PH[c["ph"]])} for c in found["alternatives"].values()],
    }


def money_words() -> dict[str, str]:
    """The kinds of money in the order of the table's foot."""
    return {
        "investment": _("Investment (million VND)"),
        "running": _("Running a year (million VND)"),
        "yearly": _("Cost a year with the investment (million VND)"),
    }


def spared(row: Treatment) -> list[dict]:
    """What less at the source spares of each alternative, in million VND; negative where it costs more."""
    if "after" not in row.result:
        return []
    now, after = (row.result[w]["alternatives"] for w in words.WHENS)
    return [
        {
            "name": words.name_of(row, a),
            **{k: Decimal(now[a][k][1] - after[a][k][1]) / MILLION for k in money_words()},
            "met_now": words.often(now[a]["met"]),
            "met_after": words.often(after[a]["met"]),
        }
        for a in now
    ]


def charts(row: Treatment, lang: str) -> list[ChartSpec]:
    """The outlets in percent of their limits, by alternative, before and after."""
    drawn = []
    for when in words.WHENS:
        if when not in row.result:
            continue
        found = row.result[when]
        bars = [
            (
                f"{words.name_of(row, a)}: {words.word(row, p, lang)}",
                *(Decimal(f"{100 * o[end] / found['limits'][p]:.4g}") for end in ("low", "high")),
            )
            for a, c in found["alternatives"].items()
            for p, o in c["outlets"].items()
            if found["limits"][p]
        ]
        if bars:
            title = _("Outlet against the limit (100 % is the limit)")
            title += f" – {table(row, when, lang)['title']}" if "after" in row.result else ""
            drawn.append(
                range_bars(
                    f"outlet-{row.number}-{when}",
                    title,
                    bars,
                    lang,
                    unit=_("% of the limit"),
                    mark=Decimal(100),
                )
            )
    return drawn


def clash_rows(clash: Collision, row: Treatment) -> list[dict]:
    """The fields two people changed, side by side in words."""
    return rows_of(clash, lambda p: _path(p, row), lambda _p, v: _plain(v))


def _parameter(row: Treatment, when: str, parameter: str, lang: str) -> dict:
    found, limit = row.result[when], row.result[when]["limits"][parameter]
    needed = found["needed"].get(parameter)
    return {
        "name": words.word(row, parameter, lang),
        "unit": unit_label(names_of(row, parameter)[2], lang),
        "source": row.contents[parameter].get("source", ""),
        "mean": found["means"][parameter],
        "limit": limit,
        "limit_figure": code_of(row, when, "limit", parameter) if limit is not None else "",
        "own": bool(row.contents[parameter].get("limit")),
        "needed": None if needed is None else needed * 100,
        "cells": [
            {
                **c["outlets"][parameter],
                "name": words.name_of(row, a),
                "figure": code_of(row, when, a, parameter),
                "often": words.often(c["outlets"][parameter]["met"]),
                "share": _percent(c["outlets"][parameter]["share"]),
                "untouched": not c["outlets"][parameter]["touched"],
            }
            for a, c in found["alternatives"].items()
        ],
    }


def _percent(share: float | None) -> float | None:
    return None if share is None else share * 100


def _path(path: str, row: Treatment) -> str:
    name, _dot, key = path.partition(".")
    label = str(Treatment._meta.get_field(name).verbose_name).capitalize()
    if not key:
        return label
    if key in treatable(row.medium):
        return f"{label}: {words.word(row, key, language())}"
    return f"{label}: {words.name_of(row, key) or key}"


def _plain(value) -> str:
    if isinstance(value, dict):
        return ", ".join(", ".join(v) if isinstance(v, list) else str(v) for v in value.values() if v) or "–"
    return format_quantity(value, language()) if isinstance(value, float) else str(value or "–")
