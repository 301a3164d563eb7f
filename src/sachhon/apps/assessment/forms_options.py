"""Forms of the steps 3 to 6: options, sheets, calculators. They parse; rules live in the services."""

from collections.abc import Mapping
from decimal import Decimal

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sachhon.apps.assessment.calculators import Calculator
from sachhon.apps.assessment.models import Option, Screening
from sachhon.apps.assessment.sheets import Asked
from sachhon.apps.registry.forms import VietnameseDecimal
from sachhon.apps.registry.models import Resource
from sachhon.reference.catalogue import not_cp_kinds, option_groups
from sachhon.reference.units import UnitError, unit_label

SPARE_SAVINGS = 2
ENDS = ("low", "likely", "high")
NONE = [("", "–")]


class Day(forms.DateInput):
    """A date as browsers pick it."""

    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


def language() -> str:
    """The language of the page."""
    return "en" if get_language() == "en" else "vi"


def as_typed(value) -> str:
    """A stored number as a person would type it."""
    return "" if value in (None, "") else f"{Decimal(str(value)).normalize():f}".replace(".", ",")


class SavingRow:
    """One row of the table of savings in a form: its bound fields."""

    def __init__(self, form: "OptionForm", number: int):
        self.resource = form[f"saving-{number}-resource"]
        self.ends = [form[f"saving-{number}-{end}"] for end in ENDS]
        self.price = form[f"saving-{number}-price_vnd"]
        self.fields = [self.resource, *self.ends, self.price]


class OptionForm(forms.Form):
    """The facts of an option with its savings by resource."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=_("Solution"), max_length=255)
    group = forms.ChoiceField(label=_("Group"))
    not_cp = forms.ChoiceField(
        label=_("Or it is not cleaner production"),
        required=False,
        help_text=_("Choose here what it is instead; you are told why it is not taken up."),
    )
    place = forms.CharField(label=_("Where: process, equipment, stream"), required=False, max_length=255)
    cause = forms.CharField(label=_("Cause it does away with"), required=False, max_length=512)
    description = forms.CharField(
        label=_("Description"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    screening = forms.ChoiceField(label=_("Screening"), choices=Screening.choices, initial=Screening.OPEN)
    screening_reason = forms.CharField(label=_("Reason"), required=False, max_length=512)
    excludes = forms.CharField(
        label=_("Only one of"),
        required=False,
        max_length=64,
        help_text=_("Give solutions that rule each other out the same word, for example: kiln."),
    )
    needs = forms.CharField(
        label=_("Needs first"), required=False, max_length=120, help_text=_("Numbers of solutions: 1, 4.")
    )
    confidential = forms.BooleanField(
        label=_("Trade secret of the factory: the department sees the figures, not the words"), required=False
    )

    def __init__(self, *args, savings: Mapping[str, Mapping[str, str]] | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        lang = language()
        self.fields["group"].choices = [(f.code, f.name(lang)) for f in option_groups()]
        self.fields["not_cp"].choices = [*NONE, *((f.code, f.name(lang)) for f in not_cp_kinds())]
        rows = list((savings or {}).items())
        resources = [*NONE, *_resource_choices()]
        sent = (
            [int(k.split("-")[1]) for k in self.data if k.startswith("saving-") and k.endswith("-resource")]
            if self.is_bound
            else []
        )
        self.count = max(len(rows) + SPARE_SAVINGS, max(sent, default=-1) + 1)
        for i in range(min(self.count, 40)):
            code, row = rows[i] if i < len(rows) else ("", {})
            self.fields[f"saving-{i}-resource"] = forms.ChoiceField(
                label=_("Resource"), choices=resources, required=False, initial=code
            )
            for end, label in zip(ENDS, (_("At least"), _("Most likely"), _("At most")), strict=True):
                self.fields[f"saving-{i}-{end}"] = VietnameseDecimal(
                    label=label, required=False, signed=True, initial=as_typed(row.get(end))
                )
            self.fields[f"saving-{i}-price_vnd"] = VietnameseDecimal(
                label=_("Own price (dong a unit)"), required=False, initial=as_typed(row.get("price_vnd"))
            )

    @property
    def saving_rows(self) -> list[SavingRow]:
        return [SavingRow(self, i) for i in range(self.count)]

    @property
    def plain_fields(self) -> list:
        """The fields above and below the table of savings."""
        return [f for f in self if not f.name.startswith("saving-") and not f.is_hidden]

    def clean_needs(self):
        numbers = [p.strip().upper().removeprefix("GP-") for p in self.cleaned_data["needs"].split(",")]
        numbers = [p for p in numbers if p]
        if not all(p.isdigit() for p in numbers):
            raise forms.ValidationError(_("Write numbers of solutions with commas between: 1, 4."))
        return [int(p) for p in numbers]

    def clean(self):
        """Each resource once, with a likely saving."""
        values = super().clean()
        savings: dict[str, dict] = {}
        for i in range(self.count):
            row = {end: values.get(f"saving-{i}-{end}") for end in (*ENDS, "price_vnd")}
            code = values.get(f"saving-{i}-resource")
            if not code:
                if any(v is not None for v in row.values()):
                    self.add_error(f"saving-{i}-resource", _("Choose what is saved."))
                continue
            if code in savings:
                self.add_error(f"saving-{i}-resource", _("This resource stands above already."))
            if row["likely"] is None:
                self.add_error(f"saving-{i}-likely", _("Write the most likely saving a year."))
            savings[code] = row
        values["savings"] = savings
        return values

    def values(self) -> dict:
        """What `services.options` takes."""
        taken = {k: v for k, v in self.cleaned_data.items() if not k.startswith("saving-")}
        taken.pop("version"), taken.pop("not_cp")
        return taken

    @classmethod
    def of(cls, values: Mapping[str, object], version: int) -> "OptionForm":
        """An empty form filled with the values of an option, as stored or as merged."""
        initial = {k: v for k, v in values.items() if k in cls.base_fields}
        initial["needs"] = ", ".join(str(n) for n in values.get("needs", []))
        initial["version"] = version
        return cls(initial=initial, savings=values.get("savings"))


class SheetForm(forms.Form):
    """One feasibility sheet, made of its questions."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, asked: tuple[Asked, ...], defaults: Mapping[str, str] | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.asked = asked
        for one in asked:
            self.fields[one.name] = _sheet_field(one, (defaults or {}).get(one.name, ""))

    @property
    def rows(self) -> list[tuple]:
        """(field, unit) in order."""
        return [(self[a.name], a.unit) for a in self.asked]

    def values(self) -> dict:
        """Answers by name."""
        return {a.name: self.cleaned_data[a.name] for a in self.asked}

    @staticmethod
    def initial_of(asked: tuple[Asked, ...], stored: Mapping[str, str], version: int) -> dict:
        """The stored answers as they are typed."""
        numbers = {a.name for a in asked if a.kind in ("money", "percent", "whole", "number")}
        shown = {k: as_typed(v) if k in numbers else v for k, v in stored.items()}
        return {**shown, "version": version}


class CalculatorForm(forms.Form):
    """The inputs of an equipment calculator, and how sure the readings are."""

    label = forms.CharField(
        label=_("Which equipment"),
        required=False,
        max_length=255,
        help_text=_("For example: boiler 2, kiln A."),
    )

    def __init__(self, *args, calculator: Calculator, **kwargs):
        super().__init__(*args, **kwargs)
        self.calculator = calculator
        for f in calculator.fields:
            if f.kind == "choice":
                made = forms.ChoiceField(choices=f.choices(language()), initial=f.initial)
            else:
                made = VietnameseDecimal(
                    whole=f.kind == "whole", signed=f.unit == "°C", initial=as_typed(f.initial)
                )
            made.label, made.help_text, made.required = f.label, f.help, f.required
            self.fields[f.name] = made
        self.fields["relative"] = VietnameseDecimal(
            label=_("Uncertainty of the readings"),
            required=False,
            help_text=_("In percent, as 95 of 100 readings keep to: 5 for a good meter, 20 for an estimate."),
            initial="10",
        )

    @property
    def rows(self) -> list[tuple]:
        """(field, unit) in order."""
        units = {f.name: f.unit for f in self.calculator.fields} | {"relative": "%"}
        return [(field, units.get(field.name, "")) for field in self]

    def inputs(self) -> tuple[dict, float]:
        """The inputs with shares as fractions, and the relative uncertainty."""
        found: dict[str, object] = {}
        for f in self.calculator.fields:
            value = self.cleaned_data[f.name]
            if value in (None, ""):
                continue
            found[f.name] = (
                value if f.kind == "choice" else float(value) / 100 if f.kind == "percent" else float(value)
            )
        return found, float(self.cleaned_data["relative"] or 0) / 100


def option_values(option: Option) -> dict:
    """The fields of an option that its form shows."""
    names = [n for n in OptionForm.base_fields if n not in ("version", "not_cp")]
    return {name: getattr(option, name) for name in (*names, "savings")}


def unit_word(unit: str) -> str:
    """A unit as it is printed."""
    try:
        return unit_label(unit, language())
    except UnitError:
        return unit


def _resource_choices() -> list:
    groups: dict[str, list] = {}
    for r in Resource.objects.order_by("pk"):
        groups.setdefault(r.get_kind_display(), []).append((r.code, f"{r.name} ({unit_word(r.unit)})"))
    return list(groups.items())


def _sheet_field(one: Asked, default: str) -> forms.Field:
    if one.kind == "choice":
        made: forms.Field = forms.ChoiceField(choices=[*NONE, *one.choices])
    elif one.kind == "text":
        made = forms.CharField(max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    else:
        made = VietnameseDecimal(whole=one.kind in ("money", "whole"))
        made.widget.attrs["placeholder"] = default
    made.label, made.required, made.help_text = one.label, False, one.help
    return made


class PlanForm(forms.Form):
    """Who carries an option out, when, with which money; the reason where that was said before."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    responsible = forms.CharField(label=_("Person in charge"), required=False, max_length=255)
    starts_on = forms.DateField(label=_("Begins"), required=False, widget=Day)
    ends_on = forms.DateField(label=_("To be done by"), required=False, widget=Day)
    done_on = forms.DateField(
        label=_("Carried out on"),
        required=False,
        widget=Day,
        help_text=_("Months measured before this day show nothing of it."),
    )
    budget_vnd = VietnameseDecimal(label=_("Money set aside (dong)"), required=False, whole=True)
    spent_vnd = VietnameseDecimal(label=_("Money spent (dong)"), required=False, whole=True)
    reason = forms.CharField(
        label=_("Why the plan changes"),
        required=False,
        max_length=512,
        help_text=_("Only where it was planned before; the history keeps it."),
    )

    def __init__(self, *args, done: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not done:  # the day is asked for once it was carried out
            del self.fields["done_on"]

    def values(self) -> dict:
        """What `services.plan` takes."""
        return {k: v for k, v in self.cleaned_data.items() if k not in ("version", "reason")}

    @classmethod
    def initial_of(cls, option: Option) -> dict:
        """The plan as stored."""
        names = [n for n in cls.base_fields if n not in ("version", "reason")]
        found = {name: getattr(option, name) for name in names} | {"version": option.version}
        return found | {n: as_typed(found[n]) for n in ("budget_vnd", "spent_vnd")}
