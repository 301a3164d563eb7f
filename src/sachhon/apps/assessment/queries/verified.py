"""What was verified at a facility in a year: asked by the annual report as a proposal."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from sachhon.apps.assessment.models import Option, Verification, VerificationState
from sachhon.apps.registry.models import Facility, Resource


@dataclass(frozen=True)
class VerifiedSaving:
    """One option with what was verified of it in a year; `shared` options were measured together."""

    key: str  # "option:12:2026" or "option:12+13:2026", the same for as long as the options live
    option: Option
    shared: tuple[Option, ...]
    savings: tuple[tuple[Resource, Decimal], ...]  # negative: a worsening
    saving_vnd: int | None
    investment_vnd: int | None
    figures: tuple[str, ...]
    judged_by: str
    first: datetime.date  # the months it was measured over
    last: datetime.date


def verified_savings(user, facility: Facility, year: int) -> list[VerifiedSaving]:
    """Verified savings whose report months end in `year`, one row an option that leads its verification.

    Options measured together on one meter are one row: a saving is never given twice.
    """
    rows = (
        Verification.objects.visible_to(user)
        .filter(assessment__facility=facility, state=VerificationState.VERIFIED, report_to__year=year)
        .select_related("resource", "figure", "judged_by")
        .prefetch_related("options")
    )
    grouped: dict[tuple[int, ...], list[Verification]] = {}
    for row in rows:
        pks = tuple(sorted(o.pk for o in row.options.all()))
        if pks:
            grouped.setdefault(pks, []).append(row)
    return [
        _proposal(sorted(group[0].options.all(), key=lambda o: o.number), group, year)
        for group in grouped.values()
    ]


def _proposal(options: list[Option], rows: list[Verification], year: int) -> VerifiedSaving:
    money = [r.result["vnd"] for r in rows if r.result.get("vnd") is not None]
    spent = [o.spent_vnd for o in options if o.spent_vnd is not None]
    return VerifiedSaving(
        key=f"option:{'+'.join(str(pk) for pk in sorted(o.pk for o in options))}:{year}",
        option=options[0],
        shared=tuple(options[1:]),
        savings=tuple((r.resource, Decimal(f"{r.result['saving']:.6g}")) for r in rows),
        saving_vnd=sum(money) if money else None,
        investment_vnd=sum(spent) if spent else None,
        figures=tuple(r.figure.code for r in rows if r.figure),
        judged_by=rows[0].judged_by.display_name() if rows[0].judged_by else "",
        first=min(r.report_from for r in rows),
        last=max(r.report_to for r in rows),
    )
