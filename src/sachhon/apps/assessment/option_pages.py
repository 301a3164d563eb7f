"""Puts the pages of options together from what is stored: rows, one option, a run. Shows, decides nothing."""

import datetime
from collections.abc import Iterable, Mapping

from django.db.models import Model
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from sachhon.apps.assessment.calculators import CALCULATORS
from sachhon.apps.assessment.calculators.words import step_word
from sachhon.apps.assessment.clash_pages import rows_of
from sachhon.apps.assessment.forms_options import language, unit_word
from sachhon.apps.assessment.models import EquipmentRun, Option, OptionState
from sachhon.apps.assessment.option_charts import tornado_chart
from sachhon.apps.assessment.queries import facility_facts
from sachhon.apps.assessment.queries.assessments import may_edit
from sachhon.apps.assessment.queries.facility_facts import Used
from sachhon.apps.assessment.queries.options import (
    history_of,
    is_closed,
    money_closed,
    origin_words,
    reasons_spoken,
    run_behind,
)
from sachhon.apps.assessment.services.beyond_use import beyond_words
from sachhon.apps.assessment.services.figures import code_of
from sachhon.apps.assessment.services.library import Offer
from sachhon.apps.assessment.services.merging import Collision
from sachhon.apps.assessment.services.plan import possible
from sachhon.apps.assessment.sheets import SHEETS
from sachhon.apps.assessment.worth_words import rates_words
from sachhon.apps.registry.models import Resource
from sachhon.documents.numbers import format_date_short
from sachhon.reference.catalogue import option_groups
from sachhon.reference.numbers import format_quantity

MILLION = 1e6
CARRIED_OUT = (OptionState.CHOSEN, OptionState.IN_PROGRESS, OptionState.DONE, OptionState.VERIFIED)
PROBLEMS = {
    "no_saving": gettext_lazy("Nothing is said of its saving yet."),
    "no_price": gettext_lazy("There is no price of what it saves: enter the facility’s own price."),
    "science": gettext_lazy("It cannot be valued: check life, loan and rates of its economic sheet."),
}


def option_rows(user, found: Iterable[Option], used: Mapping[str, Used]) -> list[dict]:
    """One row of the list an option of one assessment, whose facility uses `used`; money in million VND."""
    groups = {f.code: f.name(language()) for f in option_groups()}
    return [
        {
            "option": o,
            "beyond": beyond_words(o, used),
            "name": closed_name(user, o),
            "group": groups.get(o.group, o.group),
            "result": None if "npv" not in o.result else shown(user, o),
            "problem": problem_of(o),
        }
        for o in found
    ]


def shown(user, option: Option) -> dict:
    """The figures of a result as a page prints them, each with its code; None where the investment is not known, and
    where this person may not know the price behind them (`closed`)."""
    r = option.result
    closed = money_closed(user, r)
    if closed:
        r = r | {"saving_vnd": [None] * 3, "flows": []}
    if closed or not option.priced:
        unknown = dict.fromkeys(("npv_low", "npv", "npv_high", "payback_low", "payback", "payback_high"))
        r = r | unknown | dict.fromkeys(("simple_payback", "irr", "chance"))
        r = r if option.priced else r | {"investment": [None] * 3}
    return {
        "priced": option.priced,
        "closed": closed,
        "saving": _triple(r["saving_vnd"], MILLION) | {"code": code_of(option, "saving")},
        "investment": _triple(r["investment"], MILLION),
        "npv": _triple([r["npv_low"], r["npv"], r["npv_high"]], MILLION)
        | {"code": code_of(option, "npv") if option.priced else ""},
        "payback": _triple([r["payback_low"], r["payback"], r["payback_high"]], 1.0)
        | {"code": code_of(option, "payback") if r["payback"] is not None else ""},
        "simple": r["simple_payback"],
        "irr": None if r["irr"] is None else r["irr"] * 100,
        "irr_words": r[f"irr_{language()}"],
        "chance": None if r["chance"] is None else r["chance"] * 100,
        "toe": None if r["toe"] is None else _triple(r["toe"], 1.0) | {"code": code_of(option, "toe")},
        "co2": None if r["co2_t"] is None else _triple(r["co2_t"], 1.0) | {"code": code_of(option, "co2")},
        "without_co2": r["without_co2"],
        "rates": rates_words(option),
        "flows": list(enumerate(f / MILLION for f in r["flows"])),
    }


def option_page(user, option: Option) -> dict:
    """The context of options/option.html."""
    closed = is_closed(user, option)
    names = {r.code: r for r in Resource.objects.filter(code__in=option.savings)}
    editing = may_edit(user, option.assessment)
    spoken = reasons_spoken(user, option.assessment)
    return {
        "option": option,
        "assessment": option.assessment,
        "name": closed_name(user, option),
        "closed": closed,
        "group": next((f.name(language()) for f in option_groups() if f.code == option.group), option.group),
        "savings": [
            {"resource": names[c].name, "unit": unit_word(names[c].unit), **row}
            for c, row in option.savings.items()
            if c in names
        ],
        "result": shown(user, option) if "npv" in option.result else None,
        "problem": problem_of(option),
        "beyond": beyond_words(option, facility_facts.used(option.assessment)),
        "tornado": tornado_chart(option, names, language())
        if option.priced and option.result.get("tornado") and not money_closed(user, option.result)
        else None,
        "sheets": [] if closed else [_sheet(option, name) for name in SHEETS],
        "history": []
        if closed
        else [
            (h, changes_in_words(h.before, h.after), spoken.get(h.reason, h.reason))
            for h in history_of(user, option)
        ],
        "state_reason": spoken.get(option.state_reason, option.state_reason),
        "run": None if closed else run_behind(option),
        "origin": origin_words(option),
        "planned": option.state in CARRIED_OUT,
        "measurable": option.state in (OptionState.DONE, OptionState.VERIFIED),
        "may_edit": editing,
        "steps": possible(option) if editing else [],
    }


def offer_rows(offers: Iterable[Offer]) -> list[dict]:
    """Options of the library as a page lists them."""
    lang = language()
    groups = {f.code: f.name(lang) for f in option_groups()}
    offers = list(offers)
    names = {r.code: r for r in Resource.objects.filter(code__in={c for o in offers for c in o.savings})}
    return [
        {
            "code": o.option.code,
            "name": o.option.name(lang),
            "group": groups.get(o.option.group, o.option.group),
            "condition": o.option.condition(lang),
            "share": f"{_number(o.option.low)} – {_number(o.option.high)} %",
            "base": o.option.base(lang),
            "taken": o.taken,
            "sure": o.option.confidence == "found",
            "source": o.option.source,
            "not_told": ""
            if o.savings
            else _("cannot be told – needs a measurement of: %(base)s") % {"base": o.option.base(lang)},
            "savings": [
                (names[c].name, _number(row["low"]), _number(row["high"]), unit_word(names[c].unit))
                for c, row in o.savings.items()
            ],
        }
        for o in offers
    ]


def run_page(run: EquipmentRun) -> dict:
    """The context of options/run.html."""
    calculator = CALCULATORS[run.calculator]
    resource = Resource.objects.filter(code=run.saving["resource"]).first()
    return {
        "run": run,
        "steps": [step | {"word": step_word(step["name"])} for step in run.steps],
        "assessment": run.assessment,
        "calculator": calculator,
        "inputs": [
            _input(f, run.inputs["values"]) for f in calculator.fields if f.name in run.inputs["values"]
        ],
        "relative": run.inputs["relative"] * 100,
        "resource": resource,
        "unit": unit_word(resource.unit) if resource else "",
        "shares": sorted(
            ((_label(calculator, name), share * 100) for name, share in run.saving["shares"].items()),
            key=lambda pair: -pair[1],
        )[:4],
    }


def clash_rows(clash: Collision, model: type[Model] = Option) -> list[dict]:
    """The fields of a row two people changed, side by side in words."""
    return rows_of(clash, lambda p: path_word(p, model), lambda p, v: value_word(p, v, model))


def changes_in_words(before: dict, after: dict) -> list[tuple[str, str, str]]:
    """(field, before, after) of one change."""
    return [
        (path_word(path), value_word(path, before.get(path)), value_word(path, value))
        for path, value in after.items()
    ]


def value_word(path: str, value, model: type[Model] = Option) -> str:
    """A value of a field in words: a choice by its name, a day as it is written, a number in its form."""
    name, _dot, key = path.partition(".")
    if name in SHEETS:
        asked = next((a for a in SHEETS[name] if a.name == key), None)
        return str(dict(asked.choices).get(value, word(value))) if asked else word(value)
    if name in ("deleted", "revalued"):
        return word(value)
    field = model._meta.get_field(name)
    if field.choices and value:
        return str(dict(field.choices).get(value, value))
    if field.get_internal_type() == "DateField" and value:
        return format_date_short(datetime.date.fromisoformat(value), language())
    return (
        value
        if isinstance(value, str) and field.get_internal_type() in ("CharField", "TextField") and value
        else word(value)
    )


def path_word(path: str, model: type[Model] = Option) -> str:
    """What a field is called."""
    name, _dot, key = path.partition(".")
    if name in SHEETS and key:
        asked = next((a for a in SHEETS[name] if a.name == key), None)
        return str(asked.label) if asked else key
    if name in ("deleted", "revalued"):
        return _("Put away") if name == "deleted" else _("Valued with the prices of that day")
    field = model._meta.get_field(name)
    words = str(field.verbose_name).capitalize()
    if not key:
        return words
    resource = Resource.objects.filter(code=key).first()
    return f"{words}: {resource.name if resource else key}"


def word(value) -> str:
    """A stored value as people read it."""
    if value in (None, "", [], {}):
        return "–"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, dict):
        ends = [value.get(e) for e in ("low", "likely", "high") if value.get(e) is not None]
        return " – ".join(dict.fromkeys(_number(e) for e in ends)) or ", ".join(
            f"{k}: {v}" for k, v in value.items()
        )
    if isinstance(value, list):
        return ", ".join(str(v) for v in value)
    return _number(value)


def closed_name(user, option: Option) -> str:
    """The name, or that it is a trade secret."""
    return _("Trade secret of the factory") if is_closed(user, option) else option.name


def problem_of(option: Option) -> str:
    """Why an option has no figures, in words."""
    code = option.result.get("problem", "" if "npv" in option.result else "no_saving")
    words = option.result.get("words_en" if get_language() == "en" else "words_vi", "")
    return " ".join(filter(None, (str(PROBLEMS[code]), words))) if code else ""


def _sheet(option: Option, name: str) -> dict:
    stored = getattr(option, name)
    choices = {a.name: dict(a.choices) for a in SHEETS[name]}
    return {
        "name": name,
        "rows": [
            (a.label, choices[a.name].get(stored[a.name]) or _number(stored[a.name]), a.unit)
            for a in SHEETS[name]
            if stored.get(a.name)
        ],
        "asked": len(SHEETS[name]),
    }


def _input(field, values: dict) -> tuple:
    value = values[field.name]
    if field.kind == "choice":
        return field.label, dict(field.choices(language())).get(value, value), ""
    return field.label, _number(value * 100 if field.kind == "percent" else value), field.unit


def _label(calculator, name: str):
    return next((f.label for f in calculator.fields if f.name == name), name)


def _triple(ends: list, scale: float) -> dict:
    low, likely, high = (None if e is None else e / scale for e in ends)
    return {"low": low, "likely": likely, "high": high, "ranged": low != high}


def _number(value) -> str:
    try:
        return format_quantity(float(str(value)), language())
    except ValueError:
        return str(value)
