"""The form of a verification: the plan of measuring."""

from django import forms
from django.utils.translation import gettext_lazy as _

from sachhon.apps.assessment.forms_options import Day
from sachhon.apps.assessment.models import Option
from sachhon.apps.assessment.services.verification_rules import to_be_measured
from sachhon.apps.registry.models import Resource


class VerificationForm(forms.Form):
    """How a saving will be measured: what, with which meter, by whom, over which months."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    options = forms.ModelMultipleChoiceField(
        label=_("Solutions measured together"),
        queryset=Option.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("All that act on the same meter: their saving is one figure."),
    )
    resource = forms.ModelChoiceField(label=_("What is measured"), queryset=Resource.objects.none())
    meter = forms.CharField(label=_("Meter or bill"), required=False, max_length=255)
    who = forms.CharField(label=_("Who reads it"), required=False, max_length=255)
    how_often = forms.CharField(label=_("How often"), required=False, max_length=255)
    baseline_from = forms.DateField(label=_("Baseline from"), widget=Day)
    baseline_to = forms.DateField(label=_("Baseline to"), widget=Day, help_text=_("Twelve months or more."))
    report_from = forms.DateField(label=_("Report months from"), widget=Day)
    report_to = forms.DateField(label=_("Report months to"), widget=Day)
    confidence = forms.IntegerField(label=_("Confidence (%)"), min_value=50, max_value=99, initial=90)

    def __init__(self, *args, assessment, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["options"].queryset = to_be_measured(assessment)
        consumed = assessment.facility.records.filter(flow="consumption").values("resource")
        self.fields["resource"].queryset = Resource.objects.filter(pk__in=consumed)

    def values(self) -> tuple[dict, list[Option]]:
        """The plan, and the options it is of."""
        plan = {k: v for k, v in self.cleaned_data.items() if k not in ("version", "options")}
        return plan, list(self.cleaned_data["options"])

    @staticmethod
    def start(assessment) -> dict:
        """What a new plan begins with: the assessment's period as baseline, and what is done as options."""
        done = to_be_measured(assessment).filter(state__in=("done", "in_progress"))
        return {
            "baseline_from": assessment.data_from,
            "baseline_to": assessment.data_to,
            "options": list(done),
        }

    @classmethod
    def initial_of(cls, row) -> dict:
        """The plan as stored."""
        names = [n for n in cls.base_fields if n not in ("version", "options")]
        found = {name: getattr(row, name) for name in names}
        return found | {"version": row.version, "options": list(row.options.all())}
