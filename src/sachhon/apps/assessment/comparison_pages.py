"""Puts the pages of a comparison of technologies together. Shows, decides nothing."""

from decimal import Decimal

from django.utils.translation import gettext as _

from sachhon.apps.assessment.clash_pages import rows_of
from sachhon.apps.assessment.forms_options import language
from sachhon.apps.assessment.models import Assessment, Comparison, Option
from sachhon.apps.assessment.option_charts import on_page
from sachhon.apps.assessment.queries.assessments import may_edit
from sachhon.apps.assessment.queries.options import is_closed, money_closed, options_of
from sachhon.apps.assessment.services.comparison_result import (
    FIGURES,
    KINDS,
    OF_PRICE,
    figure_code,
    from_sheet,
)
from sachhon.apps.assessment.services.figures import code_of
from sachhon.apps.assessment.services.merging import Collision
from sachhon.apps.assessment.services.spoken import spoken
from sachhon.documents.charts import WeightRoom, stacked_bars, weight_rooms
from sachhon.documents.numbers import format_quantity
from sachhon.documents.shapes import ChartSpec

CODES = {"npv": "npv", "saving": "saving", "payback": "payback", "toe": "toe", "co2": "co2"}


def list_page(user, assessment: Assessment) -> dict:
    """The context of options/comparisons.html."""
    rows = []
    for comparison in Comparison.objects.visible_to(user).filter(assessment=assessment):
        names = alternative_names(user, comparison)
        result = comparison.result
        rows.append(
            {
                "row": comparison,
                "count": len(names),
                "first": ", ".join(names[a] for a in result.get("tied", [])),
                "chosen": names.get(comparison.chosen, ""),
                "problem": problem_of(comparison),
            }
        )
    return {"assessment": assessment, "rows": rows, "may_edit": may_edit(user, assessment)}


def one_page(user, comparison: Comparison) -> dict:
    """The context of options/comparison.html."""
    lang, result = language(), comparison.result
    names = alternative_names(user, comparison)
    return {
        "assessment": comparison.assessment,
        "row": comparison,
        "columns": columns(user, comparison),
        "rows": criterion_rows(user, comparison),
        "ranked": bool(result.get("scores")),
        "order": [
            {"code": a, "name": names[a], "score": result["scores"][a]} for a in result.get("order", [])
        ],
        "first": ", ".join(names[a] for a in result.get("tied", [])),
        "out": out_words(comparison, names),
        "critical": critical_words(comparison, names),
        "likely": [(names[a], ranks[0] * 100) for a, ranks in result.get("ranks", {}).items()],
        "draws": result.get("draws"),
        "departures": remarks(comparison, names, lang),
        "problem": problem_of(comparison),
        "charts": [on_page(c, lang) for c in charts(user, comparison, lang)],
        "chosen": names.get(comparison.chosen, ""),
        "why_chosen": why_chosen(user, comparison),
        "stale": bool(comparison.chosen) and comparison.decided.get("scores") != result.get("scores"),
        "may_edit": may_edit(user, comparison.assessment),
    }


def alternative_names(user, comparison: Comparison) -> dict[str, str]:
    """What each alternative is called; closed where its option is a trade secret to this person."""
    linked = _options(user, comparison)
    return {
        a: _("Trade secret of the factory")
        if row.get("option") in linked and is_closed(user, linked[row["option"]])
        else row["name"]
        for a, row in comparison.alternatives.items()
    }


def why_chosen(user, comparison: Comparison) -> str:
    """The reason of the choice; closed where what was chosen is a trade secret to this person."""
    chosen = comparison.alternatives.get(comparison.chosen, {})
    option = _options(user, comparison).get(chosen.get("option") or 0)
    return "" if option is not None and is_closed(user, option) else comparison.chosen_reason


def columns(user, comparison: Comparison) -> list[dict]:
    """The head of the table: each alternative with its option, score, place and whether it is in."""
    linked, result, names = _options(user, comparison), comparison.result, alternative_names(user, comparison)
    order = result.get("order", [])
    return [
        {
            "code": a,
            "name": names[a],
            "option": linked.get(row.get("option") or 0),
            "score": result.get("scores", {}).get(a),
            "figure": "" if a not in order or money_closed(user, result) else figure_code(comparison, a),
            "place": order.index(a) + 1 if a in order else None,
            "topsis": result.get("topsis", {}).get(a),
        }
        for a, row in comparison.alternatives.items()
    ]


def criterion_rows(user, comparison: Comparison) -> list[dict]:
    """A row a criterion with the figure of each alternative, the limits in words, by kind."""
    linked, result, lang = _options(user, comparison), comparison.result, language()
    names = alternative_names(user, comparison)
    broken = {(o["alternative"], o["criterion"]): o["kind"] for o in result.get("out", [])}
    order = [code for code, _words in KINDS]
    rows = []
    for c, row in sorted(comparison.criteria.items(), key=lambda item: order.index(item[1]["kind"])):
        cells = []
        for a, given in comparison.alternatives.items():
            option = linked.get(given.get("option") or 0)
            own = from_sheet(row, given, linked) is not None
            source = "" if own else comparison.cells.get(f"{a}:{c}", {}).get("source", "")
            hidden = (
                own and option is not None and row["figure"] in OF_PRICE and money_closed(user, option.result)
            )
            cells.append(
                {
                    "name": names[a],
                    "value": None if hidden else result.get("figures", {}).get(a, {}).get(c),
                    "closed": hidden,
                    "code": code_of(option, CODES[row["figure"]])
                    if own and row["figure"] in CODES and not hidden
                    else "",
                    "source": "" if option is not None and is_closed(user, option) else source,
                    "broken": broken.get((a, c), ""),
                }
            )
        rows.append(
            {
                "code": c,
                "name": spoken(row["name"], lang),
                "kind": str(dict(KINDS)[row["kind"]]),
                "unit": str(FIGURES[row["figure"]][1])
                if row.get("figure")
                else spoken(row.get("unit", ""), lang),
                "weight": Decimal(row["weight"]),
                "direction": _("more is better") if row["more"] else _("less is better"),
                "from_sheet": bool(row.get("figure")),
                "limits": limits_words(row, lang),
                "cells": cells,
            }
        )
    return rows


def limits_words(row: dict, lang: str) -> str:
    """The hard limits of a criterion in words."""
    said = []
    if row.get("least"):
        said.append(_("at least %(n)s") % {"n": format_quantity(Decimal(row["least"]), lang)})
    if row.get("most"):
        said.append(_("at most %(n)s") % {"n": format_quantity(Decimal(row["most"]), lang)})
    return ", ".join(said)


def out_words(comparison: Comparison, names: dict[str, str]) -> list[str]:
    """Why alternatives are not ranked, a sentence each."""
    lang, told = language(), []
    for o in comparison.result.get("out", []):
        what = {"name": names[o["alternative"]], "criterion": _criterion(comparison, o["criterion"])}
        if o["kind"] == "missing":
            told.append(_("%(name)s is not ranked: “%(criterion)s” is not known.") % what)
            continue
        what |= {k: format_quantity(o[k], lang) for k in ("value", "limit")}
        told.append(
            _("%(name)s is ruled out: “%(criterion)s” is %(value)s, at least %(limit)s is needed.") % what
            if o["kind"] == "least"
            else _("%(name)s is ruled out: “%(criterion)s” is %(value)s, at most %(limit)s is allowed.")
            % what
        )
    return told


def critical_words(comparison: Comparison, names: dict[str, str]) -> str:
    """The weight that needs to move least for another to come first."""
    result, lang = comparison.result, language()
    if "rooms" not in result or not result["rooms"]:
        return ""
    if not result["critical"]:
        return _("Whatever one weight is, the first place stays.")
    room = result["rooms"][result["critical"]]
    down = room["below"] is not None and (
        room["above"] is None or room["weight"] - room["low"] <= room["high"] - room["weight"]
    )
    end, taker = (room["low"], room["below"]) if down else (room["high"], room["above"])
    return _(
        "The order turns soonest with “%(criterion)s”: at a weight of %(end)s instead of %(now)s, %(name)s comes first."
    ) % {
        "criterion": _criterion(comparison, result["critical"]),
        "end": f"{format_quantity(end * 100, lang)} %",
        "now": f"{format_quantity(room['weight'] * 100, lang)} %",
        "name": names[taker],
    }


def remarks(comparison: Comparison, names: dict[str, str], lang: str) -> list[str]:
    """What a reader should know before relying on the order."""
    result = comparison.result
    found = list(result.get(f"departures_{lang}", []))
    if not result.get("agrees", True):
        best = max(result["topsis"], key=lambda a: result["topsis"][a])
        found.append(_("The method TOPSIS puts %(name)s first.") % {"name": names[best]})
    return found


def charts(user, comparison: Comparison, lang: str) -> list[ChartSpec]:
    """What each score is made of, the room of each weight, the ranks over all weights."""
    result, names = comparison.result, alternative_names(user, comparison)
    if not result.get("scores"):
        return []
    number = comparison.number
    parts = [
        (names[a], _criterion(comparison, c), Decimal(f"{v * 100:.4g}"))
        for a in result["order"]
        for c, v in result["parts"][a].items()
    ]
    drawn = [
        stacked_bars(f"score-{number}", _("What each score is made of"), parts, lang, unit=_("points of 100"))
    ]
    if result["rooms"]:
        rooms = [
            WeightRoom(
                _criterion(comparison, c),
                *(r[k] * 100 for k in ("weight", "low", "high")),
                *(names[r[k]] if r[k] else "" for k in ("below", "above")),
            )
            for c, r in result["rooms"].items()
        ]
        drawn.append(weight_rooms(f"rooms-{number}", rooms, names[result["order"][0]], lang))
        ranks = [
            (names[a], _("place %(n)d") % {"n": i}, Decimal(f"{share * 100:.1f}"))
            for a in result["order"]
            for i, share in enumerate(result["ranks"][a], 1)
        ]
        title = _("Places over all weights (SMAA)")
        drawn.append(stacked_bars(f"ranks-{number}", title, ranks, lang, unit=_("% of all weights")))
    return drawn


def problem_of(comparison: Comparison) -> str:
    """Why there is no ranking, in words."""
    result = comparison.result
    if result.get("problem") == "none_inside":
        return _("No alternative is within the hard limits with all its figures.")
    if result.get("problem") == "science":
        return _("It cannot be computed: %(why)s") % {"why": result["words"]}
    return "" if result.get("scores") else _("Enter at least two alternatives with their figures.")


def clash_rows(clash: Collision, comparison: Comparison) -> list[dict]:
    """The fields two people changed, side by side in words."""
    return rows_of(clash, lambda p: _path(p, comparison), lambda _p, v: _word(v))


def _path(path: str, comparison: Comparison) -> str:
    name, _dot, key = path.partition(".")
    label = str(Comparison._meta.get_field(name).verbose_name).capitalize()
    if not key:
        return label
    rows = {**comparison.criteria, **comparison.alternatives}
    return f"{label}: " + " – ".join(rows.get(k, {}).get("name", k) for k in key.split(":"))


def _word(value) -> str:
    if isinstance(value, dict):
        return ", ".join(str(v) for v in value.values() if v not in (None, "", True, False)) or "–"
    return str(value or "–")


def _criterion(comparison: Comparison, code: str) -> str:
    return spoken(comparison.criteria[code]["name"], language())


def _options(user, comparison: Comparison) -> dict[int, Option]:
    return {o.number: o for o in options_of(user, comparison.assessment)}
