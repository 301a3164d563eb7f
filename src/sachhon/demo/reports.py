"""The annual report each demo factory would send: who answers, when, what is estimated, what was carried out."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from sachhon import reference
from sachhon.demo.costs import unit_price
from sachhon.demo.recipes import names, recipe
from sachhon.demo.world import DemoFacility
from sachhon.workbooks.annual.model import (
    NO_MONTHS,
    AnnualReportData,
    ReportLine,
    ReportSaving,
    ReportSolution,
)

# The trades of the option library that fit each trade of the province.
OPTION_TRADES = {
    "quarry": ("stone quarry and crushing", "transport inside the site"),
    "wood": ("veneer and plywood", "wood drying", "wood sawing"),
    "brick": ("fired brick and tile", "fans"),
    "food": ("boilers and steam", "water"),
    "drink": ("rice spirits", "boilers and steam"),
    "tea": ("tea", "fans"),
    "mechanical": ("metalworking and foundry", "compressed air"),
    "rosin": ("rosin and turpentine", "boilers and steam"),
    "concrete": ("concrete products", "motors"),
    "mineral_powder": ("mineral powder milling", "motors"),
    "lead_zinc": ("lead-zinc and antimony smelting", "pumps"),
    "cement": ("cement", "compressed air"),
    "coal_mining": ("coal mining", "pumps"),
    "thermal_power": ("coal power (CFB)", "boilers and steam"),
    "other": ("plastics", "lighting"),
}
SLIP_EVERY = 13
INVESTMENT = {"none": (0, 9), "low": (15, 180), "medium": (220, 1600), "high": (2100, 9000)}  # million VND


@dataclass(frozen=True)
class Sent:
    """A report as sent: by whom, for which year, on which day it came in."""

    facility: DemoFacility
    year: int
    received: dt.date
    data: AnnualReportData


def reports(
    world: tuple[DemoFacility, ...], years: tuple[int, ...], running_year: int, seed: int
) -> Iterator[Sent]:
    """Every report that came in, year by year. Of ended years about nine in ten factories report; of the year
    that is still running, those few that were early, with the last months estimated.
    """
    for year in years:
        for facility in world:
            rng = np.random.default_rng((seed, facility.number, year))
            answers = rng.random() < (0.36 if year == running_year else 0.92)
            if not answers:
                continue
            received = _received(year, running_year, rng)
            yield Sent(facility, year, received, report_of(facility, year, received, rng))


def _received(year: int, running_year: int, rng: np.random.Generator) -> dt.date:
    if year == running_year:
        return dt.date(year, 11, int(rng.integers(10, 24)))
    deadline = reference.deadline("annual_report", year)
    late = rng.random() < 0.09
    return deadline + dt.timedelta(days=int(rng.integers(1, 25) if late else -rng.integers(1, 26)))


def report_of(
    facility: DemoFacility, year: int, received: dt.date, rng: np.random.Generator
) -> AnnualReportData:
    """What one factory would report of one year, sent on `received`."""
    started = facility.adopted is not None and facility.adopted.year <= year
    # Sent before the year is over: the months not yet ended are an estimate.
    unknown = [m for m in range(1, 13) if dt.date(year, m, 28) > received]
    return AnnualReportData(
        year=year,
        facility_name=facility.name,
        tax_code=facility.tax_code,
        facility_code=facility.code,
        trade=reference.trade(facility.trade).name_vi,
        address=facility.address,
        area_name=reference.area(facility.commune_key).name,
        area_code=reference.area(facility.commune_key).code,
        employees=max(1, facility.employees + int(rng.integers(-2, 3))),
        revenue_vnd=facility.revenue_vnd,
        capital_vnd=facility.capital_vnd,
        contact_name=facility.contact_name,
        contact_phone=facility.contact_phone,
        contact_email=f"co-so-{facility.number:04d}@vidu.example",
        cp_aware="yes" if started else facility.aware,
        cp_applying="yes" if started else "no" if rng.random() < 0.9 else "unknown",
        cp_since=facility.adopted.year if started else None,
        cp_unit=facility.has_unit,
        cp_unit_decision=f"Số {facility.number % 90 + 1}/QĐ-SXSH" if facility.has_unit == "yes" else "",
        cp_unit_people=(facility.contact_name,) if facility.has_unit == "yes" else (),
        lines=tuple(_lines(facility, year, frozenset(unknown), rng)),
        solutions=tuple(_solutions(facility, year, rng)) if started else (),
        difficulties=_said("difficulty", 0.45, rng),
        requests=_said("request", 0.35, rng),
        signer_name=facility.contact_name,
        signer_title="Giám đốc" if facility.employees > 10 else "Chủ cơ sở",
        signed_on=received,
    )


def _lines(facility: DemoFacility, year: int, estimated: frozenset[int], rng) -> Iterator[ReportLine]:
    units = {part.item: part.unit for part in recipe(facility.trade)}
    for (flow, item), by_year in facility.flows.items():
        months = by_year[year]
        cost = _cost(facility.trade, item, sum(months), year, rng) if flow == "consumption" else None
        if item == "electricity" and len(estimated) > 1 and facility.number % SLIP_EVERY == 0:
            # A clerk wrote one month in Wh, the bill is right: something for the plausibility rules to find.
            months = (*months[:4], months[4] * 1000, *months[5:])
        resource = None if flow == "output" else reference.resource(item)
        yield ReportLine(
            flow=flow,
            name=item if resource is None else resource.name_vi,
            unit=units[item] if resource is None else resource.unit,
            resource_code=resource.code if resource else None,
            months=months if months else NO_MONTHS,
            estimated_months=estimated,
            total=sum(months),
            cost_vnd=cost,
            source={"electricity": "invoice", "water": "meter"}.get(item),
        )


def _cost(trade: str, item: str, quantity: Decimal, year: int, rng) -> int | None:
    price = unit_price(trade, item, year)
    if price is None:
        return None
    return int(quantity * price * Decimal(str(round(rng.lognormal(0, 0.03), 4)))) // 1000 * 1000


def _solutions(facility: DemoFacility, year: int, rng: np.random.Generator) -> Iterator[ReportSolution]:
    """One to three options of the library that fit the trade, a new one each year from the first on; a few factories
    add a measure that only treats."""
    fitting = [o for t in OPTION_TRADES[facility.trade] for o in reference.options(t)]
    own = np.random.default_rng(facility.number)  # the same options every year
    count = min(len(fitting), int(own.integers(1, 4)))
    for later, index in enumerate(own.choice(len(fitting), size=count, replace=False)):
        if facility.adopted.year + later > year:
            break
        option = fitting[int(index)]
        carried_out = facility.adopted.replace(
            year=facility.adopted.year + later, day=min(facility.adopted.day, 28)
        )
        low, high = INVESTMENT[option.extra["investment_class"].split("-")[0].strip() or "low"]
        investment = int(own.integers(low, high + 1)) * 1_000_000
        saving = _saving(facility, option, year)
        payback = float(option.extra["payback_high_years"] or 2) or 0.5
        yield ReportSolution(
            name=option.name_vi,
            group=option.extra["group"],
            started=carried_out,
            done=carried_out,
            investment_vnd=investment,
            savings=(saving,) if saving else (),
            saving_vnd_per_year=int(max(investment, 5_000_000) / payback) // 1_000_000 * 1_000_000,
            state="done",
        )
    if rng.random() < 0.12:
        yield ReportSolution(
            name="Xây bể xử lý nước thải tập trung",
            group="treatment",
            not_cp_reason="Xử lý cuối đường ống, không ngăn ngừa tại nguồn",
            investment_vnd=int(rng.integers(80, 600)) * 1_000_000,
            state="done",
        )


def _saving(facility: DemoFacility, option: reference.Fact, year: int) -> ReportSaving | None:
    wanted = option.extra["resources"].split(";")
    kinds = {"electricity": ("electricity",), "fuel": ("fuel",), "water": ("water",)}
    for (flow, item), by_year in facility.flows.items():
        resource = reference.resource(item) if flow == "consumption" else None
        if resource is None or not any(w in wanted and resource.kind in k for w, k in kinds.items()):
            continue
        percent = option.low or option.value or Decimal(1)
        return ReportSaving(
            resource.code, (sum(by_year[year]) * percent / 100).quantize(Decimal("0.1")), resource.unit
        )
    return None


def _said(kind: str, chance: float, rng: np.random.Generator) -> tuple[str, ...]:
    if rng.random() >= chance:
        return ()
    return (names(kind)[int(rng.integers(len(names(kind))))],)
