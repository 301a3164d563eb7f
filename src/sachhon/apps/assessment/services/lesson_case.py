"""A verified option as an anonymous case: as much as may be told of it, and no more.

Trade: told where three facilities of the province share it, else the section of industry, else nothing. Size: told
where three of that trade share it. Shares are whole percents rounded outwards, amounts the step of a scale of 1, 2, 5
they lie in, payback half years.
"""

import itertools
import math
from collections.abc import Iterable
from decimal import Decimal

from sachhon.apps.assessment.models import Option, Origin, Verification, VerificationState
from sachhon.apps.guidance import queries as library
from sachhon.apps.guidance.cases import Case
from sachhon.apps.registry.models import Facility
from sachhon.reference.catalogue import option_groups
from sachhon.reference.sectors import section_of
from sachhon.science.intensity import Verdict

LEAST = 3  # facilities that must share what is told of one
MILLION = Decimal(1_000_000)
SOURCE = "Tiết kiệm đã đo và xác minh trong một đánh giá của tỉnh"


def verified_row(option: Option) -> Verification | None:
    """The verification that a case of the option is told by: the latest that found a saving."""
    rows = option.verifications.filter(state=VerificationState.VERIFIED).order_by("-report_to", "-pk")
    return next(
        (r for r in rows.select_related("resource") if r.result.get("verdict") == Verdict.SAVED), None
    )


def case_of(option: Option, row: Verification, code: str, words: dict[str, str]) -> Case:
    """The case. words : well_vi, badly_vi and their English."""
    facility, result = option.facility, row.result
    trade, section, size = told_of(facility)
    known = _library_option(option)
    group = next(f for f in option_groups() if f.code == option.group)
    resource = row.resource
    expected = Decimal(str(result["expected"]))
    share = [Decimal(str(result[k])) / expected * 100 for k in ("low", "saving", "high")]
    a_year = Decimal(12) / max(int(result["months"]), 1)
    saved = bracket(Decimal(str(result["saving"])) * a_year) or (Decimal(0), Decimal(1))
    money = None if result.get("vnd") is None else Decimal(result["vnd"]) * a_year / MILLION
    invested = _investment(option)
    return Case(
        code=code,
        name_vi=known.name_vi if known else f"{group.name_vi}: {resource.name_vi}",
        name_en=known.name_en if known else f"{group.name_en}: {resource.name_en or resource.name_vi}",
        option=known.code if known else "",
        group=option.group,
        province=facility.province_code,
        trade=trade,
        section=section,
        size_class=size,
        year=row.report_to.year,
        resource=resource.kind,
        resource_vi=resource.name_vi,
        resource_en=resource.name_en or resource.name_vi,
        low=Decimal(math.floor(share[0])),
        likely=Decimal(round(share[1])),
        high=Decimal(math.ceil(share[2])),
        level=row.confidence,
        quantity_low=saved[0],
        quantity_high=saved[1],
        unit=resource.unit,
        **_range("money", money),
        **_range("investment", invested),
        payback_years=None if not money or money <= 0 or invested is None else half(invested / money),
        well_vi=words.get("well_vi", "").strip(),
        well_en=words.get("well_en", "").strip(),
        badly_vi=words.get("badly_vi", "").strip(),
        badly_en=words.get("badly_en", "").strip(),
        source=SOURCE,
        confidence="found",
    )


def told_of(facility: Facility) -> tuple[str, str, str]:
    """(trade of the library, section, size class) as far as three facilities of the province share them; "" else."""
    others = list(
        Facility.objects.filter(province_code=facility.province_code, merged_into=None).select_related(
            "trade", "sector"
        )
    )
    trade = library.trade_of(facility)
    same = [f for f in others if library.trade_of(f) == trade]
    if len(same) >= LEAST:
        return trade, "", _shared_size(facility, same)
    section = _section(facility)
    alike = [f for f in others if section and _section(f) == section]
    if len(alike) >= LEAST:
        return "", section, _shared_size(facility, alike)
    return "", "", _shared_size(facility, others)


def bracket(value: Decimal) -> tuple[Decimal, Decimal] | None:
    """The step of the scale 1, 2, 5, 10, … that a positive amount lies in; None for none.

    >>> bracket(Decimal(37)), bracket(Decimal("0.2"))
    ((Decimal('20'), Decimal('50')), (Decimal('0.2'), Decimal('0.5')))
    """
    if value <= 0:
        return None
    ten = Decimal(10) ** (len(str(int(value))) - 1 if value >= 1 else value.adjusted())
    marks = [ten, 2 * ten, 5 * ten, 10 * ten]
    low, high = next((a, b) for a, b in itertools.pairwise(marks) if a <= value < b)
    return _plain(low), _plain(high)


def half(years: Decimal) -> Decimal:
    """To half a year, at least half a one."""
    return max(Decimal(round(years * 2)) / 2, Decimal("0.5"))


def _shared_size(facility: Facility, among: Iterable[Facility]) -> str:
    size = facility.size_class
    known = size not in ("", "unknown")
    return size if known and sum(f.size_class == size for f in among) >= LEAST else ""


def _section(facility: Facility) -> str:
    return section_of(facility.sector.code) if facility.sector else ""


def _library_option(option: Option) -> library.Option | None:
    return library.option(option.origin_code.partition("@")[0]) if option.origin == Origin.LIBRARY else None


def _investment(option: Option) -> Decimal | None:
    spent = option.spent_vnd if option.spent_vnd is not None else option.economic.get("investment_likely")
    return None if spent in (None, "") else Decimal(str(spent)) / MILLION


def _range(name: str, amount: Decimal | None) -> dict[str, Decimal | None]:
    low, high = (bracket(amount) if amount is not None else None) or (None, None)
    return {f"{name}_low": low, f"{name}_high": high}


def _plain(value: Decimal) -> Decimal:
    return Decimal(f"{value.normalize():f}")
