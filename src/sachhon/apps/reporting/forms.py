"""What people type into the form, read into the sections' JSON. Nothing is judged here but whether it can be read.

Numbers are written as in the language of the page: 1.234,5 in Vietnamese. A cell that cannot be read keeps
what was stored before and is named, the rest of the section is saved.
"""

import datetime
import re
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from sachhon.apps.registry.models.facility import TriState
from sachhon.apps.reporting.models import AnnualReport, ReportNeed, ReportSolution
from sachhon.apps.reporting.services.content import LARGEST_MONTH, LARGEST_VND
from sachhon.apps.reporting.services.options import TREATMENT, not_cp_kinds
from sachhon.apps.reporting.services.sections import Section, read_section
from sachhon.documents.numbers import format_number
from sachhon.workbooks.dates import parse_date
from sachhon.workbooks.numbers import is_nothing, read_number

NOT_CP = "not_cp:"
SAVINGS_A_SOLUTION = 3
LONGEST = 512


@dataclass
class Parsed:
    """What could be read, and field id → what is wrong with it."""

    data: dict = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


class Unreadable(ValueError):
    """The text is no number or no date; `str()` says what to write."""


def number_of(text: str, largest: int = LARGEST_MONTH) -> Decimal | None:
    """A number as people write it; None for nothing and for words such as "không có"."""
    if is_nothing(text):
        return None
    found = read_number(text.strip(), "en" if get_language() == "en" else "vi")
    if found is None:
        raise Unreadable(
            gettext("“%(text)s” is not a number. Write for example 1.234,5.") % {"text": text[:40]}
        )
    if abs(found.value) >= largest:
        raise Unreadable(gettext("This number is too large."))
    return found.value


def whole_of(text: str) -> int | None:
    """A whole number: dong, people, a year."""
    value = number_of(text, LARGEST_VND)
    if value is not None and value != value.to_integral_value():
        raise Unreadable(gettext("Write a whole number, without decimals."))
    return None if value is None else int(value)


def day_of(text: str) -> str | None:
    """A day as ISO text, from a date field or typed as dd/mm/yyyy."""
    if not text.strip():
        return None
    try:
        return datetime.date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        found = parse_date(text)
    if found is None:
        raise Unreadable(gettext("Write the date as day/month/year."))
    return found.isoformat()


def parse_section(report: AnnualReport, section: str, post) -> Parsed:
    """Reads what was sent for one section."""
    if section in (Section.GENERAL, Section.CP):
        return _parse_fields(report, section, post)
    if section == Section.SOLUTIONS:
        return _parse_rows(post, "solution", _solution)
    if section == Section.NEEDS:
        return _parse_rows(post, "need", _need)
    stored = read_section(report, section)
    return _parse_rows(post, "line", lambda key, sent, errors: _line(key, sent, errors, stored.get(key)))


def _parse_rows(post, kind: str, reader) -> Parsed:
    sent: dict[str, dict[str, str]] = defaultdict(dict)
    for name in post:
        match = re.fullmatch(rf"{kind}-(\d+)-(\w+)", name)
        if match:
            sent[match[1]][match[2]] = post[name]
    parsed = Parsed()
    for key, fields in sent.items():
        row = reader(key, fields, parsed.errors)
        if row:
            parsed.data[key] = row
    return parsed


def _read(errors: dict, anchor: str, reader, text: str):
    """The value, or Ellipsis with the error noted."""
    try:
        return reader(text)
    except Unreadable as error:
        errors[anchor] = str(error)
        return ...


def _line(key: str, sent: dict, errors: dict, stored: dict | None) -> dict:
    if stored is None:
        return {}
    row: dict = {
        name: sent[name].strip() for name in ("name", "unit", "item", "note", "source") if name in sent
    }
    if "m1" in sent:
        months = []
        for number in range(1, 13):
            value = _read(errors, f"line-{key}-m{number}", number_of, sent.get(f"m{number}", ""))
            months.append(stored["months"][number - 1] if value is ... else _plain(value))
        row["months"] = months
        total = _read(errors, f"line-{key}-total", number_of, sent.get("total", ""))
        row["total"] = stored["total"] if total is ... else _plain(total)
    if "cost_vnd" in sent:
        cost = _read(errors, f"line-{key}-cost_vnd", whole_of, sent["cost_vnd"])
        if cost is not ...:
            row["cost_vnd"] = cost
    if "estimated" in sent:
        found = [int(text) for text in re.findall(r"\d+", sent["estimated"])]
        if any(not 1 <= month <= 12 for month in found):
            errors[f"line-{key}-estimated"] = gettext("Months are 1 to 12, for example: 11, 12")
        else:
            row["estimated_months"] = found
    return row


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


def _solution(key: str, sent: dict, errors: dict) -> dict:
    row: dict = {name: sent[name].strip()[:LONGEST] for name in ("name", "state") if name in sent}
    if row.get("state") not in ReportSolution.State.values:
        row.pop("state", None)
    if "group" in sent:
        row["group"], row["not_cp_reason"] = group_of(sent["group"], sent.get("not_cp_reason", ""))
    for name in ("started_on", "done_on"):
        if name in sent and (day := _read(errors, f"solution-{key}-{name}", day_of, sent[name])) is not ...:
            row[name] = day
    for name in ("investment_vnd", "saving_vnd_per_year"):
        if (
            name in sent
            and (money := _read(errors, f"solution-{key}-{name}", whole_of, sent[name])) is not ...
        ):
            row[name] = money
    if "resource1" in sent:
        row["savings"] = _savings(key, sent, errors)
    return row


def group_of(chosen: str, reason: str) -> tuple[str, str]:
    """(group, reason): what is not cleaner production is filed as treatment, with the reference's reason."""
    lang = get_language() or "vi"
    kinds = {f"{NOT_CP}{kind.code}": kind for kind in not_cp_kinds()}
    if chosen not in kinds:
        return chosen, reason.strip()[:LONGEST] if chosen == TREATMENT else ""
    return TREATMENT, reason.strip()[:LONGEST] or kinds[chosen].reason(lang)


def _savings(key: str, sent: dict, errors: dict) -> list[dict]:
    found = []
    rows = sum(name.startswith("resource") for name in sent)  # a row read or taken over may have more
    for number in range(1, max(rows, SAVINGS_A_SOLUTION) + 1):
        code = sent.get(f"resource{number}", "")
        quantity = _read(
            errors, f"solution-{key}-quantity{number}", number_of, sent.get(f"quantity{number}", "")
        )
        if code and quantity not in (None, ...):
            found.append(
                {"resource": code, "quantity": _plain(quantity), "unit": sent.get(f"unit{number}", "")}
            )
    return found


def _need(key: str, sent: dict, errors: dict) -> dict:
    row = {"text": sent.get("text", "").strip()[:4000]}
    if sent.get("kind") in ReportNeed.Kind.values:
        row["kind"] = sent["kind"]
    return row


class NumberField(forms.CharField):
    """A whole number typed as people write it, shown as they write it."""

    def __init__(self, **kwargs):
        super().__init__(required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **kwargs)

    def to_python(self, value):
        try:
            return whole_of(value or "")
        except Unreadable as error:
            raise forms.ValidationError(str(error)) from None

    def prepare_value(self, value):
        return format_number(Decimal(value), _lang()) if isinstance(value, int) else value


class YearField(NumberField):
    """A year: a number without a separator."""

    def prepare_value(self, value):
        return value


class DayField(forms.CharField):
    """A day typed as day/month/year or picked."""

    def __init__(self, **kwargs):
        super().__init__(required=False, widget=forms.TextInput(attrs={"type": "date"}), **kwargs)

    def to_python(self, value):
        try:
            return day_of(value or "")
        except Unreadable as error:
            raise forms.ValidationError(str(error)) from None

    def prepare_value(self, value):
        return value.isoformat() if isinstance(value, datetime.date) else value


class PeopleField(forms.CharField):
    """Names, one a line."""

    def __init__(self, **kwargs):
        super().__init__(required=False, widget=forms.Textarea(attrs={"rows": 3}), **kwargs)

    def to_python(self, value):
        return [name.strip()[:255] for name in re.split(r"[;\n]", value or "") if name.strip()]

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value


def _text(label, length: int = 255, **attrs):
    return forms.CharField(
        label=label, required=False, max_length=length, widget=forms.TextInput(attrs=attrs)
    )


def _answer(label, **kwargs):
    return forms.ChoiceField(label=label, choices=TriState, required=False, **kwargs)


class GeneralForm(forms.Form):
    """Identity and size of the year."""

    employees = NumberField(label=_("Employees"))
    revenue_vnd = NumberField(
        label=_("Revenue of the year"), help_text=_("Whole dong, not thousands or millions.")
    )
    capital_vnd = NumberField(label=_("Total capital"))
    contact_name = _text(_("Contact person"), autocomplete="name")
    contact_phone = _text(_("Telephone"), 32, inputmode="tel", autocomplete="tel")
    contact_email = forms.EmailField(label=_("E-mail"), required=False)
    signer_name = _text(_("Name of signer"))
    signer_title = _text(_("Title of signer"))
    signed_on = DayField(label=_("Date signed"))

    UNITS = {"employees": _("people"), "revenue_vnd": _("dong"), "capital_vnd": _("dong")}


class CpForm(forms.Form):
    """Cleaner production at the factory."""

    cp_aware = _answer(_("Informed about cleaner production"))
    cp_applying = _answer(
        _("Applying cleaner production"),
        help_text=_("Cleaner production is voluntary: not applying it is no violation."),
    )
    cp_since = YearField(label=_("Applying since the year"))
    cp_unit = _answer(_("Has a cleaner production unit"))
    cp_unit_decision = _text(_("Decision that set up the unit"))
    cp_unit_people = PeopleField(label=_("People of the unit"), help_text=_("One name a line."))

    UNITS: dict = {}


FORMS = {Section.GENERAL: GeneralForm, Section.CP: CpForm}


def _parse_fields(report: AnnualReport, section: str, post) -> Parsed:
    form = FORMS[Section(section)](post)
    form.is_valid()
    parsed = Parsed()
    for name, bound in form.fields.items():
        if name in form.errors:
            parsed.errors[f"id_{name}"] = f"{bound.label}: {form.errors[name][0]}"
        elif name in post:
            try:
                AnnualReport._meta.get_field(name).run_validators(form.cleaned_data[name])
            except forms.ValidationError as error:
                parsed.errors[f"id_{name}"] = f"{bound.label}: {error.messages[0]}"
            else:
                parsed.data[name] = form.cleaned_data[name]
    return parsed


def _lang() -> str:
    return "en" if get_language() == "en" else "vi"
