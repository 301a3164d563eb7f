"""Words and addresses that only the pages of a report need."""

import datetime
from decimal import Decimal, InvalidOperation

from django import template
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from sachhon.apps.reporting.models import AnnualReport, ReportLine, ReportNeed, ReportSolution, ReportState
from sachhon.apps.reporting.models.saving import is_beyond
from sachhon.apps.reporting.pages import SLUG_OF
from sachhon.apps.reporting.services import verified_marks
from sachhon.apps.reporting.services.sections import Section
from sachhon.documents.numbers import UNKNOWN, format_date_short, format_number, format_percent
from sachhon.reference.facts import FactNotFound
from sachhon.reference.resources import resource
from sachhon.reference.units import UnitError, unit_label

register = template.Library()


@register.filter
def relative(value) -> str:
    """{{ saving.relative_pct|relative }} → 10,0%; at the limit of what is kept "more than 100.000%"."""
    pct = Decimal(str(value))
    if not is_beyond(pct):
        return format_percent(pct, _lang())
    words = gettext("more than %(limit)s%%") if pct > 0 else gettext("below %(limit)s%%")
    return words % {"limit": format_number(pct, _lang(), 0)}


OWN_WORDS = {
    "row": _("row"),
    "cp_unit_people": _("People of the unit"),
    "cost_vnd": _("cost (VND)"),
    "estimated_months": _("Estimated months"),
    "savings": _("What it saves a year"),
    "source": _("Read from"),
    "kind": _("Kind"),
    "text": _("text"),
    "item": _("Kind"),
    "name": _("Name at the facility"),
    "total": _("Whole year"),
    "note": _("Note"),
    "meter": _("meter"),
    "flow": _("Kind"),
    "state": _("State"),
    "not_cp_reason": _("Why"),
    "category": _("Kind"),
}


@register.simple_tag
def report_url(report: AnnualReport, name: str, *more) -> str:
    """{% report_url report 'check' %}: a page of this revision of the report."""
    return reverse(f"reporting:{name}", args=[report.facility.code, report.year, report.revision, *more])


@register.filter
def read_from(origins: dict) -> str:
    """ "so.xlsx, BC: E8, E9": the file, the sheet and the cells that a row was read from."""
    cells: dict[tuple[str, str], list[str]] = {}
    for name, (file_name, sheet, cell) in origins.items():
        if name.split(".")[0] == verified_marks.PREFIX:
            continue
        cells.setdefault((file_name, sheet), []).append(cell)
    places = (f"{file}, {sheet}: {', '.join(dict.fromkeys(found))}" for (file, sheet), found in cells.items())
    return "; ".join(places)


@register.filter
def verified_mark(solution: ReportSolution) -> verified_marks.Mark | None:
    """Where a solution that was verified in an assessment was taken over from."""
    return verified_marks.mark_of(solution)


@register.filter
def slug_of(section: str) -> str:
    """The section as it stands in addresses."""
    return SLUG_OF[Section(section)]


@register.filter
def state_word(code: str) -> str:
    """The word for the state of a row of the list."""
    return str(ReportState(code).label) if code in ReportState.values else gettext("Not begun")


@register.filter
def unit_word(code: str) -> str:
    """The symbol of a unit in the language of the page."""
    try:
        return unit_label(code, _lang())
    except UnitError:
        return code


@register.filter
def tidy(value) -> str:
    """A number without the zeros of its column: 5400.000000 → 5.400."""
    number = _decimal(value)
    return UNKNOWN if number is None else format_number(number.normalize(), _lang())


@register.filter
def typed(value) -> str:
    """A number as it is typed into a field; nothing where it is not known."""
    number = _decimal(value)
    return "" if number is None else format_number(number.normalize(), _lang())


@register.filter
def millions(value) -> Decimal | None:
    """VND in million dong."""
    number = _decimal(value)
    return None if number is None else number / 1_000_000


@register.filter
def resource_word(code: str) -> str:
    """The name of a resource in the language of the page."""
    try:
        return resource(code).name(_lang())
    except FactNotFound:
        return code


@register.filter
def field_word(name: str) -> str:
    """The words for a field of a report, for the history and for a refused save."""
    if name.startswith("month "):
        return gettext("month %(n)s") % {"n": name.removeprefix("month ")}
    if name in OWN_WORDS:
        return str(OWN_WORDS[name])
    for model in (AnnualReport, ReportLine, ReportSolution, ReportNeed):
        if any(field.name == name for field in model._meta.fields):
            return str(model._meta.get_field(name).verbose_name)
    return name


@register.filter
def plain_value(value) -> str:
    """A value of the history: numbers as they are written, lists joined, nothing as a dash."""
    if value in (None, "", [], {}):
        return UNKNOWN
    if isinstance(value, list):
        return "; ".join(_part(item) for item in value)
    if isinstance(value, str) and len(value) == 10 and value[4:5] == "-":
        try:
            return format_date_short(datetime.date.fromisoformat(value), _lang())
        except ValueError:
            return value
    number = _decimal(value)
    return (
        str(value) if number is None or not number.is_finite() else format_number(number.normalize(), _lang())
    )


def _part(item) -> str:
    if isinstance(item, dict):
        return " ".join(str(v) for v in item.values() if v)
    return UNKNOWN if item is None else str(item)


def _decimal(value) -> Decimal | None:
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _lang() -> str:
    return "en" if get_language() == "en" else "vi"
