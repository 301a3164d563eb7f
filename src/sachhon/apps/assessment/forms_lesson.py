"""The forms of a lesson: the factory's consent, and the words of the case."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ConsentForm(forms.Form):
    """Who of the factory consents, when; a paper where somebody else records it."""

    person = forms.CharField(label=_("Who of the factory consents"), max_length=255)
    position = forms.CharField(label=_("Position"), max_length=255)
    given_on = forms.DateField(
        label=_("Consented on"), widget=forms.DateInput(attrs={"type": "date"}), initial=timezone.localdate
    )
    paper = forms.CharField(
        label=_("Signed paper (number, day)"),
        max_length=255,
        required=False,
        help_text=_("Needed where somebody else than the factory records the consent."),
    )

    def clean_given_on(self):
        """A consent is not given in advance."""
        day = self.cleaned_data["given_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day lies ahead."))
        return day


def _words(label, *, required: bool) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class CaseForm(forms.Form):
    """What went well and badly, without anything that tells the factory."""

    well_vi = _words(_("What went well (Vietnamese)"), required=True)
    badly_vi = _words(_("What went badly (Vietnamese)"), required=True)
    well_en = _words(_("What went well (English)"), required=False)
    badly_en = _words(_("What went badly (English)"), required=False)
