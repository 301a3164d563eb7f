"""One option's line on the page of screening."""

from django import forms
from django.utils.translation import gettext_lazy as _

from sachhon.apps.assessment.models import Option, Screening


class ScreeningForm(forms.Form):
    """Do now, study or drop, and why."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    screening = forms.ChoiceField(label=_("Screening"), choices=Screening.choices)
    reason = forms.CharField(label=_("Reason"), required=False, max_length=512)

    @classmethod
    def of(cls, option: Option, data=None) -> "ScreeningForm":
        """The line of an option as it is stored, or as it was sent; one taken up meanwhile is not in what was sent."""
        prefix = f"o{option.number}"
        sent = data if data is not None and f"{prefix}-screening" in data else None
        stored = {
            "version": option.version,
            "screening": option.screening,
            "reason": option.screening_reason,
        }
        if sent is None and data is not None:
            sent = {f"{prefix}-{name}": value for name, value in stored.items()}
        return cls(sent, prefix=prefix, initial=stored)

    def go_on_from(self, version: int) -> None:
        """The next save is on top of what another person stored."""
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = str(version)
