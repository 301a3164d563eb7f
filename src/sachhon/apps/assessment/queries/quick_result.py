"""The kept result with its words in one language: for the page, the report and the follow-up."""

from decimal import Decimal

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import Assessment, QuickResult, QuickSheet
from sachhon.apps.assessment.queries.quick_shown import OptionShown, PointShown, Reason, Shown, UseShown
from sachhon.apps.assessment.quick_codes import code
from sachhon.documents.numbers import format_interval, round_half_up, sensible_decimals
from sachhon.reference import UnitError, catalogue, source_in, unit_label
from sachhon.reference.numbers import format_quantity

LEVELS = ("poor", "average", "good", "best")


def shown(assessment: Assessment, sheet: QuickSheet, kept: QuickResult, lang: str) -> Shown:
    """Puts the kept result into words."""
    with override(lang):
        return _shown(assessment, sheet, kept.content, lang)


def _shown(assessment: Assessment, sheet: QuickSheet, content: dict, lang: str) -> Shown:
    questions = {q["code"]: q for q in sheet.questions}
    answers = {a.question: a for a in sheet.answers.all()}
    uses = [_use(assessment, use, lang, content) for use in content["uses"]]
    score = content["score"]
    saved = [u.vnd for u in uses if u.vnd]
    costs = [u.cost for u in uses if u.cost is not None]
    return Shown(
        answered=content["answered"],
        asked=content["asked"],
        score=tuple(_dec(score[k]) for k in ("low", "value", "high")) if score else None,
        score_figure=code(assessment, "score") if score else "",
        uses=uses,
        options=[
            _option(assessment, n, o, questions, answers, lang) for n, o in enumerate(content["options"], 1)
        ],
        points=_points(content, questions, lang),
        open_questions=[
            (_source_text(q["question"], questions, lang), _dec(q["narrows"])) for q in content["questions"]
        ],
        remarks=_remarks(content),
        vnd=(sum(v[0] for v in saved), sum(v[1] for v in saved)) if saved else None,
        cost=sum(costs) if costs else None,
        products=[
            p | {"unit": _unit(p["unit"], lang), "quantity": _dec(p["quantity"])}
            for p in content["output"]["products"]
        ],
        output=_dec(content["output"]["quantity"]),
        output_unit=_unit(content["output"]["unit"], lang),
    )


def kind_name(kind: str) -> str:
    """What a kind of resource is called on a page."""
    return {
        "electricity": _("Electricity"),
        "fuel": _("Fuel"),
        "water": _("Water"),
        "raw_material": _("Raw material"),
        "material": _("Material"),
        "waste": _("Waste"),
    }[kind]


def level_name(level: str) -> str:
    """Where a figure stands among the levels of a benchmark; "best:poor" between two of them."""
    if ":" in level:
        above, below = (level_name(one) for one in level.split(":"))
        return _("between “%(above)s” and “%(below)s”") % {"above": above, "below": below}
    return {
        "best": _("at the best level"),
        "good": _("good"),
        "average": _("average"),
        "poor": _("poor"),
        "beyond": _("worse than poor"),
        "": "",
    }[level]


def _use(assessment: Assessment, use: dict, lang: str, content: dict) -> UseShown:
    kind, benchmark, potential = use["kind"], use["benchmark"], use["potential"]
    compared = bool(benchmark and use["compared"])
    unit = benchmark[f"unit_{lang}"] if compared else _unit(use["specific_unit"], lang)
    levels = (
        [(level_name(level), _dec(benchmark[level])) for level in LEVELS if benchmark.get(level)]
        if benchmark
        else []
    )
    return UseShown(
        kind=kind,
        name=kind_name(kind),
        unit=_unit(use["unit"], lang),
        quantity=_dec(use["quantity"]),
        cost=use["cost"],
        cost_is_reference=use["cost_is_reference"],
        cost_share=_percent(use["cost_share"]),
        resources=[
            {
                "name": r[f"name_{lang}"],
                "unit": _unit(r["unit"], lang),
                "quantity": _dec(r["quantity"]),
                "cost": r["cost"],
                "typed": r["typed"],
            }
            for r in use["resources"]
        ],
        specific=_readable(use["compared"] if compared else use["specific"]),
        specific_unit=unit,
        benchmark=f"{benchmark[f'process_{lang}']}: {benchmark[f'indicator_{lang}']}" if benchmark else "",
        benchmark_source=f"{source_in(benchmark['source'], lang)} ({benchmark['year']}), v{benchmark['version']}"
        if benchmark
        else "",
        levels=levels,
        level=level_name(use["level"]),
        level_code=use["level"],
        share=tuple(_percent(x) for x in potential["share"]) if potential else None,
        saving=tuple(_dec(x) for x in potential["quantity"]) if potential and potential["quantity"] else None,
        vnd=tuple(potential["vnd"]) if potential and use["cost"] else None,
        priority=_priority(potential["priority"]) if potential else "",
        priority_code=potential["priority"] if potential else "",
        basis=_basis(potential["basis"]) if potential else "",
        cost_figure=code(assessment, "cost", kind) if use["cost"] is not None else "",
        specific_figure=code(assessment, "specific", kind) if use["specific"] or compared else "",
        potential_figure=code(assessment, "potential", kind) if potential else "",
        remark=_remark(use, content),
    )


def _remark(use: dict, content: dict) -> str:
    """Why something cannot be told of this kind, in words."""
    output = content["output"]["quantity"]
    if output is not None and Decimal(output) == 0:
        return _("Nothing was produced in the period: use per unit of product cannot be told.")
    if output is None:
        return _("No output is known for the period: use per unit of product cannot be told.")
    if use["cost"] is None:
        return _("No bill is known: what it costs and could save in money cannot be told.")
    if use["wrong_benchmark"]:
        return _("The benchmark's levels contradict each other; it was left out.")
    if use["benchmark"] and not use["compared"]:
        return _("The figures cannot be told in the benchmark's unit; it was left out.")
    return ""


def _remarks(content: dict) -> list[str]:
    said = []
    if content["why_not"] == "no_cost":
        said.append(
            _(
                "No bill of any resource is known, so there is no score and no saving in money: "
                "enter at least one cost under “Figures”."
            )
        )
    open_ones = content["asked"] - content["answered"]
    if open_ones:
        said.append(
            _("%(n)s questions are not answered: they widen the ranges and never count as good.")
            % {"n": open_ones}
        )
    if bricks := content.get("bricks"):
        each = "; ".join(f"{b['name']} = {_written(b['value'])}" for b in bricks)
        said.append(
            _(
                "Counted as standard bricks of 220 × 105 × 60 mm by size or by the factory's weights: %(each)s."
            )
            % {"each": each}
        )
        unknown = ", ".join(b["name"] for b in bricks if not b["known"])
        if unknown:
            said.append(
                _(
                    "The size of %(names)s is not known, each counts as one standard brick: write it in the name, "
                    "such as 220x105x150."
                )
                % {"names": unknown}
            )
    for name, months in content["missing"].items():
        said.append(_("%(name)s: no record of %(months)s.") % {"name": name, "months": ", ".join(months)})
    return said


def _written(value: str) -> str:
    return format_quantity(float(value), "en" if get_language() == "en" else "vi")


def _option(assessment, rank: int, o: dict, questions: dict, answers: dict, lang: str) -> OptionShown:
    groups = {g.code: g for g in catalogue.option_groups()}
    group = groups.get(o["group"])
    reasons = []
    for name in o["questions"]:
        question, answer = questions[name], answers.get(name)
        given = answer.answer if answer else ""
        reasons.append(
            Reason(
                question[f"text_{lang}"],
                answer.get_answer_display() if given else _("Not answered"),
                given,
                question[f"no_{lang}"],
                answer.note if answer else "",
            )
        )
    return OptionShown(
        rank=rank,
        code=o["code"],
        version=o["version"],
        name=o[f"name_{lang}"],
        group=(group.name_en if lang == "en" else group.name_vi) if group else o["group"],
        resources=", ".join(kind_name(k).lower() for k in o["kinds"]),
        vnd=tuple(o["vnd"]) if any(o["vnd"]) else None,
        not_told=_not_told(o, lang),
        reckoned=_reckoned(o, lang),
        payback=tuple(_dec(x) for x in o["payback"]),
        condition=o[f"condition_{lang}"],
        effects=o[f"effects_{lang}"],
        reasons=reasons,
        unsure=o["unsure"],
        source=source_in(o["source"], lang),
        verified=o["confidence"] == "found",
        figure=code(assessment, "saving", o["code"]) if any(o["vnd"]) else "",
    )


def _not_told(o: dict, lang: str) -> str:
    """Why no saving is promised: what it acts on is not among the facility's figures."""
    if o.get("told", True):
        return ""
    return _("cannot be told – needs a measurement of: %(base)s") % {"base": o[f"base_{lang}"]}


def _reckoned(o: dict, lang: str) -> str:
    """How a range comes about, so that it is seen what would narrow it."""
    if not o.get("told", True) or "of_base" not in o:
        return ""
    (low, high), (least, most) = ([_dec(x) for x in o[key]] for key in ("of_base", "base_share"))
    language = "en" if lang == "en" else "vi"
    told = {
        "saving": format_interval(low, high, language, 1),
        "base": o[f"base_{lang}"],
        "share": format_interval(least, most, language, 0),
    }
    if o["base_share"][0] == o["base_share"][1]:
        return _("%(saving)s of %(base)s") % told
    return (
        _("%(saving)s of %(base)s, which is usually %(share)s of the use: measure it to narrow the range")
        % told
    )


def _points(content: dict, questions: dict, lang: str) -> list[PointShown]:
    rows = [
        PointShown(
            kind_name(p["kind"]), _source_text(p["source"], questions, lang), _dec(p["low"]), _dec(p["high"])
        )
        for p in content["points"]
    ]
    return sorted(rows, key=lambda p: (-p.high, p.text))


def _source_text(source: str, questions: dict, lang: str) -> str:
    return questions[source][f"text_{lang}"] if source in questions else _("Benchmark")


def _priority(priority: str) -> str:
    return {"high": _("high priority"), "medium": _("medium priority"), "low": _("low priority")}[priority]


def _basis(basis: str) -> str:
    return {
        "benchmark": _("by the benchmark"),
        "options": _("by the options of open practices"),
        "both": _("by benchmark and options"),
    }[basis]


def _unit(unit: str, lang: str) -> str:
    try:
        return unit_label(unit, lang)
    except UnitError:
        return unit


def _dec(value) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _readable(value) -> Decimal | None:
    """As many digits as are worth reading; the figure behind it keeps them all."""
    number = _dec(value)
    return None if number is None else round_half_up(number, sensible_decimals(number))


def _percent(value) -> Decimal | None:
    return None if value is None else Decimal(str(value)) * 100
