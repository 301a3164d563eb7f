"""Step 4 in the detailed report: feasibility of the solutions, and the choice under a budget."""

from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sachhon.apps.assessment.choice_pages import Wish, money_closed_words
from sachhon.apps.assessment.choice_pages import charts as choice_charts
from sachhon.apps.assessment.documents.detailed.compared import compared
from sachhon.apps.assessment.documents.detailed.told import MILLION, Told, decimal, millions, told_table
from sachhon.apps.assessment.documents.detailed.treated import treated
from sachhon.apps.assessment.models import Option, Portfolio
from sachhon.apps.assessment.option_charts import tornado_spec
from sachhon.apps.assessment.option_pages import CARRIED_OUT, closed_name, value_word
from sachhon.apps.assessment.queries import facility_facts
from sachhon.apps.assessment.queries.options import any_money_closed, is_closed, money_closed
from sachhon.apps.assessment.services import choosing
from sachhon.apps.assessment.services.beyond_use import beyond_words
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.apps.assessment.sheets import SHEETS
from sachhon.apps.assessment.worth_words import rates_words
from sachhon.documents.compose import Block, FigureBlock, Paragraph
from sachhon.documents.numbers import format_date_short, format_number
from sachhon.documents.shapes import Column

TORNADOS = 3  # of the options worth most; the others stand in the table


def selected(told: Told) -> list[Block]:
    """What each solution is worth, its sheets, and the choice that was kept."""
    valued = [o for o in told.options if "npv" in o.result]
    if not valued:
        return compared(told) + treated(told)
    rows = [
        (
            o.code,
            closed_name(told.user, o),
            None if money_closed(told.user, o.result) else millions(o.result["saving_vnd"][1]),
            *_worth(told, o),
            decimal(o.result["co2_t"][1]) if o.result["co2_t"] else None,
        )
        for o in valued
    ]
    million = _("million VND")
    columns = [
        Column(_("Code")),
        Column(_("Solution"), width=2.4),
        Column(_("Saving a year"), "number", million),
        Column(_("Investment"), "number", million),
        Column(_("Simple payback before tax"), "number", _("years")),
        Column(_("Payback after tax and interest"), "number", _("years")),
        Column(_("NPV at least"), "number", million),
        Column(_("NPV likely"), "number", million),
        Column(_("NPV at most"), "number", million),
        Column("CO₂", "number", "t"),
    ]
    blocks: list[Block] = [told_table("worth", _("Economic feasibility"), columns, rows)]
    if unpriced := [o.code for o in valued if not o.priced]:
        said = ngettext(
            "The investment of %(n)d solution is not counted, since none is entered: %(codes)s.",
            "The investment of %(n)d solutions is not counted, since none is entered: %(codes)s.",
            len(unpriced),
        )
        blocks.append(Paragraph(said % {"n": len(unpriced), "codes": ", ".join(unpriced)}))
    blocks.append(Paragraph(_valued_with(valued)))
    if secret := [o.code for o in valued if money_closed(told.user, o.result)]:
        said = _("%(codes)s: the factory keeps the price to itself, so that money is not shown.")
        blocks.append(Paragraph(said % {"codes": ", ".join(secret)}))
    used = facility_facts.used(told.assessment)
    blocks += [Paragraph(f"{o.code}: {words}") for o in valued if (words := beyond_words(o, used))]
    best = sorted(valued, key=lambda o: -abs(o.result["npv"]))
    for o in [o for o in best if _is_drawn(told, o)][:TORNADOS]:
        blocks.append(
            FigureBlock(f"{o.code} {closed_name(told.user, o)}", tornado_spec(o, told.names, told.lang))
        )
    blocks += _sheets(told, "technical", _("Technical feasibility"))
    blocks += _sheets(told, "environmental", _("Environmental feasibility"))
    return blocks + compared(told) + treated(told) + _chosen(told)


def _valued_with(valued: list[Option]) -> str:
    """Rates, tax and depreciation behind the table; of several that differ, each with the solutions it is of."""
    groups: dict[str, list[str]] = {}
    for o in valued:
        groups.setdefault(rates_words(o), []).append(o.code)
    if len(groups) == 1:
        return next(iter(groups))
    return " ".join(f"{', '.join(codes)}: {words}" for words, codes in groups.items())


def _is_drawn(told: Told, o: Option) -> bool:
    return o.priced and bool(o.result["tornado"]) and not money_closed(told.user, o.result)


def _worth(told: Told, o: Option) -> tuple[Decimal | None, ...]:
    """Investment, both paybacks and the value with its ends; none of them where nobody said what it costs."""
    if not o.priced:
        return (None,) * 6
    r = o.result
    if money_closed(told.user, r):
        return millions(r["investment"][1]), *(None,) * 5
    paid = (decimal(r["simple_payback"]), decimal(r["payback"]))
    return millions(r["investment"][1]), *paid, *(millions(r[k]) for k in ("npv_low", "npv", "npv_high"))


def _sheets(told: Told, name: str, title: str) -> list[Block]:
    rows = [
        (o.code, str(a.label), value_word(f"{name}.{a.name}", getattr(o, name)[a.name]))
        for o in told.options
        if not is_closed(told.user, o)
        for a in SHEETS[name]
        if getattr(o, name).get(a.name)
    ]
    columns = [Column(_("Code")), Column(_("Question"), width=2), Column(_("Answer"), width=4)]
    return [told_table(name, title, columns, rows)] if rows else []


def _in_and_since(row: dict, now: dict[int, Option]) -> str:
    """That it was chosen, and where that is so no longer, what became of it."""
    option = now.get(row["option"])
    if option is None:
        return _("in – put away since")
    if option.state not in CARRIED_OUT:
        return _("in – since then “%(state)s”") % {"state": option.get_state_display()}
    return _("in")


def _chosen(told: Told) -> list[Block]:
    decided = Portfolio.objects.visible_to(told.user).filter(assessment=told.assessment).first()
    if decided is None:
        return []
    if any_money_closed(told.user, told.assessment):
        return [Paragraph(money_closed_words())]
    on = format_date_short(timezone.localtime(decided.decided_at).date(), told.lang)
    budget = (
        _("without a limit")
        if decided.budget_vnd is None
        else f"{format_number(decided.budget_vnd / MILLION, told.lang, 0)} {_('million VND')}"
    )
    now = {o.pk: o for o in told.options}
    closed = {o.pk for o in told.options if is_closed(told.user, o)}
    said = _(
        "Choice kept by %(who)s on %(on)s; budget: %(budget)s. Values in the reasons are in million VND."
    )
    rows = [
        (
            f"GP-{r['number']:02d}",
            _("Trade secret of the factory") if r["option"] in closed else r["name"],
            _in_and_since(r, now) if r["in"] else _("out"),
            r[f"reason_{told.lang}"],
        )
        for r in decided.rows
    ]
    columns = [
        Column(_("Code")),
        Column(_("Solution"), width=2),
        Column(_("In")),
        Column(_("Why"), width=4),
    ]
    blocks: list[Block] = [
        Paragraph(said % {"who": decided.by_name, "on": on, "budget": budget}),
        told_table("choice", _("Choice under a budget"), columns, rows),
    ]
    budget_m = None if decided.budget_vnd is None else decided.budget_vnd / MILLION
    try:
        found = choosing.choose(told.assessment, budget_m, Wish(budget_m, decided.aim).aim)
    except AssessmentError:
        return blocks
    blocks += _not_counted(found)
    return blocks + [FigureBlock(c.title, c) for c in choice_charts(told.assessment, found, told.lang)]


def _not_counted(found: choosing.Choice) -> list[Block]:
    """How many solutions are in no total of the choice, and which: nothing of them is taken for 0."""
    left = [one.option.code for one in found.left_out]
    if not left:
        return []
    said = ngettext(
        "%(n)d solution is not counted in the totals, being dropped, without a value or saving too much: %(codes)s.",
        "%(n)d solutions are not counted in the totals, being dropped, without a value or saving too much: %(codes)s.",
        len(left),
    )
    return [Paragraph(said % {"n": len(left), "codes": ", ".join(left)})]
