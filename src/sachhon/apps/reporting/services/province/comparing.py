"""What differs between an issued report and the figures of today. Shows; never changes the issue."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language

from sachhon.apps.registry.models import Figure
from sachhon.apps.reporting.models import ProvinceReport
from sachhon.apps.reporting.services.province.codes import current_code
from sachhon.apps.reporting.services.province.words import unit_name


@dataclass(frozen=True)
class Difference:
    """A figure that is no longer what was issued; `now` None: it is no longer computed, or not known."""

    label: str
    unit: str
    issued: Decimal | None
    now: Decimal | None
    issued_code: str
    code: str

    @property
    def change(self) -> Decimal | None:
        """Now less what was issued."""
        return None if self.issued is None or self.now is None else self.now - self.issued


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
            found.append(
                Difference(
                    label,
                    unit_name(figure.unit, lang),
                    _short(figure.value),
                    _short(value),
                    figure.code,
                    code,
                )
            )
    return found


def _short(value: Decimal | None) -> Decimal | None:
    """As many digits as a person compares: counts whole, small numbers with some decimals."""
    if value is None:
        return None
    if value == int(value):
        return Decimal(int(value))
    return round(value, 1 if abs(value) >= 100 else 3)
