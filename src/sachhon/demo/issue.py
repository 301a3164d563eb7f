"""Computes the demo province, issues its reports of the last ended year, and says how the targets stand."""

import datetime as dt
from pathlib import Path

from django.utils import timezone

from sachhon import reference
from sachhon.apps.people.models import User
from sachhon.apps.programme.models import TargetResult
from sachhon.apps.reporting.models import ProvinceReport
from sachhon.apps.reporting.services import province
from sachhon.demo.build import Progress, Scale
from sachhon.demo.people import PROVINCE
from sachhon.documents.numbers import format_number, format_percent

NUMBERS = {"peoples_committee": "15", "ministry": "16"}
SIGNER_TITLE = "KT. GIÁM ĐỐC|PHÓ GIÁM ĐỐC"


def issue_reports(officer: User, scale: Scale, folder: Path, progress: Progress) -> list[Path]:
    """Issues both reports where they are not issued yet; writes them into `folder` and returns the paths."""
    issued = ProvinceReport.objects.filter(province_code=PROVINCE, year=scale.last_ended, state="issued")
    done = set(issued.values_list("audience", flat=True))
    if len(done) < len(NUMBERS):
        with progress.step("Tính số liệu toàn tỉnh / computing the province", len(scale.years)) as tick:
            for year in scale.years:
                # As of the day the report of that year was due to be issued, or today where it is still running.
                province.refresh(None, PROVINCE, year, min(timezone.localdate(), issue_day(year)))
                tick()
        with progress.step("Ban hành báo cáo của tỉnh / issuing the province's report"):
            for audience in NUMBERS.keys() - done:
                _issue(officer, audience, scale)
    return [
        path
        for audience in NUMBERS
        for path in province.report_to_folder(PROVINCE, scale.last_ended, audience, folder)
    ]


def issue_day(year: int) -> dt.date:
    """The day on which the demo's report of a year is dated."""
    return dt.date(year + 1, 2, 5)


def _issue(officer: User, audience: str, scale: Scale) -> None:
    draft = province.draft(officer, PROVINCE, scale.last_ended, audience)
    province.issue(
        officer,
        draft,
        number=NUMBERS[audience],
        dated=issue_day(scale.last_ended),
        signer_name=officer.display_name(),
        signer_title=SIGNER_TITLE,
    )


def targets_table(scale: Scale) -> str:
    """The targets of the last ended year, as lines for a terminal."""
    rows = TargetResult.objects.filter(province_code=PROVINCE, year=scale.last_ended, headline=True)
    lines = [f"Chỉ tiêu năm {scale.last_ended} / targets:"]
    names = {t.code: t for plan in reference.plans() for t in reference.targets(plan.code)}
    for row in rows.order_by("order", "pk"):
        target = names[row.target_code]
        aim = format_number(target.value_low, "vi", 0)
        if target.value_high != target.value_low:
            aim += f"–{format_number(target.value_high, 'vi', 0)}"
        lines.append(
            f"  {target.name_vi:<58} {format_percent(row.estimate, 'vi'):>7} "
            f"[{format_percent(row.low, 'vi')}; {format_percent(row.high, 'vi')}]"
            f"  chỉ tiêu {aim}%  {row.numerator}/{row.denominator}, biết {row.known}  {row.get_met_display()}"
        )
    return "\n".join(lines) + "\n"
