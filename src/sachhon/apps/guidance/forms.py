"""The form of an option, a question or a benchmark row, built from the one list of fields. It only parses."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from sachhon.apps.guidance import words
from sachhon.apps.guidance.fields import FIELDS, LABELS, Field
from sachhon.apps.guidance.models import Kind
from sachhon.apps.registry.forms import VietnameseDecimal
from sachhon.documents.numbers import format_number

HINTS = {
    "resources": _("Several of: electricity, fuel, water, raw_material, material, waste; with “;” between."),
    "materials": _("Codes of the list of resources, with “;” between."),
    "options": _("Codes of options, with “;” between."),
    "sizes": _("Empty for all; else micro, small, medium, large with “;” between."),
    "arc_code": _("Code of the American assessment programme, such as 2.4236."),
    "counts": _(
        "Codes of resources or families, with “;” between: all_electricity, all_fuels, all_water … "
        "Empty where a site’s records do not tell it: then nobody is compared with it."
    ),
    "products": _("Empty for all products; else words of names, with “;” between."),
    "unit_code": _("Such as kWh/t; what the computer converts by."),
    "valid_from": _("Year-month-day; empty for no end."),
    "valid_to": _("Year-month-day; empty for no end."),
    "text_vi": _("A question to which yes is good practice."),
}
CHOICES = {
    "groups": words.group_choices,
    "systems": words.system_choices,
    "investments": words.investment_choices,
    "confidences": words.confidence_choices,
    "resources": lambda: words.resource_choices(every=True),
    "indicators": lambda: [("", "–"), *words.resource_choices(energy=True)],
    "denominators": lambda: [("", "–"), *words.denominator_choices()],
    "needs": lambda: [("", _("everywhere")), *words.system_choices()],
    "weights": lambda: [("1", "1"), ("2", "2"), ("3", "3")],
}


class PartForm(forms.Form):
    """One part of a content: reads its plain JSON as initial values, gives plain JSON back with `content()`."""

    def __init__(self, kind: str, part: dict, *args, new: bool = False, **kwargs):
        self.kind, self.part, self.new = kind, part, new
        kwargs["initial"] = {f.name: _shown(f, part.get(f.name)) for f in FIELDS[kind]}
        super().__init__(*args, **kwargs)
        if new:
            self.fields["code"] = forms.RegexField(
                r"^[A-Za-z0-9_.-]{2,40}$",
                label=LABELS["code"],
                help_text=_("Such as BLR-21; it never changes."),
            )
        if new and kind == Kind.OPTION:
            self.fields["declared"] = forms.ChoiceField(
                label=_("Is it rather one of these?"),
                required=False,
                choices=[("", _("No, it lessens waste at its source")), *words.not_cp_choices()],
            )
        for field in FIELDS[kind]:
            self.fields[field.name] = _form_field(field)

    def content(self) -> dict:
        """The part with what the form says; what the form does not have stays."""
        found = {f.name: _plain(f, self.cleaned_data.get(f.name)) for f in FIELDS[self.kind]}
        code = {"code": self.cleaned_data["code"].upper()} if self.new else {}
        return self.part | found | code


class DraftForm(forms.Form):
    """Why a draft is changed, and the stamp of what the person had before them."""

    why = forms.CharField(
        label=_("What was changed and why"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    stamp = forms.IntegerField(widget=forms.HiddenInput)


class UploadForm(forms.Form):
    """A workbook that was exported here and edited."""

    file = forms.FileField(label=_("Edited workbook (.xlsx)"))


def _form_field(field: Field) -> forms.Field:
    common = {
        "label": LABELS[field.name], "required": field.needed, "help_text": HINTS.get(field.name, ""),
    }  # fmt: skip
    if field.shape == "choice":
        return forms.ChoiceField(choices=CHOICES[field.choices], **common)
    if field.shape in ("number", "whole"):
        return VietnameseDecimal(whole=field.shape == "whole", **common)
    if field.shape == "yes":
        return forms.BooleanField(**common | {"required": False})
    if field.shape == "date":
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), **common)
    if field.shape == "long":
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), max_length=1000, **common)
    return forms.CharField(max_length=400, **common)


def _shown(field: Field, value):
    if value is None:
        return ""
    if field.shape == "list":
        return "; ".join(value)
    if field.shape == "number":
        return format_number(Decimal(str(value)), words.lang())
    if field.name == "weight":
        return str(int(value))
    return value


def _plain(field: Field, value):
    """The plain JSON of a cleaned value."""
    if field.shape == "list":
        return [word.strip() for word in (value or "").replace(",", ";").split(";") if word.strip()]
    if field.name == "weight":
        return float(value)
    if field.shape == "number":
        return None if value is None else f"{Decimal(value):f}"
    if field.shape == "date":
        return value.isoformat() if value else None
    return value if field.shape in ("yes", "whole") else (value or "").strip()
