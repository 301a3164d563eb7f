"""Figures of a treatment: limits, outlets and costs with the formula, the steps and the facts behind them.

Codes: ``treatment:3:now:limit:cod``, ``treatment:3:after:a1:cod``, ``treatment:3:now:a1:yearly``.
"""

import datetime
from decimal import Decimal

from sachhon.apps.assessment.models import Treatment
from sachhon.apps.assessment.queries.facility_facts import fact_row
from sachhon.apps.assessment.services.figures import term
from sachhon.apps.assessment.services.flow.disclosure import closed_of
from sachhon.apps.assessment.services.spoken import spoken
from sachhon.apps.registry.models import Figure
from sachhon.documents.numbers import format_term
from sachhon.reference.discharge import Site, allowed
from sachhon.reference.facts import fact
from sachhon.reference.treatment import treatable, treatment_removals, treatment_steps

WHENS = {"now": ("", ""), "after": (" sau SXSH", " after cleaner production")}
MONEY = {
    "investment": ("Vốn đầu tư", "Investment", "sachhon.science.treatment.investment"),
    "running": ("Chi phí vận hành một năm", "Running cost a year", "sachhon.science.treatment.running"),
    "yearly": ("Chi phí quy năm", "Cost a year", "sachhon.science.treatment.yearly_cost"),
}


def code_of(row: Treatment, when: str, *names: str) -> str:
    """The code under which a figure of a treatment is explained."""
    return ":".join(("treatment", str(row.pk), when, *names))


def keep(row: Treatment) -> None:
    """Keeps the figures of the row's result in place of those it had."""
    Figure.objects.filter(code__startswith=f"treatment:{row.pk}:", issued=False).delete()
    if row.stream and row.stream in closed_of(row.assessment).all:  # figures are open to the whole province
        return
    Figure.objects.bulk_create(
        figure
        for when in WHENS
        if when in row.result
        for figure in (*_limits(row, when), *_outlets(row, when), *_costs(row, when))
    )


def names_of(row: Treatment, parameter: str) -> tuple[str, str, str]:
    """(Vietnamese name, English name, unit) of a parameter, without the column of the limit it is read from."""
    f = treatable(row.medium)[parameter]
    return f.name_vi.split(" (cột")[0], f.name_en.split(" (column")[0], f.unit


def _limits(row: Treatment, when: str):
    found, on = row.result[when], datetime.date.fromisoformat(row.result["on"])
    for parameter, value in found["limits"].items():
        if value is None:
            continue
        vi, en, unit = names_of(row, parameter)
        own = row.contents[parameter].get("limit")
        size = Decimal(row.basis["size"]) if row.basis.get("size") else None
        site = Site(
            row.basis.get("column") or "B", row.basis.get("receiver") or "", size, Decimal(str(found["flow"]))
        )
        rule = None if own else allowed(row.basis["set"], parameter, site, on)
        terms = (
            [term("C", "giá trị của quy chuẩn", "value of the regulation", rule.base.value or value, unit)]
            if rule
            else []
        )
        terms += (
            [term(f"K{i}", f.name_vi, f.name_en, f.value, "") for i, f in enumerate(rule.factors, 1)]
            if rule
            else []
        )
        product = " × ".join(format_term(float(t["value"])) for t in terms)
        yield _figure(
            row,
            code_of(row, when, "limit", parameter),
            (f"Giới hạn {vi}{WHENS[when][0]}", f"Limit of {en}{WHENS[when][1]}"),
            value,
            unit,
            formula=f"Cmax = {product} = {format_term(value)}" if rule else f"Cmax = {format_term(value)}",
            terms=terms,
            facts=[fact_row(f) for f in rule.facts] if rule else [],
            function="sachhon.reference.discharge.allowed" if rule else "",
            note=("Giới hạn nhập theo giấy phép của cơ sở.", "Limit typed from the facility's permit.")
            if own
            else ("", ""),
        )


def _outlets(row: Treatment, when: str):
    found = row.result[when]
    for a, chain in found["alternatives"].items():
        called = [spoken(row.alternatives[a]["name"], lang) for lang in ("vi", "en")]
        for parameter, outlet in chain["outlets"].items():
            vi, en, unit = names_of(row, parameter)
            removals = [treatment_removals()[(s, parameter)] for s in outlet["touched"]]
            terms = [
                term("C₀", "nồng độ đầu vào", "concentration at the inlet", found["means"][parameter], unit)
            ]
            terms += [term(f"η{i}", f.name_vi, f.name_en, f.value, "%") for i, f in enumerate(removals, 1)]
            product = "".join(f" × (1 − {format_term(float(f.value or 0))}%)" for f in removals)
            floors = ", ".join(outlet["at_floor"])
            met = outlet["met"]
            yield _figure(
                row,
                code_of(row, when, a, parameter),
                (
                    f"{vi} đầu ra, {called[0]}{WHENS[when][0]}",
                    f"{en} at the outlet, {called[1]}{WHENS[when][1]}",
                ),
                outlet["mean"],
                unit,
                ends=(outlet["low"], outlet["high"]),
                level=90,
                formula=f"C₀ Π(1 − η) = {format_term(found['means'][parameter])}{product} "
                f"→ {format_term(outlet['mean'])}",
                terms=terms,
                facts=[fact_row(f) for f in removals],
                function="sachhon.science.treatment.through",
                note=(
                    (f"Mức thấp nhất đạt được chặn ở: {floors}. " if floors else "")
                    + (
                        f"Xác suất đạt giới hạn: {format_term(100 * met)}%, phân bố loga chuẩn."
                        if met is not None
                        else ""
                    ),
                    (f"Held at the floor of: {floors}. " if floors else "")
                    + (
                        f"Meets the limit in {format_term(100 * met)}% of cases, log-normal."
                        if met is not None
                        else ""
                    ),
                ),
            )


def _costs(row: Treatment, when: str):
    found, result = row.result[when], row.result
    known, on = treatment_steps(), datetime.date.fromisoformat(result["on"])
    flow_unit = "m3/day" if row.medium == "wastewater" else "Nm3/h"
    for a, chain in found["alternatives"].items():
        steps = [known[s] for s in row.alternatives[a]["steps"]]
        terms = [term("Q", "lưu lượng", "flow", found["flow"], flow_unit)]
        prices = [term(f"I{i}", f.name_vi, f.name_en, f.value, f.unit) for i, f in enumerate(steps, 1)]
        runs = [
            term(f"r{i}", f.name_vi, f.name_en, f.extra["run_likely"], "VND") for i, f in enumerate(steps, 1)
        ]
        parts = {
            "investment": ([*terms, *prices], "Σ I·(Q/Q₀)^n", []),
            "running": (
                [term("V", "lượng xử lý một năm", "treated a year", found["volume"], ""), *runs],
                "Σ r·V",
                [],
            ),
            "yearly": (
                [
                    term("I", *MONEY["investment"][:2], chain["investment"][1], "VND"),
                    term("R", *MONEY["running"][:2], chain["running"][1], "VND"),
                    term("r", "suất chiết khấu", "discount rate", result["rate"], "%"),
                    term("n", "tuổi thọ", "life", result["life"], "year"),
                ],
                "I ÷ A(r, n) + R",
                [fact_row(fact(f"finance.{c}", on)) for c in ("discount_rate", "option_life")],
            ),
        }
        for kind, (kind_terms, formula, more) in parts.items():
            vi, en, function = MONEY[kind]
            called = [spoken(row.alternatives[a]["name"], lang) for lang in ("vi", "en")]
            low, likely, high = chain[kind]
            yield _figure(
                row,
                code_of(row, when, a, kind),
                (f"{vi}, {called[0]}{WHENS[when][0]}", f"{en}, {called[1]}{WHENS[when][1]}"),
                likely,
                "VND",
                ends=(low, high),
                formula=f"{formula} = {format_term(likely)}",
                terms=kind_terms,
                facts=more or [fact_row(f) for f in steps],
                function=function,
            )


def _figure(
    row, code, labels, value, unit, *, formula, terms, facts, function, ends=None, level=None, note=("", "")
):
    six = Decimal("1e-6")
    low, high = (Decimal(str(e)).quantize(six) for e in ends) if ends else (None, None)
    facility = row.facility
    return Figure(
        code=code,
        label_vi=labels[0][:255],
        label_en=labels[1][:255],
        value=Decimal(str(value)).quantize(six),
        unit=unit,
        state=Figure.State.ESTIMATED,
        low=low,
        high=high,
        level=level,
        formula=formula[:512],
        terms=terms,
        records={"count": 0, "ids": [], "query": {"facility": facility.code}},
        facts=facts,
        function=function,
        function_version=row.result["function_version"],
        note_vi=note[0][:512],
        note_en=note[1][:512],
        province_code=facility.province_code,
        facility=facility,
    )
