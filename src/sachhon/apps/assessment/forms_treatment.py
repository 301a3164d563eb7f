"""The forms of a treatment: the discharge and what receives it, its concentrations, chains of steps."""

from collections.abc import Mapping

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from sachhon.apps.assessment.forms_options import as_typed, language
from sachhon.apps.assessment.models import Medium, Treatment
from sachhon.apps.assessment.queries.streams import StreamFact
from sachhon.apps.assessment.services.treating import MOST_ALTERNATIVES, MOST_STEPS
from sachhon.apps.assessment.services.treatment_figures import names_of
from sachhon.apps.registry.forms import VietnameseDecimal
from sachhon.reference.discharge import limit_sets, receivers
from sachhon.reference.treatment import treatable, treatment_steps
from sachhon.reference.units import unit_label

SPARE = 3  # empty rows for further parameters
RECEIVERS = {
    "river": _("river, stream, canal"),
    "lake": _("lake, pond"),
    "sea_protected": _("coastal water for aquatic life or recreation"),
    "sea": _("other coastal water"),
    "sewer": _("city sewer without a treatment plant"),
    "zone1": _("area 1: inner city of special class and class I, special-use forest, heritage"),
    "zone2": _("area 2: inner city of classes II, III, IV"),
    "zone3": _("area 3: industrial zone, town of class V, city fringe"),
    "zone4": _("area 4: countryside"),
    "zone5": _("area 5: mountainous countryside"),
}
NUMBERS = (
    ("mean", _("Concentration (mean)")),
    ("cv", _("Varies by ± (%, one standard deviation)")),
    ("limit", _("Limit of the permit, if another")),
    ("cut", _("Less load at the source (%)")),
)


class BeginForm(forms.Form):
    """What is treated: a stream of the flow-sheet, or typed."""

    name = forms.CharField(
        label=_("Discharge"), max_length=255, help_text=_("For example: wastewater of the washing line.")
    )
    medium = forms.ChoiceField(label=_("What carries it"), choices=Medium.choices)
    stream = forms.ChoiceField(
        label=_("Stream of the flow-sheet"),
        required=False,
        help_text=_(
            "Takes over its quantity and what is measured in it. Only streams that are not confidential."
        ),
    )

    def __init__(self, *args, streams: list[StreamFact] = (), **kwargs):  # type: ignore[assignment]
        super().__init__(*args, **kwargs)
        self.fields["stream"].choices = [
            ("", _now("none, typed by hand")),
            *((s.code, f"{s.code} {s.name}") for s in streams),
        ]


class TreatmentForm(forms.Form):
    """All of a treatment; fields are named `cod-mean` by parameter, `new1-parameter`, `a1-name`, `a1-step1`."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label=_("Discharge"), max_length=255)

    def __init__(self, *args, row: Treatment, values: Mapping[str, dict] | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.row = row
        names = ("basis", "contents", "cuts", "alternatives")
        shown = values or {n: getattr(row, n) for n in names}
        water = row.medium == Medium.WATER
        self._basis(shown["basis"], water=water)
        known = treatable(row.medium)
        self.parameters = [p for p in known if p in shown["contents"]]
        choices = [("", "–"), *((p, self._word(p)) for p in known)]
        for p in self.parameters:
            self._content(p, shown["contents"][p])
        for i in range(1, SPARE + 1):
            self.fields[f"new{i}-parameter"] = forms.ChoiceField(
                label=_("Parameter"), required=False, choices=choices
            )
            self._content(f"new{i}", {})
        cuts = shown["cuts"]
        self.fields["cut_flow"] = VietnameseDecimal(
            label=_("Less water at the source (%)") if water else _("Less gas at the source (%)"),
            required=False,
            initial=as_typed(cuts.get("flow")),
        )
        self.fields["cut_source"] = forms.CharField(
            label=_("By which solutions, and how it is known"),
            required=False,
            max_length=255,
            initial=cuts.get("source", ""),
        )
        self.codes = [f"a{i}" for i in range(1, MOST_ALTERNATIVES + 1)]
        steps = [
            ("", "–"),
            *(
                (c, f.name(language()))
                for c, f in treatment_steps().items()
                if f.extra["medium"] == row.medium
            ),
        ]
        for a in self.codes:
            self._alternative(a, shown["alternatives"].get(a, {}), steps)

    def _basis(self, basis: Mapping, *, water: bool) -> None:
        sets = limit_sets(self.row.medium, timezone.localdate())
        places = {r for s in sets for r in receivers(s.code)}
        columns = sorted({c for s in sets for c in s.extra["columns"].split(";")})
        fields = {
            "flow": VietnameseDecimal(
                label=_("Flow (m³ a day)") if water else _("Flow (Nm³ an hour)"), required=False
            ),
            "per_year": VietnameseDecimal(
                label=_("Days a year") if water else _("Hours a year"), required=False
            ),
            "set": forms.ChoiceField(
                label=_("Regulation"),
                required=False,
                choices=[("", "–"), *((s.code, s.name(language())) for s in sets)],
            ),
            "column": forms.ChoiceField(
                label=_("Column"),
                required=False,
                choices=[(c, c) for c in columns],
                help_text=_(
                    "Of wastewater, A: the receiving water serves as drinking water; B: it does not."
                ),
            ),
            "receiver": forms.ChoiceField(
                label=_("What receives it"),
                required=False,
                choices=[("", "–"), *((r, words) for r, words in RECEIVERS.items() if r in places)],
            ),
            "size": VietnameseDecimal(
                label=_("Flow of the river (m³/s) or volume of the lake (m³)"),
                required=False,
                help_text=_("Empty where it is not known."),
            ),
            "ph_low": VietnameseDecimal(label=_("pH of the discharge, lowest"), required=False),
            "ph_high": VietnameseDecimal(label=_("pH of the discharge, highest"), required=False),
            "reliability": VietnameseDecimal(
                label=_("Limits are to be met in (% of the time)"), required=False
            ),
        }
        if not water:
            for name in ("size", "ph_low", "ph_high"):
                del fields[name]
        for name, field in fields.items():
            field.initial = (
                as_typed(basis.get(name)) if isinstance(field, VietnameseDecimal) else basis.get(name)
            )
            self.fields[f"basis-{name}"] = field
        self.basis_names = list(fields)

    def _content(self, code: str, row: Mapping) -> None:
        for name, label in NUMBERS:
            self.fields[f"{code}-{name}"] = VietnameseDecimal(
                label=label, required=False, initial=as_typed(row.get(name))
            )
        self.fields[f"{code}-source"] = forms.CharField(
            label=_("Source"), required=False, max_length=255, initial=row.get("source", "")
        )

    def _alternative(self, code: str, row: Mapping, steps: list) -> None:
        self.fields[f"{code}-name"] = forms.CharField(
            label=_("Alternative"), required=False, max_length=120, initial=row.get("name", "")
        )
        chain = row.get("steps", [])
        for i in range(1, MOST_STEPS + 1):
            self.fields[f"{code}-step{i}"] = forms.ChoiceField(
                label=_("Step %(n)s") % {"n": i},
                required=False,
                choices=steps,
                initial=chain[i - 1] if i <= len(chain) else "",
            )

    def _word(self, parameter: str) -> str:
        vi, en, unit = names_of(self.row, parameter)
        return f"{en if language() == 'en' else vi} ({unit_label(unit, language())})"

    @property
    def basis_fields(self) -> list:
        return [self[f"basis-{n}"] for n in self.basis_names]

    @property
    def cut_fields(self) -> list:
        return [self["cut_flow"], self["cut_source"]]

    @property
    def content_rows(self) -> list[dict]:
        """The fields of each parameter, those that are there first."""
        names = (*(n for n, _label in NUMBERS), "source")
        there = [
            {"named": self._word(p), "open": True, "fields": [self[f"{p}-{n}"] for n in names]}
            for p in self.parameters
        ]
        return there + [
            {
                "named": _now("A further parameter"),
                "open": not there and i == 1,
                "fields": [self[f"new{i}-parameter"], *(self[f"new{i}-{n}"] for n in names)],
            }
            for i in range(1, SPARE + 1)
        ]

    @property
    def chains(self) -> list[dict]:
        """The fields of each alternative."""
        return [
            {
                "named": self[f"{a}-name"].value() or _now("A further alternative"),
                "open": bool(self[f"{a}-name"].value()),
                "name": self[f"{a}-name"],
                "steps": [self[f"{a}-step{i}"] for i in range(1, MOST_STEPS + 1)],
            }
            for a in self.codes
        ]

    def clean(self):
        """A parameter is there once, and a new row with figures says of what."""
        found = super().clean() or {}
        for i in range(1, SPARE + 1):
            parameter = found.get(f"new{i}-parameter")
            if parameter in self.parameters:
                self.add_error(f"new{i}-parameter", _now("This parameter has a row already."))
            if not parameter and found.get(f"new{i}-mean") is not None:
                self.add_error(f"new{i}-parameter", _now("Say which parameter this is."))
        return found

    def values(self) -> dict:
        """What `services.treating.change` takes."""
        found = self.cleaned_data
        names = (*(n for n, _label in NUMBERS), "source")
        rows = {p: p for p in self.parameters}
        rows |= {
            found[f"new{i}-parameter"]: f"new{i}" for i in range(1, SPARE + 1) if found[f"new{i}-parameter"]
        }
        return {
            "name": found["name"],
            "basis": {n: found[f"basis-{n}"] for n in self.basis_names},
            "contents": {p: {n: found[f"{code}-{n}"] for n in names} for p, code in rows.items()},
            "cuts": {"flow": found["cut_flow"], "source": found["cut_source"]},
            "alternatives": {
                a: {
                    "name": found[f"{a}-name"],
                    "steps": [found[f"{a}-step{i}"] for i in range(1, MOST_STEPS + 1)],
                }
                for a in self.codes
            },
        }
