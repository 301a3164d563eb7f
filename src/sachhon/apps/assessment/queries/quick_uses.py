"""The uses of a kept result in words: each kind of resource, and all energy together, against its benchmark."""

from decimal import Decimal

from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import Assessment
from sachhon.apps.assessment.queries.quick_compared import ALL_ENERGY
from sachhon.apps.assessment.queries.quick_shown import EnergyShown, UseShown
from sachhon.apps.assessment.quick_codes import code
from sachhon.documents.numbers import round_half_up, sensible_decimals
from sachhon.reference import UnitError, source_in, unit_label

LEVELS = ("poor", "average", "good", "best")


def kind_name(kind: str) -> str:
    """What a kind of resource is called on a page."""
    return {
        "electricity": _("Electricity"),
        "fuel": _("Fuel"),
        "water": _("Water"),
        "raw_material": _("Raw material"),
        "material": _("Material"),
        "waste": _("Waste"),
        ALL_ENERGY: _("All energy"),
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


def use_shown(assessment: Assessment, use: dict, lang: str, content: dict) -> UseShown:
    kind, benchmark, potential = use["kind"], use["benchmark"], use["potential"]
    compared = bool(benchmark and use["compared"])
    unit = benchmark[f"unit_{lang}"] if compared else unit_word(use["specific_unit"], lang)
    return UseShown(
        kind=kind,
        name=kind_name(kind),
        unit=unit_word(use["unit"], lang),
        quantity=dec(use["quantity"]),
        cost=use["cost"],
        cost_is_reference=use["cost_is_reference"],
        cost_share=percent(use["cost_share"]),
        resources=[
            {
                "name": r[f"name_{lang}"],
                "unit": unit_word(r["unit"], lang),
                "quantity": dec(r["quantity"]),
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
        levels=_levels(benchmark),
        level=level_name(use["level"]),
        level_code=use["level"],
        share=tuple(percent(x) for x in potential["share"]) if potential else None,
        saving=tuple(dec(x) for x in potential["quantity"]) if potential and potential["quantity"] else None,
        vnd=tuple(potential["vnd"]) if potential and use["cost"] else None,
        priority=_priority(potential["priority"]) if potential else "",
        priority_code=potential["priority"] if potential else "",
        basis=_basis(potential["basis"]) if potential else "",
        cost_figure=code(assessment, "cost", kind) if use["cost"] is not None else "",
        specific_figure=code(assessment, "specific", kind) if use["specific"] or compared else "",
        potential_figure=code(assessment, "potential", kind) if potential else "",
        remark=_remark(use, content),
    )


def energy_shown(assessment: Assessment, kept: dict, lang: str) -> EnergyShown:
    """All energy together against its benchmark, ready to print."""
    benchmark, told = kept["benchmark"], kept["compared"] is not None
    remark = (
        _("The sum of: %(carriers)s. It gives no points: which of them could be saved it does not tell.")
        % {"carriers": ", ".join(kept[f"carriers_{lang}"])}
        if told
        else _(
            "Needs the output and the use of both electricity and fuel: type 0 for a fuel under “Figures” where none "
            "is burnt."
        )
    )
    return EnergyShown(
        name=kind_name(ALL_ENERGY),
        specific=_readable(kept["compared"]),
        specific_unit=benchmark[f"unit_{lang}"],
        specific_figure=code(assessment, "specific", ALL_ENERGY) if told else "",
        benchmark=f"{benchmark[f'process_{lang}']}: {benchmark[f'indicator_{lang}']}",
        levels=_levels(benchmark),
        level=level_name(kept["level"]),
        remark=remark,
    )


def _levels(benchmark: dict | None) -> list[tuple[str, Decimal]]:
    return [
        (level_name(level), dec(benchmark[level])) for level in LEVELS if benchmark and benchmark.get(level)
    ]


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
        return _("The figures cannot be told in the benchmark's terms; it was left out.")
    return ""


def _priority(priority: str) -> str:
    return {"high": _("high priority"), "medium": _("medium priority"), "low": _("low priority")}[priority]


def _basis(basis: str) -> str:
    return {
        "benchmark": _("by the benchmark"),
        "options": _("by the options of open practices"),
        "both": _("by benchmark and options"),
    }[basis]


def unit_word(unit: str, lang: str) -> str:
    try:
        return unit_label(unit, lang)
    except UnitError:
        return unit


def dec(value) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _readable(value) -> Decimal | None:
    """As many digits as are worth reading; the figure behind it keeps them all."""
    number = dec(value)
    return None if number is None else round_half_up(number, sensible_decimals(number))


def percent(value) -> Decimal | None:
    return None if value is None else Decimal(str(value)) * 100
