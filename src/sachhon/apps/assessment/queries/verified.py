"""What was verified at a facility in a year: asked by the annual report as a proposal."""

import datetime
from collections.abc import Collection, Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from decimal import Decimal

from sachhon.apps.assessment.models import Option, OptionState, Verification, VerificationState
from sachhon.apps.assessment.queries.options import money_closed
from sachhon.apps.assessment.services.verification_doubts import is_outdated
from sachhon.apps.registry.models import Facility, Resource
from sachhon.science.intensity import Verdict

CARRIED_OUT = (OptionState.DONE, OptionState.VERIFIED)


@dataclass(frozen=True)
class VerifiedSaving:
    """One option with what was verified of it in a year; `shared` options were measured together."""

    key: str  # "option:12:2026" or "option:12+13:2026", the same for as long as the options live
    option: Option
    shared: tuple[Option, ...]
    savings: tuple[tuple[Resource, Decimal], ...]  # negative: a worsening
    expected: tuple[tuple[Resource, Decimal], ...]  # what the baseline would have used over the same months
    saving_vnd: int | None
    investment_vnd: int | None
    figures: tuple[str, ...]
    judged_by: str
    first: datetime.date  # the months it was measured over
    last: datetime.date
    proven: bool  # False: the interval of one of them holds 0
    doubled: tuple[str, ...]  # "Điện 01/2026–06/2026": verified too, over months that are counted already
    outdated: tuple[
        str, ...
    ]  # the same: judged on records that were changed since; not to be relied on meanwhile


def apart(periods: Sequence[tuple[datetime.date, datetime.date]]) -> list[int]:
    """Numbers of the periods that are counted: the longest first, none that shares a month with one before it."""
    kept: list[int] = []
    months = [tuple((day.year, day.month) for day in period) for period in periods]
    for n in sorted(range(len(periods)), key=lambda n: (periods[n][0] - periods[n][1], n)):
        first, last = months[n]
        if all(last < months[k][0] or months[k][1] < first for k in kept):
            kept.append(n)
    return sorted(kept)


@dataclass(frozen=True)
class JudgedKeys:
    """`standing`: keys of what stands verified. `changed`: of what was, on records that were changed since."""

    standing: frozenset[str]
    changed: frozenset[str]


def judged_keys(province: str, year: int) -> JudgedKeys:
    """The keys of all that was judged verified at the facilities of a province up to a year.

    Where one of the savings behind a key cannot be told from 0, or was judged on records that were changed since, the
    whole is what the factory reports, not verified.
    """
    rows = (
        Verification.objects.filter(
            assessment__facility__province_code=province,
            state=VerificationState.VERIFIED,
            report_from__year__lte=year,
        )
        .select_related("assessment__facility", "resource")
        .prefetch_related("options")
    )
    stands, unproven, changed = set(), set(), set()
    for row in rows:
        mine = {_key([o.pk for o in row.options.all()], n) for n in years_of(row) if n <= year}
        (stands if is_proven(row) else unproven).update(mine)
        if is_outdated(row):
            changed.update(mine)
    return JudgedKeys(frozenset(stands - unproven - changed), frozenset(changed - unproven))


def verified_savings(user, facility: Facility, year: int) -> list[VerifiedSaving]:
    """Verified savings whose report months lie in `year`, one row an option that leads its verification.

    Of months over the turn of a year each year has its part.
    Options measured together on one meter are one row. Only what was carried out counts, and of months measured twice,
    for whichever options, the longest measurement: a saving is never given twice. Of what was judged on records that
    were changed since, it is said so (`outdated`).
    """
    rows = (
        Verification.objects.visible_to(user)
        .filter(assessment__facility=facility, state=VerificationState.VERIFIED)
        .filter(report_from__year__lte=year, report_to__year__gte=year)
        .select_related("assessment__facility", "resource", "figure", "judged_by")
        .prefetch_related("options")
    )
    wholes = [whole for whole in rows if _carried_out(whole)]
    parts = [of_year(whole, year) for whole in wholes]
    counted, old = _once(parts), {whole.pk for whole in wholes if is_outdated(whole)}
    grouped: dict[tuple[int, ...], list[Verification]] = {}
    for row in parts:
        grouped.setdefault(tuple(sorted(o.pk for o in row.options.all())), []).append(row)
    return [
        _proposal(user, sorted(group[0].options.all(), key=lambda o: o.number), group, kept, year, old)
        for group in grouped.values()
        if (kept := [row for row in group if row in counted])
    ]


def on_changed_records(user, facility: Facility) -> set[int]:
    """Keys of the options of a facility whose verified saving was judged on records that were changed since."""
    rows = Verification.objects.visible_to(user).filter(
        assessment__facility=facility, state=VerificationState.VERIFIED
    )
    found = rows.select_related("assessment__facility", "resource").prefetch_related("options")
    return {option.pk for row in found if is_outdated(row) for option in row.options.all()}


def superseded(facility: Facility) -> dict[int, Verification]:
    """Verified savings that are not counted, each with the one that its months are counted with: key → that one.

    A month was verified twice before that was refused; the longest measurement stands, as in `verified_savings`.
    """
    rows = Verification.objects.filter(assessment__facility=facility, state=VerificationState.VERIFIED)
    whole = [r for r in rows.select_related("resource").prefetch_related("options") if _carried_out(r)]
    counted = _once(whole)
    return {
        row.pk: next(
            one
            for one in counted
            if one.resource_id == row.resource_id and len(apart([_months(one), _months(row)])) == 1
        )
        for row in whole
        if row not in counted
    }


def _months(row: Verification) -> tuple[datetime.date, datetime.date]:
    return row.report_from, row.report_to


def _carried_out(row: Verification) -> bool:
    options = row.options.all()
    return bool(options) and all(o.state in CARRIED_OUT and o.deleted_at is None for o in options)


def is_proven(row: Verification) -> bool:
    """Whether what was measured can be told from 0, as a saving or as a worsening."""
    return row.result.get("verdict") != Verdict.NOT_DISTINGUISHABLE


def years_of(row: Verification) -> range:
    """The years that the measured months lie in."""
    return range(row.report_from.year, row.report_to.year + 1)


def of_year(row: Verification, year: int) -> Verification:
    """The part of a verification that lies in `year`: its months, with what was used less than expected in them.

    Not stored: a copy in memory. The parts of all years add up to the whole.
    """
    if len(years_of(row)) == 1:
        return row
    months = [(y, used, expected) for y, m, used, expected in row.result["series"] if _reported(row, y, m)]
    saved = {n: sum(e - u for y, u, e in months if y == n) for n in years_of(row)}
    whole = sum(saved.values())
    share = saved[year] / whole if whole else 0.0
    part = copy(row)
    part.report_from = max(row.report_from, datetime.date(year, 1, 1))
    part.report_to = min(row.report_to, datetime.date(year, 12, 31))
    money = row.result.get("vnd")
    part.result = row.result | {
        "saving": row.result["saving"] * share,
        "expected": sum(e for y, _u, e in months if y == year),
        "vnd": None if money is None else round(money * share),
    }
    return part


def _reported(row: Verification, year: int, month: int) -> bool:
    first, last = ((day.year, day.month) for day in (row.report_from, row.report_to))
    return first <= (year, month) <= last


def _key(options: Iterable[int], year: int) -> str:
    return f"option:{'+'.join(str(pk) for pk in sorted(options))}:{year}"


def _proposal(
    user,
    options: list[Option],
    found: list[Verification],
    rows: list[Verification],
    year: int,
    old: Collection[int],
) -> VerifiedSaving:
    money = [
        r.result["vnd"] for r in rows if r.result.get("vnd") is not None and not money_closed(user, r.result)
    ]
    spent = [o.spent_vnd for o in options if o.spent_vnd is not None]
    return VerifiedSaving(
        key=_key((o.pk for o in options), year),
        option=options[0],
        shared=tuple(options[1:]),
        savings=_sums(rows, "saving"),
        expected=_sums(rows, "expected"),
        saving_vnd=sum(money) if money else None,
        investment_vnd=sum(spent) if spent else None,
        figures=tuple(r.figure.code for r in rows if r.figure),
        judged_by=rows[0].judged_by.display_name() if rows[0].judged_by else "",
        first=min(r.report_from for r in rows),
        last=max(r.report_to for r in rows),
        proven=all(is_proven(r) for r in rows),
        doubled=tuple(_measured(r) for r in found if r not in rows),
        outdated=tuple(_measured(r) for r in rows if r.pk in old),
    )


def _measured(row: Verification) -> str:
    return f"{row.resource.name} {row.report_from:%m/%Y}–{row.report_to:%m/%Y}"


def _once(found: list[Verification]) -> list[Verification]:
    """Of each resource the verifications whose months do not overlap."""
    kept = []
    for resource in dict.fromkeys(r.resource_id for r in found):
        same = [r for r in found if r.resource_id == resource]
        kept += [same[n] for n in apart([_months(r) for r in same])]
    return kept


def _sums(rows: list[Verification], what: str) -> tuple[tuple[Resource, Decimal], ...]:
    sums: dict[Resource, Decimal] = {}
    for r in rows:
        sums[r.resource] = sums.get(r.resource, Decimal(0)) + Decimal(f"{r.result[what]:.6g}")
    return tuple(sums.items())
