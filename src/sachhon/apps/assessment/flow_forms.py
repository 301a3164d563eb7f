"""Forms of the flow-sheet: they show a row's fields as people type them; services/flow/fields.py reads them."""

import datetime
from decimal import Decimal

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import Cause, Measurement, StockLevel, Stream
from sachhon.apps.assessment.models.flow import ENERGY, GOODS
from sachhon.apps.assessment.models.flow_kinds import ROWS
from sachhon.apps.registry.models import Resource
from sachhon.reference import unit_label
from sachhon.reference.numbers import format_number

SHOWN = {
    "process": ("name", "parent", "energy_vnd", "system_vnd", "waste_vnd"),
    "stream": ("name", "source", "target", "kind", "use", "resource", "unit", "layers", "price", "price_layer", "note"),
    "layer": ("name",),
    "measurement": (
        "stream", "value", "unit", "spread", "spread_kind", "spread_at", "layer", "what",
        "period", "source", "meter", "evidence",
    ),
    "stock": (
        "process", "moment", "value", "unit", "resource", "spread", "spread_kind", "spread_at", "layer",
        "period", "source", "meter", "evidence",
    ),
    "share": ("stream", "layer", "share", "spread", "source"),
    "cause": ("stream", "branch", "because", "name", "is_root"),
    "charter": ("scope", "goal", "signer_title", "signer"),
    "meter": ("name", "place", "measures", "accuracy", "calibrated_on"),
    "task": ("name", "person", "starts", "ends", "done"),
}  # fmt: skip
CHOICES = {
    "kind": Stream.Kind.choices,
    "use": Stream.Use.choices,
    "spread_kind": Measurement.Spread.choices,
    "spread_at": Measurement.SpreadAt.choices,
    "what": Measurement.What.choices,
    "moment": StockLevel.Moment.choices,
    "branch": Cause.Branch.choices,
}
ROW_FIELDS = {
    "parent": "process",
    "source": "process",
    "target": "process",
    "stream": "stream",
    "because": "cause",
    "process": "process",
}
WORDS_OF_SOURCE = ("measurement", "stock")  # where a source is how it was read; of a stream it is a process


class RowForm(forms.Form):
    """The fields of one row; `version` is what the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, kind: str, assessment, *args, row=None, **kwargs):
        initial = kwargs.pop("initial", {}) | ({"version": row.version} if row else {})
        super().__init__(*args, initial=initial, **kwargs)
        model = ROWS[kind]
        for name in SHOWN[kind]:
            column = model._meta.get_field(name)
            label = str(column.verbose_name)
            self.fields[name] = _field(kind, name, label[:1].upper() + label[1:], assessment, row)
            if row is not None:
                self.initial[name] = as_typed(row, name)
            elif name not in self.initial and column.has_default():
                self.initial[name] = as_typed(model(), name)

    def posted(self) -> dict:
        """The values as they were sent; a box that is not ticked is a no."""
        return {
            name: (name in self.data) if isinstance(field, forms.BooleanField) else self.data.get(name, "")
            for name, field in self.fields.items()
            if name != "version" and (name in self.data or isinstance(field, forms.BooleanField))
        }

    def told(self, fields: dict[str, str]) -> None:
        """Puts what a service found wrong at the fields."""
        self.is_valid()
        for name, words in fields.items():
            self.add_error(name if name in self.fields else None, words)


def as_typed(row, name: str) -> str | bool:
    """A field's value as a person would type it."""
    column = row._meta.get_field(name)
    value = column.value_from_object(row)
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format_number(value.normalize(), "en" if get_language() == "en" else "vi")
    if isinstance(value, datetime.date):
        return f"{value:%d/%m/%Y}"
    if name == "unit":
        return unit_label(value, "en" if get_language() == "en" else "vi")
    if name == "resource":
        return row.resource.code
    return value if isinstance(value, bool) else str(value)


def _field(kind: str, name: str, label: str, assessment, row) -> forms.Field:
    def choice(options, hint=""):
        return forms.CharField(
            label=label, required=False, help_text=hint, widget=forms.Select(choices=options)
        )

    if name == "source" and kind in WORDS_OF_SOURCE:
        return choice(Measurement.Source.choices)
    if name in ROW_FIELDS and (kind, name) != ("share", "source"):
        rows = ROWS[ROW_FIELDS[name]].objects.filter(assessment=assessment, removed=False)
        if row is not None and ROW_FIELDS[name] == kind:
            rows = rows.exclude(pk=row.pk)
        outside = {"source": _("outside"), "target": _("outside")}.get(name, "–")
        return choice([("", outside), *((str(r.pk), f"{r.code} {r.name}") for r in rows)])
    if name in CHOICES:
        return choice(CHOICES[name])
    if name == "resource":
        return choice([("", "–"), *((r.code, r.name) for r in Resource.objects.all())])
    if name in ("layer", "price_layer"):
        named = [(r.code, r.name) for r in ROWS["layer"].objects.filter(assessment=assessment, removed=False)]
        first = ("", _("its own quantity")) if name == "price_layer" else (GOODS, _("mass"))
        return choice([first, (ENERGY, _("energy")), *named])
    if name in ("scope", "goal"):
        return forms.CharField(label=label, required=False, widget=forms.Textarea(attrs={"rows": 5}))
    if name in ("is_root", "done"):
        return forms.BooleanField(label=label, required=False)
    hints = {
        "unit": _("As on the meter or the bill: kg, tấn, m³, kWh … The balance converts it."),
        "layers": _("Codes of substances, such as L1. Energy that also counts as mass: goods."),
        "period": _("03/2025; nothing for the whole period."),
        "spread": _(
            "How far the true value lies off, usually or in 95 of 100 cases (chosen below); 0 only for what is exact."
        ),
        "share": _("Of all that flows into the process; nothing where the balance is to find it."),
        "starts": "05/03/2026",
        "ends": "12/03/2026",
        "calibrated_on": "05/03/2026",
        "price": _("VND for one unit of the stream."),
    }
    hint = "" if (kind, name) == ("share", "spread") else hints.get(name, "")
    return forms.CharField(label=label, required=False, help_text=hint)


class SecretForm(forms.Form):
    """What the factory keeps to itself of a stream."""

    price = forms.BooleanField(label=gettext_lazy("The price is confidential"), required=False)
    quantity = forms.BooleanField(label=gettext_lazy("The quantity is confidential"), required=False)
