"""The kept result with its words in one language: for the page, the report and the follow-up."""

from dataclasses import replace

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import Assessment, QuickResult, QuickSheet
from sachhon.apps.assessment.queries.quick_shown import OptionShown, PointShown, Reason, Shown
from sachhon.apps.assessment.queries.quick_uses import dec, energy_shown, kind_name, unit_word, use_shown
from sachhon.apps.assessment.quick_codes import code
from sachhon.apps.registry.closed_costs import closed_costs
from sachhon.documents.numbers import format_interval
from sachhon.reference import catalogue, source_in
from sachhon.reference.numbers import format_quantity
from sachhon.science import screening


def shown(user, assessment: Assessment, sheet: QuickSheet, kept: QuickResult, lang: str) -> Shown:
    """Puts the kept result into words, as `user` may read it: where a cost is closed, no money is told at all, since
    the closed one would follow from the others."""
    with override(lang):
        found = _shown(assessment, sheet, kept.content, lang)
        closed = closed_costs(user, [assessment.facility_id]).of(assessment.facility_id)
        return _without_money(found) if closed else found


def _without_money(found: Shown) -> Shown:
    uses = [
        replace(
            use,
            cost=None,
            cost_share=None,
            vnd=None,
            cost_figure="",
            potential_figure="",
            resources=[r | {"cost": None} for r in use.resources],
        )
        for use in found.uses
    ]
    options = [replace(o, vnd=None, payback=(None, None), figure="") for o in found.options]
    said = _("The factory keeps a price to itself: costs and savings in money are not shown.")
    return replace(found, uses=uses, options=options, vnd=None, cost=None, remarks=[*found.remarks, said])


def _shown(assessment: Assessment, sheet: QuickSheet, content: dict, lang: str) -> Shown:
    questions = {q["code"]: q for q in sheet.questions}
    answers = {a.question: a for a in sheet.answers.all()}
    energy = content.get("energy")
    uses = [use_shown(assessment, use, lang, content) for use in content["uses"]]
    score = content["score"]
    saved = [u.vnd for u in uses if u.vnd]
    costs = [u.cost for u in uses if u.cost is not None]
    return Shown(
        answered=content["answered"],
        asked=content["asked"],
        score=tuple(dec(score[k]) for k in ("low", "value", "high")) if score else None,
        score_figure=code(assessment, "score") if score else "",
        uses=uses,
        energy=energy_shown(assessment, energy, lang) if energy else None,
        options=[
            _option(assessment, n, o, questions, answers, lang) for n, o in enumerate(content["options"], 1)
        ],
        points=_points(content, questions, lang),
        open_questions=[
            (_source_text(q["question"], questions, lang), dec(q["narrows"])) for q in content["questions"]
        ],
        remarks=_remarks(content),
        vnd=tuple(round(end) for end in screening.together(saved)) if saved else None,
        cost=sum(costs) if costs else None,
        products=[
            p | {"unit": unit_word(p["unit"], lang), "quantity": dec(p["quantity"])}
            for p in content["output"]["products"]
        ],
        output=dec(content["output"]["quantity"]),
        output_unit=unit_word(content["output"]["unit"], lang),
    )


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
        payback=tuple(dec(x) for x in o["payback"]),
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
    (low, high), (least, most) = ([dec(x) for x in o[key]] for key in ("of_base", "base_share"))
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
            kind_name(p["kind"]), _source_text(p["source"], questions, lang), dec(p["low"]), dec(p["high"])
        )
        for p in content["points"]
    ]
    return sorted(rows, key=lambda p: (-p.high, p.text))


def _source_text(source: str, questions: dict, lang: str) -> str:
    return questions[source][f"text_{lang}"] if source in questions else _("Benchmark")
