"""The form of a quick assessment's figures: a line a product and a resource, and what to compare with."""

from dataclasses import dataclass

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import QuickSheet
from sachhon.apps.assessment.queries.quick_compared import ALL_ENERGY, compared
from sachhon.apps.assessment.queries.quick_figures import KINDS, Figures, Line
from sachhon.apps.assessment.services.quick_figures import Typed
from sachhon.apps.assessment.services.quick_sheet import plain
from sachhon.apps.guidance.queries import benchmarks_of
from sachhon.apps.registry.forms import VietnameseDecimal
from sachhon.apps.registry.models import Product, Resource
from sachhon.documents.numbers import format_number
from sachhon.reference import unit_label
from sachhon.science.plausibility import slip

EXTRA = 3  # resources that have no record yet, typed from a bill


@dataclass(frozen=True)
class FigureRow:
    """One line: what the records say, and the fields that go before it."""

    line: Line
    quantity: forms.BoundField
    cost: forms.BoundField | None


@dataclass(frozen=True)
class Comparison:
    """What one kind can be compared with, and where it stands now."""

    kind: str
    field: forms.BoundField
    choices: int


class FiguresForm(forms.Form):
    """Typed figures go before the monthly records; an empty field leaves the records as they are."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    sure = forms.BooleanField(
        required=False, label=gettext_lazy("What is typed is right, far from the records as it is")
    )
    asks = False  # whether a figure is so far off its record that `sure` is asked for

    def __init__(self, *args, sheet: QuickSheet, found: Figures, **kwargs):
        super().__init__(*args, **kwargs)
        self.lines = [*found.outputs, *(line for use in found.uses.values() for line in use.lines)]
        self.lang = "en" if get_language() == "en" else "vi"
        self.fields["version"].initial = sheet.version
        for line in self.lines:
            self._add(line)
        for n in range(EXTRA):
            self.fields[f"extra-{n}"] = forms.ModelChoiceField(
                Resource.objects.exclude(kind=Resource.Kind.EMISSION),
                required=False,
                label=_("Another resource"),
            )
            self.fields[f"extra-{n}-quantity"] = VietnameseDecimal(required=False, label=_("Quantity"))
            self.fields[f"extra-{n}-cost"] = VietnameseDecimal(
                whole=True, required=False, label=_("Cost (VND)")
            )
        self._compare(sheet, found)

    def _add(self, line: Line) -> None:
        typed, key = line.typed, _key(line)
        self.fields[f"{key}-quantity"] = VietnameseDecimal(
            required=False, label=str(line.thing), initial=self._shown(typed.quantity if typed else None)
        )
        if isinstance(line.thing, Resource):
            label = _("Cost of %(name)s (VND)") % {"name": line.thing}
            self.fields[f"{key}-cost"] = VietnameseDecimal(
                whole=True,
                required=False,
                label=label,
                initial=self._shown(typed.cost_vnd if typed else None),
            )

    def _compare(self, sheet: QuickSheet, found: Figures) -> None:
        """Only benchmarks whose terms the facility's own figure can be told in; that one chosen before too."""
        known = benchmarks_of(sheet.assessment.facility)
        self.kinds = []
        for kind in (*KINDS, ALL_ENERGY):
            now = sheet.benchmarks.get(kind)
            if kind != ALL_ENERGY and kind not in found.uses:
                continue
            choices = [
                (benchmark.code, self._option(benchmark))
                for benchmark in known
                if benchmark.resource == kind
                and ((now and now["code"] == benchmark.code) or compared(found, plain(benchmark)))
            ]
            if kind == ALL_ENERGY and not choices:
                continue
            self.fields[f"benchmark-{kind}"] = forms.ChoiceField(
                label=_("Compare with"),
                choices=[("", _("Do not compare")), *choices],
                required=False,
                initial=now["code"] if now else "",
            )
            self.kinds.append((kind, len(choices)))

    def _option(self, benchmark) -> str:
        levels = [
            v for v in (benchmark.best, benchmark.good, benchmark.average, benchmark.poor) if v is not None
        ]
        ends = (
            "–".join(dict.fromkeys(format_number(v, self.lang) for v in (levels[0], levels[-1])))
            if levels
            else ""
        )
        return f"{benchmark.process(self.lang)}: {benchmark.indicator(self.lang)} ({ends} {benchmark.unit(self.lang)})"

    def _shown(self, value) -> str:
        return "" if value is None else format_number(value, self.lang)

    def rows(self) -> list[FigureRow]:
        """The lines to print, products first."""
        return [
            FigureRow(
                line,
                self[f"{_key(line)}-quantity"],
                self[f"{_key(line)}-cost"] if isinstance(line.thing, Resource) else None,
            )
            for line in self.lines
        ]

    def extras(self):
        """The empty lines."""
        return [
            (self[f"extra-{n}"], self[f"extra-{n}-quantity"], self[f"extra-{n}-cost"]) for n in range(EXTRA)
        ]

    def comparisons(self) -> list[Comparison]:
        """The choice of a benchmark, one a kind of resource that the facility has."""
        return [Comparison(kind, self[f"benchmark-{kind}"], count) for kind, count in self.kinds]

    def clean(self):
        data = super().clean()
        for line in self.lines:
            self._doubt(line, data)
        for n in range(EXTRA):
            filled = data.get(f"extra-{n}-quantity") is not None or data.get(f"extra-{n}-cost") is not None
            if filled and not data.get(f"extra-{n}") and f"extra-{n}" not in self.errors:
                self.add_error(f"extra-{n}", _("Choose which resource this is."))
        keys = [_key(line) for line in self.lines] + [f"extra-{n}" for n in range(EXTRA)]
        for key in keys:
            if data.get(f"{key}-quantity") == 0 and data.get(f"{key}-cost"):
                self.add_error(
                    f"{key}-quantity", _("Paid for, but the quantity is 0: one of the two is wrong.")
                )
        return data

    def _doubt(self, line: Line, data: dict) -> None:
        """Asks back where what is typed is some powers of ten off the records: a point read as a comma, kWh as MWh."""
        field, recorded = f"{_key(line)}-quantity", line.recorded
        typed = data.get(field)
        if not typed or not recorded or data.get("sure") or not slip(float(typed), float(recorded)):
            return
        unit = unit_label(line.thing.unit, self.lang)
        told = {"typed": self._shown(typed), "recorded": self._shown(recorded), "unit": unit}
        words = _(
            "%(typed)s %(unit)s is typed, %(recorded)s %(unit)s is recorded. Correct it (a comma is for decimals), or "
            "tick below that it is right."
        )
        self.add_error(field, words % told)
        self.asks = True

    def typed(self) -> list[Typed]:
        """What was typed, ready for the service."""
        data = self.cleaned_data
        found = [
            Typed(line.thing, data[f"{_key(line)}-quantity"], data.get(f"{_key(line)}-cost"))
            for line in self.lines
        ]
        extra = [data[f"extra-{n}"] for n in range(EXTRA)]
        found += [
            Typed(resource, data[f"extra-{n}-quantity"], data[f"extra-{n}-cost"])
            for n, resource in enumerate(extra)
            if resource is not None
        ]
        return found

    def benchmarks(self) -> dict[str, str]:
        return {kind: self.cleaned_data[f"benchmark-{kind}"] for kind, _count in self.kinds}


def _key(line: Line) -> str:
    return f"{'p' if isinstance(line.thing, Product) else 'r'}{line.thing.pk}"
