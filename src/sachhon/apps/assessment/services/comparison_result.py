"""What a comparison of technologies comes to: figures of the economic sheets and typed ones, ranked, with lineage.

`evaluate` is pure; `refresh` stores the results of an assessment's comparisons with their figures
(``comparison:3:a1``), whenever a comparison or one of its options changes.
"""

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal

import numpy as np
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sachhon import __version__
from sachhon.apps.assessment.models import Assessment, Comparison, Option
from sachhon.apps.assessment.services.figures import term
from sachhon.apps.assessment.services.spoken import spoken
from sachhon.apps.registry.models import Figure
from sachhon.documents.numbers import format_term
from sachhon.science.decision import Criterion, Ranking, Table, rank
from sachhon.science.uncertainty import ScienceError

MILLION = 1e6
KINDS = (("technical", _("Technical")), ("economic", _("Economic")), ("environmental", _("Environmental")))
# figures of an option that a criterion can take: code → (words, unit, more is better)
FIGURES = {
    "npv": (_("Net present value"), _("million VND"), True),
    "saving": (_("Saving a year"), _("million VND"), True),
    "investment": (_("Investment"), _("million VND"), False),
    "simple_payback": (_("Simple payback before tax"), _("years"), False),
    "payback": (_("Payback after tax and interest"), _("years"), False),
    "toe": (_("Energy saved a year"), "TOE", True),
    "co2": (_("CO₂ saved a year"), "t", True),
}


OF_PRICE = ("npv", "saving", "simple_payback", "payback")  # with the quantity they tell the price
OF_INVESTMENT = ("npv", "investment", "simple_payback", "payback")


def figure_of(option: Option | None, kind: str) -> float | None:
    """A figure of an option's result in the unit of FIGURES; None where it has none."""
    r = option.result if option else {}
    if option is None or "npv" not in r or (kind in OF_INVESTMENT and not option.priced):
        return None
    value = {
        "npv": lambda: r["npv"] / MILLION,
        "saving": lambda: r["saving_vnd"][1] / MILLION,
        "investment": lambda: r["investment"][1] / MILLION,
        "simple_payback": lambda: r["simple_payback"],
        "payback": lambda: r["payback"],
        "toe": lambda: r["toe"] and r["toe"][1],
        "co2": lambda: r["co2_t"] and r["co2_t"][1],
    }[kind]()
    return None if value is None else float(value)


def evaluate(comparison: Comparison, options: Mapping[int, Option]) -> dict:
    """The result as plain JSON; `{"problem": …}` says why there is none. options : number → option, those there."""
    codes, names = list(comparison.criteria), list(comparison.alternatives)
    if not codes or len(names) < 2:
        return {"problem": "too_few"}
    figures = {a: {c: _figure(comparison, options, a, c) for c in codes} for a in names}  # None: not known
    known = np.array([[np.nan if figures[a][c] is None else figures[a][c] for c in codes] for a in names])
    try:
        table = Table(tuple(names), tuple(_criterion(c, comparison.criteria[c]) for c in codes), known)
        return _plain(rank(table), codes, figures)
    except ScienceError as error:
        out = [asdict(o) for o in table.split()[1]] if "table" in locals() else []
        return {
            "problem": "none_inside" if out else "science",
            "words": str(error),
            "out": out,
            "figures": figures,
        }


def refresh(assessment: Assessment) -> None:
    """Computes every comparison of an assessment anew and keeps the figures of its scores."""
    options = {o.number: o for o in assessment.options.filter(deleted_at=None)}
    for comparison in assessment.comparisons.all():
        linked = (options.get(row.get("option") or 0) for row in comparison.alternatives.values())
        secret = any(o.result.get("secret_price") for o in linked if o is not None)
        comparison.result = evaluate(comparison, options) | {"secret_price": secret}
        Comparison.objects.filter(pk=comparison.pk).update(result=comparison.result)
        _keep(comparison, options)


def figure_code(comparison: Comparison, alternative: str) -> str:
    """The code under which the score of an alternative is explained; see `figures.code_of` for ``closed:…``."""
    closed = "closed:" if comparison.result.get("secret_price") else ""
    return f"{closed}comparison:{comparison.pk}:{alternative}"


def from_sheet(criterion: Mapping, alternative: Mapping, options: Mapping[int, Option]) -> float | None:
    """The figure of an alternative for a criterion by the sheets of its solution; None where it has to be typed."""
    kind, number = criterion.get("figure"), alternative.get("option")
    return figure_of(options.get(number), kind) if kind and number else None


def _figure(comparison: Comparison, options: Mapping[int, Option], a: str, c: str) -> float | None:
    found = from_sheet(comparison.criteria[c], comparison.alternatives[a], options)
    if found is not None:
        return found
    value = comparison.cells.get(f"{a}:{c}", {}).get("value")
    return None if value in (None, "") else float(value)


def _criterion(code: str, row: Mapping) -> Criterion:
    ends = {k: float(row[k]) for k in ("least", "most", "low", "high") if row.get(k) not in (None, "")}
    return Criterion(code, float(row["weight"]), more=bool(row["more"]), **ends)


def _plain(found: Ranking, codes: list[str], figures: dict) -> dict:
    inside = found.alternatives
    rooms = {}
    for code, room in zip(codes, found.rooms or (), strict=False):
        takers = {
            side: None if number is None else inside[number]
            for side, number in (("below", room.below), ("above", room.above))
        }
        rooms[code] = {"weight": room.weight, "low": room.low, "high": room.high, **takers}
    spread = found.acceptability
    return {
        "figures": figures,
        "weights": dict(zip(codes, map(float, found.weights), strict=True)),
        "values": {
            a: dict(zip(codes, map(float, row), strict=True))
            for a, row in zip(inside, found.values, strict=True)
        },
        "parts": {
            a: dict(zip(codes, map(float, row), strict=True))
            for a, row in zip(inside, found.parts, strict=True)
        },
        "scores": {a: float(s) * 100 for a, s in zip(inside, found.scores, strict=True)},
        "order": [inside[i] for i in found.order],
        "tied": list(found.tied),
        "out": [asdict(o) for o in found.out],
        "agrees": found.agrees,
        "topsis": {a: float(v) * 100 for a, v in zip(inside, found.second_opinion, strict=True)},
        "rooms": rooms,
        "critical": None if found.critical is None else codes[found.critical],
        "ranks": {a: [float(x) for x in row] for a, row in zip(inside, spread.ranks, strict=True)}
        if spread
        else {},
        "draws": spread.draws if spread else 0,
        "departures_vi": list(found.departures("vi")),
        "departures_en": list(found.departures("en")),
        "function_version": __version__,
    }


def _keep(comparison: Comparison, options: Mapping[int, Option]) -> None:
    of_it = f"comparison:{comparison.pk}:"
    mine = Q(code__startswith=of_it) | Q(code__startswith=f"closed:{of_it}")
    Figure.objects.filter(mine, issued=False).delete()
    result, facility = comparison.result, comparison.facility
    for a, score in result.get("scores", {}).items():
        option = options.get(comparison.alternatives[a].get("option") or 0)
        secret = option is not None and option.confidential  # figures are open to the whole province
        name = option.code if secret else comparison.alternatives[a]["name"]
        records = option.result.get("records", []) if option else []
        terms = []
        for c, row in comparison.criteria.items():
            words, words_en = (spoken(row["name"], lang) for lang in ("vi", "en"))
            unit = row.get("unit", "")
            terms.append(term(f"x_{c}", words, words_en, result["figures"][a][c], unit))
            terms.append(
                term(f"v_{c}", f"{words}: thang 0–1", f"{words_en}: scale 0–1", result["values"][a][c], "")
            )
            terms.append(
                term(f"w_{c}", f"{words}: trọng số", f"{words_en}: weight", result["weights"][c] * 100, "%")
            )
        sums = " + ".join(
            f"{format_term(result['weights'][c] * 100)}·{format_term(v)}"
            for c, v in result["values"][a].items()
        )
        Figure.objects.create(
            code=figure_code(comparison, a),
            label_vi=f"Điểm của {name} trong {comparison}"[:255],
            label_en=f"Score of {name} in {comparison}"[:255],
            value=Decimal(str(score)).quantize(Decimal("1e-6")),
            unit="",
            state=Figure.State.ESTIMATED,
            formula=f"Σ w·v = {sums} = {format_term(score)}"[:512],
            terms=terms,
            records={"count": len(records), "ids": records[:300], "query": {"facility": facility.code}},
            facts=option.result.get("facts", []) if option else [],
            function="sachhon.science.decision.rank",
            function_version=result["function_version"],
            province_code=facility.province_code,
            facility=facility,
        )
