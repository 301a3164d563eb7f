"""What differs between an issued report and the figures of today. Shows; never changes the issue."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language

from sachhon.apps.registry.models import Figure
from sachhon.apps.reporting.models import ProvinceReport
from sachhon.apps.reporting.services.province.codes import current_code
from sachhon.apps.reporting.services.province.words import counted_unit, unit_name
from sachhon.documents.numbers import round_half_up, sensible_decimals
from sachhon.documents.texts import words

PERCENT_DECIMALS = 1
MOST_DECIMALS = 9  # what a figure is kept in


@dataclass(frozen=True)
class Difference:
    """A figure that is no longer what was issued, in the unit it is read in; `now` None: it is no longer computed, or
    not known. `decimals` : digits after the comma, enough to tell the two apart."""

    label: str
    unit: str
    issued: Decimal | None
    now: Decimal | None
    decimals: int
    issued_code: str
    code: str

    @property
    def change(self) -> Decimal | None:
        """What is issued and what is now as they are printed, subtracted."""
        if self.issued is None or self.now is None:
            return None
        return round_half_up(self.now, self.decimals) - round_half_up(self.issued, self.decimals)


def compare(report: ProvinceReport) -> list[Difference]:
    """The figures of an issued report that have changed since, in the order of their codes."""
    suffix = report.figure_suffix
    issued = list(
        Figure.objects.filter(
            province_code=report.province_code,
            issued=True,
            code__contains=f":{report.year}",
            code__endswith=f":{suffix}",
        ).order_by("code")
    )
    codes = [current_code(figure.code, suffix) for figure in issued]
    now = {f.code: f for f in Figure.objects.filter(code__in=codes)}
    lang = "en" if get_language() == "en" else "vi"
    found = []
    for figure, code in zip(issued, codes, strict=True):
        living = now.get(code)
        value = living.value if living is not None else None
        if value != figure.value:
            label = figure.label_en if lang == "en" else figure.label_vi
            unit, issued_value, value = _read(figure, value, lang)
            decimals = _decimals(figure, issued_value, value)
            found.append(Difference(label, unit, issued_value, value, decimals, figure.code, code))
    return found


def _read(figure: Figure, now: Decimal | None, lang: str) -> tuple[str, Decimal | None, Decimal | None]:
    """Unit, issued and present value as a person reads them: money in millions, counts with what is counted."""
    if figure.unit == "VND":
        return words(lang)("unit.million_vnd"), *(
            v if v is None else v.scaleb(-6) for v in (figure.value, now)
        )
    return counted_unit(figure.code, lang) or unit_name(figure.unit, lang), figure.value, now


def _decimals(figure: Figure, *values: Decimal | None) -> int:
    """The digits of the report (percent with one, the rest as many as are worth reading), or so many more that two
    different values do not read alike."""
    known = [value for value in values if value is not None]
    decimals = PERCENT_DECIMALS if figure.unit == "%" else sensible_decimals(*known)
    while len(known) == 2 and decimals < MOST_DECIMALS:
        if round_half_up(known[0], decimals) != round_half_up(known[1], decimals):
            break
        decimals += 1
    return decimals
