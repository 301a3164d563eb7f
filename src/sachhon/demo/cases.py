"""Published assessments, rebuilt in the demo through the services that the pages use.

Each file of data/assessments is one case: what its source prints, in the source's own currency, with what does not
add up in `notes` and what is assumed in `period_note`. Money is shown in dong at a round rate for illustration.
Their facilities are closed ones of the demo province, closed before the period, so that they are in no count of the
province's targets and owe no report.
"""

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from functools import partial
from importlib import resources

from django.db import transaction

from sachhon import reference
from sachhon.apps.assessment.models import Assessment, Kind, Option, Screening
from sachhon.apps.assessment.queries.facility_facts import toe_and_co2
from sachhon.apps.assessment.services import opening
from sachhon.apps.assessment.services.flow.costs import account
from sachhon.apps.assessment.services.flow.editing import Edit, change
from sachhon.apps.assessment.services.options import add_option
from sachhon.apps.assessment.services.plan import move_option
from sachhon.apps.people.models import Organisation, User
from sachhon.apps.registry.models import Area, Facility, Resource, Trade
from sachhon.apps.registry.services.facilities import create_facility
from sachhon.documents.numbers import format_number

OWNER = "Các ca đánh giá đã công bố (minh họa)"


def cases() -> Iterator[dict]:
    """The cases of data/assessments, in order of their codes."""
    folder = resources.files("sachhon.demo").joinpath("data/assessments")
    found = [json.loads(f.read_text(encoding="utf-8"), parse_float=Decimal) for f in folder.iterdir()]
    yield from sorted(found, key=lambda case: case["code"])


@transaction.atomic
def load(case: Mapping, officer: User, expert: User, province: str) -> Assessment:
    """One case as a detailed assessment by the expert; the one that is there already if it was loaded before."""
    facility = Facility.objects.filter(code=case["code"]).first()
    if facility is not None:
        return facility.assessments.get()
    first, last = (dt.date.fromisoformat(day) for day in case["period"])
    assessment = opening.open_assessment(
        officer,
        _facility(case, officer, province, dt.date(first.year - 1, 12, 31)),
        Kind.DETAILED,
        data_from=first,
        data_to=last,
        reason="\n".join(
            [f"Nguồn: {case['source']}", _rate_words(case), case["period_note"], *case["notes"]]
        ),
    )
    opening.add_member(officer, assessment, expert)
    if "flow" in case:
        _flow(case, assessment, expert)
    for row in case["options"]:
        _option(case, row, assessment, expert)
    return assessment


def _facility(case: Mapping, officer: User, province: str, closed_on: dt.date) -> Facility:
    owner, _made = Organisation.objects.get_or_create(
        name=OWNER, kind=Organisation.Kind.ENTERPRISE, defaults={"province_code": province}
    )
    return create_facility(
        officer,
        code=case["code"],
        province_code=province,
        enterprise=owner,
        name=case["name"],
        trade=Trade.objects.get(code=case["trade"]),
        area=Area.objects.filter(province_code=province, level=Area.Level.COMMUNE, valid_to=None).earliest(
            "code"
        ),
        status=Facility.Status.CLOSED,
        closed_on=closed_on,
    )


def _flow(case: Mapping, assessment: Assessment, expert: User) -> None:
    """The flow-sheet with its measurements, in acts as a person would type them, and its balance."""
    act = partial(change, expert, assessment)
    act([Edit("layer", {"name": one["name"]}, code=one["code"]) for one in case["flow"]["layers"]])
    money = ("energy", "system", "waste")
    act(
        [
            Edit(
                "process",
                {"name": one["name"], **{f"{name}_vnd": str(_vnd(case, one[name])) for name in money}},
                code=one["code"],
            )
            for one in case["flow"]["processes"]
        ]
    )
    fields = ("name", "source", "target", "kind", "use", "layers", "price_layer")
    rows = case["flow"]["streams"]
    edits = []
    for one in rows:
        price = {"price": str(_vnd(case, one["price"]))} if "price" in one else {}
        edits.append(Edit("stream", {name: one[name] for name in fields if name in one} | price))
    streams = act(edits).rows
    readings = []
    for stream, one in zip(streams, rows, strict=True):
        exact = {"stream": stream.code, "spread": "0", "source": "calc", "evidence": "Nguồn đã công bố"}
        of = {"layer": one["quantity_of"]} if "quantity_of" in one else {}
        readings.append({"value": str(one["quantity"]), "unit": one["unit"]} | of | exact)
        if "content" in one:
            readings.append({"what": "content", "layer": one["content"], "value": "100", "unit": "%"} | exact)
    act([Edit("measurement", one) for one in readings])
    account(expert, assessment)


def _option(case: Mapping, row: Mapping, assessment: Assessment, expert: User) -> Option:
    economic = {
        "investment_likely": row["investment"],
        "grant_vnd": row.get("grant"),
        "other_gain_vnd": row.get("other_gain"),
        "running_vnd": row.get("running"),
    }
    option = add_option(
        expert,
        assessment,
        {
            "name": row["name"],
            "group": row["group"],
            "description": "\n".join(
                filter(None, [row["name_en"], row.get("note", ""), _printed(case, row)])
            ),
            "screening": Screening.STUDY,
            "savings": dict(_saving(case, one, assessment.data_to) for one in row["savings"]),
            "economic": {name: _vnd(case, value) for name, value in economic.items() if value is not None},
        },
    )
    if "done_on" in row:
        for step in ("choose", "begin", "finish"):
            option = move_option(expert, option, step, today=dt.date.fromisoformat(row["done_on"]))
    return option


def _saving(case: Mapping, one: Mapping, on: dt.date) -> tuple[str, dict]:
    """The printed quantity in the unit of the resource, at the price that gives the printed money."""
    resource = Resource.objects.get(code=one["resource"])
    quantity = _in_unit(Decimal(one["quantity"]), one["unit"], resource, on)
    return resource.code, {"likely": quantity, "price_vnd": _vnd(case, one["money"]) / quantity}


def _in_unit(quantity: Decimal, unit: str, resource: Resource, on: dt.date) -> Decimal:
    try:
        return reference.convert(quantity, unit, resource.unit, resource=resource.code)
    except reference.UnitError:  # a fuel sold by its heat: over the heat that the TOE factor gives it
        toe, _co2 = toe_and_co2(resource.code, on)
        return reference.convert(quantity, unit, "TOE") / Decimal(str(toe.value))


def _printed(case: Mapping, row: Mapping) -> str:
    """What the source prints of an option, in its own money."""
    amounts = [f"tiết kiệm {format_number(Decimal(row['money']))} {case['currency']}/năm"]
    if row["investment"] is not None:
        amounts.insert(0, f"đầu tư {format_number(Decimal(row['investment']))} {case['currency']}")
    if "printed_payback_months" in row:
        amounts.append(f"hoàn vốn {row['printed_payback_months']} tháng")
    return f"Nguồn in: {', '.join(amounts)}."


def _rate_words(case: Mapping) -> str:
    return (
        f"Tiền quy đổi minh họa: 1 {case['currency']} = {format_number(Decimal(case['vnd_per_unit']))} đồng."
    )


def _vnd(case: Mapping, amount: Decimal | int) -> Decimal:
    return (Decimal(amount) * case["vnd_per_unit"]).quantize(Decimal(1), ROUND_HALF_EVEN)
