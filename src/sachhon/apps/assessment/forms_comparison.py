"""The form of a comparison of technologies: alternatives, criteria, and a figure for each pair."""

from collections.abc import Mapping
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from sachhon.apps.assessment.forms_options import NONE, as_typed
from sachhon.apps.assessment.models import Comparison
from sachhon.apps.assessment.services.comparing import MOST_ALTERNATIVES, MOST_CRITERIA
from sachhon.apps.assessment.services.comparison_result import FIGURES, KINDS, from_sheet
from sachhon.apps.registry.forms import VietnameseDecimal

SPARE = 1
TYPED = [("", _("typed below"))]
DIRECTIONS = [("1", _("more is better")), ("", _("less is better"))]
NUMBERS = (
    ("weight", _("Weight (%)")),
    ("least", _("Must be at least")),
    ("most", _("Must be at most")),
    ("low", _("Scale from")),
    ("high", _("Scale to")),
)


class BeginForm(forms.Form):
    """What is chosen."""

    name = forms.CharField(
        label=_("What is chosen"), max_length=255, help_text=_("For example: the new kiln.")
    )
    purpose = forms.CharField(
        label=_("What it has to do"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ComparisonForm(BeginForm):
    """All of a comparison; fields are named `a1-name`, `c2-weight`, `a1:c2-value` by the codes of rows and columns."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, row: Comparison, values: Mapping[str, dict] | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        shown = values or {n: getattr(row, n) for n in ("criteria", "alternatives", "cells")}
        self.alternatives = _codes("a", shown["alternatives"], MOST_ALTERNATIVES, self.data)
        self.criteria = _codes("c", shown["criteria"], MOST_CRITERIA, self.data)
        self.options = {o.number: o for o in row.assessment.options.filter(deleted_at=None)}
        options = [*NONE, *((str(o.number), str(o)) for o in self.options.values())]
        for a in self.alternatives:
            self._alternative(a, shown["alternatives"].get(a, {}), options)
        for c in self.criteria:
            self._criterion(c, shown["criteria"].get(c, {}))
            for a in self.alternatives:
                cell = shown["cells"].get(f"{a}:{c}", {})
                self.fields[f"{a}:{c}-value"] = VietnameseDecimal(
                    label=shown["alternatives"].get(a, {}).get("name") or _("new"),
                    required=False,
                    signed=True,
                    initial=as_typed(cell.get("value")),
                )
                self.fields[f"{a}:{c}-source"] = forms.CharField(
                    label=_("Source"), required=False, max_length=255, initial=cell.get("source", "")
                )

    def _alternative(self, code: str, row: Mapping, options: list) -> None:
        self.fields[f"{code}-name"] = forms.CharField(
            label=_("Alternative"), required=False, max_length=120, initial=row.get("name", "")
        )
        self.fields[f"{code}-option"] = forms.ChoiceField(
            label=_("Solution with its sheets"),
            required=False,
            choices=options,
            initial=str(row.get("option") or ""),
        )

    def _criterion(self, code: str, row: Mapping) -> None:
        figures = [*TYPED, *((k, words) for k, (words, _unit, _more) in FIGURES.items())]
        self.fields[f"{code}-name"] = forms.CharField(
            label=_("Criterion"), required=False, max_length=120, initial=row.get("name", "")
        )
        self.fields[f"{code}-kind"] = forms.ChoiceField(
            label=_("Kind"), required=False, choices=KINDS, initial=row.get("kind")
        )
        self.fields[f"{code}-unit"] = forms.CharField(
            label=_("Unit"), required=False, max_length=32, initial=row.get("unit", "")
        )
        self.fields[f"{code}-figure"] = forms.ChoiceField(
            label=_("Its figure is"), required=False, choices=figures, initial=row.get("figure", "")
        )
        self.fields[f"{code}-more"] = forms.ChoiceField(
            label=_("Direction"),
            required=False,
            choices=DIRECTIONS,
            initial="1" if row.get("more", True) else "",
        )
        for name, label in NUMBERS:
            self.fields[f"{code}-{name}"] = VietnameseDecimal(
                label=label, required=False, signed=name != "weight", initial=as_typed(row.get(name))
            )

    def clean(self) -> dict:
        """Nothing typed is passed over: what cannot count is told at its field."""
        found = super().clean()
        for a in self.alternatives:
            for c in self.criteria:
                self._cell(found, a, c)
        return found

    def _cell(self, found: Mapping, a: str, c: str) -> None:
        value, source = found.get(f"{a}:{c}-value"), found.get(f"{a}:{c}-source")
        number = int(found.get(f"{a}-option") or 0)
        known = from_sheet({"figure": found.get(f"{c}-figure")}, {"option": number}, self.options)
        if value is not None and known is not None:
            words = _(
                "This figure is taken from the sheets of %(code)s: leave it empty, or say “typed below” for it."
            )
            self.add_error(f"{a}:{c}-value", words % {"code": self.options[number].code})
        elif value is None and source and known is None and f"{a}:{c}-value" not in self.errors:
            self.add_error(f"{a}:{c}-value", _("Write the figure that this source is of."))
        elif (value is not None or source) and not (found.get(f"{a}-name") and found.get(f"{c}-name")):
            self.add_error(
                f"{a}:{c}-value", _("Name the alternative and the criterion that this figure is of.")
            )

    @property
    def head(self) -> list:
        return [self["name"], self["purpose"]]

    @property
    def columns(self) -> list[tuple]:
        """(name, option) of each alternative."""
        return [(self[f"{a}-name"], self[f"{a}-option"]) for a in self.alternatives]

    @property
    def rows(self) -> list[dict]:
        """The fields of each criterion and its figures."""
        names = ("name", "kind", "unit", "figure", "more", *(n for n, _label in NUMBERS))
        return [
            {
                "fields": [self[f"{c}-{n}"] for n in names],
                "named": self[f"{c}-name"].value() or _("A new criterion"),
                "cells": [(self[f"{a}:{c}-value"], self[f"{a}:{c}-source"]) for a in self.alternatives],
            }
            for c in self.criteria
        ]

    @property
    def total(self) -> Decimal:
        """The weights as stored together."""
        return sum(
            (self.fields[f"{c}-weight"].to_python(self[f"{c}-weight"].value()) or 0) for c in self.criteria
        )

    def values(self) -> dict:
        """What `services.comparing.change` takes."""
        found = self.cleaned_data
        return {
            "name": found["name"],
            "purpose": found["purpose"],
            "alternatives": {
                a: {"name": found[f"{a}-name"], "option": int(found[f"{a}-option"] or 0) or None}
                for a in self.alternatives
            },
            "criteria": {
                c: {
                    n: found[f"{c}-{n}"]
                    for n in ("name", "kind", "unit", "figure", "more", *(n for n, _l in NUMBERS))
                }
                for c in self.criteria
            },
            "cells": {
                f"{a}:{c}": {"value": found[f"{a}:{c}-value"], "source": found[f"{a}:{c}-source"]}
                for a in self.alternatives
                if found[f"{a}-name"]
                for c in self.criteria
                if found[f"{c}-name"]
            },
        }


def _codes(letter: str, rows: Mapping, most: int, sent: Mapping) -> list[str]:
    """The codes that are there, those that were sent, and one more to write into."""
    numbers = {int(code[1:]) for code in rows}
    numbers |= {
        int(n)
        for key in sent
        if key.endswith("-name") and (n := key.removesuffix("-name").removeprefix(letter)).isdigit()
    }
    last = max(numbers, default=0)
    more = range(last + 1, last + 1 + (SPARE if rows or sent else 3))
    return [f"{letter}{n}" for n in [*sorted(numbers), *(more if not sent else ())]][:most]
