"""Figures of the assessment room: an option's money and effect with everything they were computed from.

Codes: ``option:12:npv``, ``option:12:saving``, ``option:12:payback``, ``option:12:toe``, ``option:12:co2``;
``verified:3`` is a verified saving.
"""

from decimal import Decimal

from django.db.models import Q

from sachhon.apps.assessment.models import Option, Verification
from sachhon.apps.assessment.services.economics import LEVEL
from sachhon.apps.registry.models import Figure, Resource
from sachhon.documents.numbers import format_difference, format_term
from sachhon.science.intensity import Verdict

KEPT = 300
DRAWN = (
    "npv",
    "payback",
)  # with an interval of Monte Carlo draws; the others from the least to the most entered
MONEY = ("npv", "saving", "payback")
# kind → (words vi, words en, unit, function of science)
WORDS = {
    "npv": (
        "Giá trị hiện tại ròng của {0}",
        "Net present value of {0}",
        "VND",
        "sachhon.science.finance.appraise",
    ),
    "saving": (
        "Tiết kiệm mỗi năm của {0}",
        "Yearly saving of {0}",
        "VND",
        "sachhon.science.finance.cash_flow",
    ),
    "payback": ("Thời gian hoàn vốn của {0}", "Payback of {0}", "year", "sachhon.science.finance.payback"),
    "toe": (
        "Năng lượng tiết kiệm mỗi năm của {0}",
        "Energy saved a year by {0}",
        "TOE",
        "sachhon.science.energy.net_saving",
    ),
    "co2": (
        "CO₂ giảm mỗi năm của {0}",
        "CO₂ saved a year by {0}",
        "tCO2e",
        "sachhon.science.energy.net_saving",
    ),
}


def code_of(option: Option, kind: str) -> str:
    """The code under which an option's figure is explained: ``closed:…`` where its money would tell a secret price."""
    closed = kind in MONEY and option.result.get("secret_price")
    return f"{'closed:' if closed else ''}option:{option.pk}:{kind}"


def write(option: Option) -> None:
    """Keeps the figures of the option's result; takes away those it no longer has."""
    result = option.result
    of_it = f"option:{option.pk}:"
    mine = Q(code__startswith=of_it) | Q(code__startswith=f"closed:{of_it}")
    Figure.objects.filter(mine, issued=False).delete()
    if "problem" in result:
        return
    names = {r.code: r for r in Resource.objects.filter(code__in=option.savings)}
    quantities, prices = _quantity_terms(option, names), _price_terms(option, names)
    investment = [term("I", "vốn đầu tư", "investment", result["investment"][1], "VND")]
    money = [*quantities, *prices]
    _figure(option, "saving", result["saving_vnd"], money, result["facts"], _sum_formula(option))
    if option.priced:
        _write_worth(option, [*investment, *money])
    for kind, key in (("toe", "toe"), ("co2", "co2_t")):
        if result[key] is not None:
            _figure(option, kind, result[key], quantities, result["effect_facts"], "Σ ΔQ · f")


def _write_worth(option: Option, terms: list[dict]) -> None:
    """What rests on the investment: kept only where that is known, be it 0."""
    result = option.result
    npv = [result["npv_low"], result["npv"], result["npv_high"]]
    rate = [
        term("r", "suất chiết khấu danh nghĩa", "nominal discount rate", result["discount"] * 100, "%"),
        term("n", "tuổi thọ", "life", result["years"], "year"),
        term("i", "lạm phát", "inflation", result["inflation"] * 100, "%"),
        term("T", "thuế thu nhập", "tax on profit", result["tax"] * 100, "%"),
        term(
            "k",
            "khấu hao đều (0: không trừ)",
            "straight depreciation (0: none)",
            result["depreciation_years"],
            "year",
        ),
    ]
    flows = " + ".join(
        f"{format_term(flow)}/(1+r)^{t}" if t else format_term(flow)
        for t, flow in enumerate(result["flows"][:3])
    )
    _figure(option, "npv", npv, [*terms, *rate], result["facts"], f"NPV = {flows} + …")
    if result["payback"] is not None:
        ends = [result["payback_low"], result["payback"], result["payback_high"]]
        formula = f"{format_term(result['investment'][1])} ÷ {format_term(result['saving_vnd'][1])} …"
        _figure(option, "payback", ends, terms, result["facts"], formula)


def verified_figure(row: Verification) -> Figure:
    """The figure of a verified saving: what the baseline would have used less what was used, with its interval."""
    r, facility, resource = row.result, row.facility, row.resource
    span = f"{row.report_from:%m/%Y}–{row.report_to:%m/%Y}"
    six = Decimal("1e-6")
    terms = [
        term(
            "E*",
            f"theo đường cơ sở, {span}",
            f"expected by the baseline, {span}",
            r["expected"],
            resource.unit,
        ),
        term("E", f"thực tế, {span}", f"used, {span}", r["actual"], resource.unit),
    ]
    if r["vnd"] is not None and not r.get("secret_price"):  # a price the factory keeps to itself
        terms.append(term("p", "giá", "price", r["price"], f"VND/{resource.unit}"))
        terms.append(term("V", "tiền", "money", r["vnd"], "VND"))
    made, _created = Figure.objects.update_or_create(
        code=f"verified:{row.pk}",
        defaults={
            "label_vi": f"Tiết kiệm đã xác minh: {resource.name_vi}, {span}"[:255],
            "label_en": f"Verified saving: {resource.name_en or resource.name_vi}, {span}"[:255],
            "value": Decimal(str(r["saving"])).quantize(six),
            "unit": resource.unit,
            # measured and judged, but no saving is proven where the interval holds 0
            "state": Figure.State.MEASURED
            if r["verdict"] == Verdict.NOT_DISTINGUISHABLE
            else Figure.State.VERIFIED,
            "low": Decimal(str(r["low"])).quantize(six),
            "high": Decimal(str(r["high"])).quantize(six),
            "level": row.confidence,
            "formula": f"E* − E = {format_difference(r['expected'], r['actual'])}",
            "terms": terms,
            "records": {
                "count": len(r["records"]),
                "ids": r["records"][:KEPT],
                "query": {"facility": facility.code, "resource": resource.code},
            },
            "facts": r["facts"],
            "function": "sachhon.science.intensity.verify",
            "function_version": r["function_version"],
            "note_vi": f"Mô hình: {r['model_vi']}. {r['words_vi']}"[:512],
            "note_en": f"Model: {r['model_en']}. {r['words_en']}"[:512],
            "province_code": facility.province_code,
            "facility": facility,
        },
    )
    return made


def _figure(option: Option, kind: str, ends: list, terms: list, facts: list, formula: str) -> None:
    vi, en, unit, function = WORDS[kind]
    low, likely, high = (None if e is None else Decimal(str(e)).quantize(Decimal("1e-6")) for e in ends)
    ranged = low is not None and high is not None and low != high
    drawn = kind in DRAWN
    facility = option.facility
    called = (
        option.code if option.confidential else f"{option.code} {option.name}"
    )  # the whole province reads it
    Figure.objects.create(
        code=code_of(option, kind),
        label_vi=vi.format(called)[:255],
        label_en=en.format(called)[:255],
        value=likely,
        unit=unit,
        state=Figure.State.ESTIMATED,
        low=low if ranged else None,
        high=high if ranged else None,
        level=round(100 * LEVEL) if drawn else None,
        formula=formula[:512],
        terms=terms,
        records={
            "count": len(option.result["records"]),
            "ids": option.result["records"][:KEPT],
            "query": {"facility": facility.code},
        },
        facts=facts,
        function=function,
        function_version=option.result["function_version"],
        note_vi="Khoảng theo số lần thử Monte Carlo, phân bố tam giác." if drawn else "",
        note_en="Interval of Monte Carlo draws, triangular." if drawn else "",
        province_code=facility.province_code,
        facility=facility,
    )


def _quantity_terms(option: Option, names: dict[str, Resource]) -> list[dict]:
    return [
        term(f"q{i}", f"{names[c].name_vi}, một năm", f"{names[c].name_en}, a year", row["likely"], names[c].unit)
        for i, (c, row) in enumerate(option.savings.items(), 1)
    ]  # fmt: skip


def _price_terms(option: Option, names: dict[str, Resource]) -> list[dict]:
    own = option.result["own_prices"]
    return [
        term(
            f"p{i}",
            f"giá {names[code].name_vi}" + (" (cơ sở tự trả)" if code in own else ""),
            f"price of {names[code].name_en}" + (" (paid by the facility)" if code in own else ""),
            option.result["prices"][code],
            f"VND/{names[code].unit}",
        )
        for i, code in enumerate(option.savings, 1)
    ]


def _sum_formula(option: Option) -> str:
    parts = [
        f"{format_term(float(row['likely']))} × {format_term(option.result['prices'][code])}"
        for code, row in option.savings.items()
    ]
    return f"{' + '.join(parts) or '…'} → {format_term(option.result['saving_vnd'][1])}"


def term(symbol: str, vi: str, en: str, value, unit: str) -> dict:
    return {
        "symbol": symbol,
        "label_vi": vi,
        "label_en": en,
        "value": f"{Decimal(str(value)):f}",
        "unit": unit,
        "figure": None,
        "fact": None,
    }
