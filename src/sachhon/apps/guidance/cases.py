"""An anonymous case of a factory, and what several of them say together. Pure; nothing is stored here.

A case keeps no name, place or exact figure: trade and size class are as coarse as it takes for three facilities of
the province to share them, amounts are ranges on a scale of 1, 2, 5, shares are whole percents.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median


@dataclass(frozen=True)
class Case:
    """One measure that was carried out and verified.

    low, likely, high : saving in percent of what the baseline expects, with its interval of `level` percent;
    quantity : saved a year in `unit`; money, investment : million VND (a year, once); payback_years to half a year;
    trade : code of the library, "" where too few facilities share it (then `section` says as much as may be said).
    """

    code: str
    name_vi: str
    name_en: str
    option: str
    group: str
    province: str
    trade: str
    section: str
    size_class: str
    year: int
    resource: str
    resource_vi: str
    resource_en: str
    low: Decimal
    likely: Decimal
    high: Decimal
    level: int
    quantity_low: Decimal
    quantity_high: Decimal
    unit: str
    money_low: Decimal | None
    money_high: Decimal | None
    investment_low: Decimal | None
    investment_high: Decimal | None
    payback_years: Decimal | None
    well_vi: str
    well_en: str
    badly_vi: str
    badly_en: str
    source: str
    confidence: str
    version: int = 0

    def name(self, lang: str = "vi") -> str:
        return self.name_en if lang == "en" and self.name_en else self.name_vi

    def well(self, lang: str = "vi") -> str:
        return self.well_en if lang == "en" and self.well_en else self.well_vi

    def badly(self, lang: str = "vi") -> str:
        return self.badly_en if lang == "en" and self.badly_en else self.badly_vi


@dataclass(frozen=True)
class Together:
    """What cases say together: how many, the median saving (percent) and the least and most, the median payback."""

    n: int
    low: Decimal
    median: Decimal
    high: Decimal
    payback: Decimal | None


def together(cases: Sequence[Case]) -> Together | None:
    """The statistics of some cases; None where there is none."""
    if not cases:
        return None
    savings = [c.likely for c in cases]
    years = [c.payback_years for c in cases if c.payback_years is not None]
    return Together(
        len(cases),
        min(savings),
        Decimal(median(savings)),
        max(savings),
        Decimal(median(years)) if years else None,
    )
