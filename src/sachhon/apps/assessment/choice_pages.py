"""Puts the page of the choice together: the slider, rows with reasons, the two charts. Shows, decides nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from sachhon.apps.assessment.forms_options import language
from sachhon.apps.assessment.models import Assessment, Portfolio
from sachhon.apps.assessment.option_charts import on_page
from sachhon.apps.assessment.option_pages import closed_name, problem_of, shown
from sachhon.apps.assessment.queries.assessments import may_edit
from sachhon.apps.assessment.queries.options import any_money_closed
from sachhon.apps.assessment.services import choosing
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.documents.charts import Block, Point, abatement, front
from sachhon.documents.shapes import ChartSpec
from sachhon.workbooks.values import parse_number

STEPS = 200
THOUSAND = 1e3


@dataclass(frozen=True)
class Wish:
    """What stands in the address: the budget in million VND (None: no limit) and the aim."""

    budget: float | None = None
    aim: str = "value"


def read_wish(params: Mapping[str, str]) -> Wish:
    """The typed amount goes before the slider; what cannot be read is no limit."""
    exact, slid = params.get("exact", "").strip(), params.get("budget", "").strip()
    number = parse_number(exact) if exact else _plain(slid)
    aim = params.get("aim", "value")
    budget = None if number is None or number < 0 else float(number)
    return Wish(budget, aim if aim in choosing.AIMS else "value")


def choice_page(user, assessment: Assessment, wish: Wish) -> dict:
    """The context of options/choice.html and of its part that the slider redraws."""
    lang = language()
    context = {
        "assessment": assessment,
        "wish": wish,
        "aims": aims(),
        "may_edit": may_edit(user, assessment),
        "decided": Portfolio.objects.visible_to(user).filter(assessment=assessment).first(),
    }
    if any_money_closed(user, assessment):
        return context | {"closed": money_closed_words(), "choice": None}
    try:
        found = choosing.choose(assessment, wish.budget, wish.aim)
    except AssessmentError as error:
        return context | {"told": str(error), "choice": None}
    vi = lang == "vi"
    rows = [
        {
            "option": c.option,
            "name": closed_name(user, c.option),
            "inside": c.inside,
            "reason": c.reason_vi if vi else c.reason_en,
            "result": shown(user, c.option),
            "unpriced": not c.option.priced,
        }
        for c in found.candidates
    ]
    rows.sort(key=lambda row: not row["inside"])
    return context | {
        "choice": found,
        "rows": rows,
        "left_out": [
            (
                one.option,
                closed_name(user, one.option),
                one.beyond or problem_of(one.option) or one.option.screening_reason,
            )
            for one in found.left_out
        ],
        "summary": found.summary_vi if vi else found.summary_en,
        "uses": found.uses_vi if vi else found.uses_en,
        "inside": sum(c.inside for c in found.candidates),
        "slider": _slider(found, wish),
        "unpriced": [c.option.code for c in found.candidates if not c.option.priced],
        "charts": [on_page(chart, lang) for chart in charts(assessment, found, lang)],
    }


def money_closed_words() -> str:
    """What stands in place of a choice whose figures would tell a confidential price."""
    return _("The factory keeps a price to itself: what the choice costs and brings is not shown.")


def charts(assessment: Assessment, found: choosing.Choice, lang: str) -> list[ChartSpec]:
    """The front between money and CO₂ within the budget, and the abatement curve."""
    drawn = []
    line = choosing.front(assessment, found.budget)
    if line is not None and len(line.points) > 1:
        codes = {c.option.code for c in found.candidates if c.inside}
        points = [
            Point(float(v), float(e), ", ".join(p.chosen), set(p.chosen) == codes)
            for (v, e), p in zip(line.points, line.portfolios, strict=True)
        ]
        drawn.append(front("front", points, _("Net present value (million VND)"), _("t CO₂e a year"), lang))
    curve = choosing.abatement(assessment)
    if curve is not None and curve.blocks:
        blocks = [
            Block(
                b.name,
                b.start,
                b.end,
                None if b.cost_per_unit is None else b.cost_per_unit / THOUSAND,
                b.front,
            )
            for b in curve.blocks
        ]
        drawn.append(abatement("abatement", blocks, _("t CO₂e a year"), _("thousand dong a t CO₂e"), lang))
    return drawn


def aims() -> list[tuple[str, str]]:
    """What can be made as great as possible."""
    return [
        ("value", _("Most money (net present value)")),
        ("co2_t", _("Most CO₂ saved")),
        ("toe", _("Most energy saved")),
    ]


def _slider(found: choosing.Choice, wish: Wish) -> dict:
    top = max(found.whole_cost, 1.0)
    step = max(round(top / STEPS), 1)
    top = (int(top // step) + 1) * step
    return {"top": top, "step": step, "at": top if wish.budget is None else min(int(wish.budget), top)}


def _plain(text: str):
    try:
        return float(text)
    except ValueError:
        return None
