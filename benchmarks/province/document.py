"""The rolled-up figures as the official .docx."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from benchmarks.province.ours import TARGETS, Rolled
from benchmarks.province.store import LAST_YEAR

from sachhon.documents.docx import province_report_docx
from sachhon.documents.model import (
    Breakdown,
    BreakdownRow,
    Consumption,
    ConsumptionRow,
    Figure,
    Introduction,
    OfficialLetterhead,
    Plan,
    ProvinceReportData,
    ReportingStatus,
    SavingFigures,
    SavingRow,
    SavingTotal,
    SolutionRow,
    Solutions,
    TargetRow,
    VoiceRow,
)
from sachhon.warehouse.rollup.reporting import GroupCount
from sachhon.warehouse.rollup.savings import SavingSum

KINDS = {"trade": "sector", "area_key": "area", "size_class": "size"}


def write_docx(rolled: Rolled, path: Path) -> int:
    """Write the report; returns its size in bytes."""
    content = province_report_docx(report_data(rolled))
    path.write_bytes(content)
    return len(content)


def report_data(rolled: Rolled) -> ProvinceReportData:
    """What the report says, from the figures."""
    years = tuple(total.year for total in rolled.energy)
    everyone = rolled.everyone
    return ProvinceReportData(
        letterhead=OfficialLetterhead(
            parent_body="UBND TỈNH LẠNG SƠN",
            issuing_body="SỞ CÔNG THƯƠNG",
            issuing_body_name="Sở Công Thương",
            symbol="BC-SCT",
            place="Lạng Sơn",
            addressees=("Ủy ban nhân dân tỉnh Lạng Sơn",),
            copies_to=("Như trên",),
            archive_line="Lưu: VT",
            signer_title_lines=("GIÁM ĐỐC",),
            signer_name="",
        ),
        audience="peoples_committee",
        province="tỉnh Lạng Sơn",
        year=LAST_YEAR,
        plan=Plan("Kế hoạch (dữ liệu thử)", "Kế hoạch (dữ liệu thử)"),
        introduction=Introduction((), Figure("Cơ sở", everyone.facilities, "cơ sở", "facilities")),
        reporting=ReportingStatus(
            due=date(LAST_YEAR, 12, 15),
            as_of=date(LAST_YEAR + 1, 1, 31),
            required=everyone.facilities,
            on_time=everyone.on_time,
            late=everyone.late,
            missing=everyone.missing,
            accepted=everyone.accepted,
            with_estimated_months=rolled.with_estimates,
            figure_code="reporting",
        ),
        targets=targets(rolled),
        savings=tuple(
            SavingRow(
                s.state, s.resource_code, s.unit, s.quantity, s.vnd, s.toe, s.co2_t, s.facilities, "saving"
            )
            for s in rolled.savings
        ),
        saving_totals=tuple(
            SavingTotal(s.state, s.vnd, s.toe, s.co2_t, s.facilities, "saving") for s in rolled.saving_totals
        ),
        breakdowns=tuple(breakdown(rolled, cut) for cut in KINDS),
        solutions=solutions(rolled),
        consumption=Consumption(
            years,
            rows=tuple(
                ConsumptionRow(code, unit, tuple(by_year.get(year) for year in years), "consumption")
                for (code, unit), by_year in by_resource(rolled).items()
            ),
            totals=(
                ConsumptionRow("Năng lượng", "TOE", tuple(total.toe for total in rolled.energy), "toe"),
                ConsumptionRow("Phát thải", "t CO₂", tuple(total.co2_t for total in rolled.energy), "co2"),
            ),
        ),
        difficulties=voices(rolled, "difficulty"),
        requests=voices(rolled, "request"),
        demo=True,
    )


def targets(rolled: Rolled) -> tuple[TargetRow, ...]:
    return tuple(
        TargetRow(
            code=found.code,
            name=found.code,
            unit="%",
            target_low=target.low,
            target_high=None,
            target_text=f"{target.low}%",
            numerator=found.yes,
            denominator=found.denominator,
            known=found.known,
            unknown=found.unknown,
            estimate=percent(found.estimate.estimate),
            interval_low=percent(found.estimate.low),
            interval_high=percent(found.estimate.high),
            met=found.verdict,
            gap_facilities=found.gap,
            judging_rule="v1",
            denominator_rule=target.denominator_rule,
            figure_code=f"target.{found.code}",
        )
        for target, found in zip(TARGETS, rolled.targets, strict=True)
    )


def breakdown(rolled: Rolled, cut: str) -> Breakdown:
    savings = {(s.group, s.state): s for s in rolled.group_savings[cut]}
    totals = {(None, s.state): s for s in rolled.saving_totals}
    rows = tuple(row(group, group.group or "–", savings) for group in rolled.groups[cut])
    return Breakdown(KINDS[cut], rows, row(rolled.everyone, "Cộng", totals), f"breakdown.{cut}")


def row(group: GroupCount, name: str, savings: dict[tuple[str | None, str], SavingSum]) -> BreakdownRow:
    def saved(state: str) -> SavingFigures:
        found = savings.get((group.group, state))
        return SavingFigures(found.vnd, found.toe, found.co2_t) if found else SavingFigures()

    return BreakdownRow(
        name,
        group.facilities,
        group.reported,
        group.aware,
        group.applying,
        group.cp_unit,
        saved("estimated"),
        saved("reported"),
        saved("verified"),
    )


def solutions(rolled: Rolled) -> Solutions:
    rows = tuple(
        SolutionRow(
            s.group_code, s.group_code, s.solutions, s.facilities, s.investment_vnd, s.saving_vnd, "solution"
        )
        for s in rolled.solutions
        if s.is_cp
    )
    total = SolutionRow(
        "all",
        "Cộng",
        sum(r.solutions for r in rows),
        sum(r.facilities for r in rows),
        sum(r.investment_vnd or 0 for r in rows),
        sum(r.saving_vnd or 0 for r in rows),
        "solution",
    )
    treated = sum(s.solutions for s in rolled.solutions if not s.is_cp)
    return Solutions(rows, total, filed_as_treatment=treated)


def by_resource(rolled: Rolled) -> dict[tuple[str, str], dict[int, Decimal]]:
    found: dict[tuple[str, str], dict[int, Decimal]] = {}
    for record in rolled.records:
        found.setdefault((record.item_code, record.unit), {})[record.year] = record.quantity
    return found


def voices(rolled: Rolled, kind: str) -> tuple[VoiceRow, ...]:
    return tuple(
        VoiceRow(need.category, need.facilities, "need", need.examples)
        for need in rolled.needs
        if need.kind == kind
    )


def percent(share: float | None) -> Decimal | None:
    return None if share is None else Decimal(str(round(100 * share, 4)))
