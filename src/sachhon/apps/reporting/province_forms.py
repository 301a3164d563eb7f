"""Forms of the province's report: the officer's words, and what is filled in when it is issued."""

import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

TEXTS = ("remarks", "next_tasks", "proposals")
MOST_LINES = 40


class TextsForm(forms.Form):
    """Paragraphs, one a line; the language of the document."""

    language = forms.ChoiceField(
        label=_("Language of the document"), choices=[("vi", "Tiếng Việt"), ("en", "English")]
    )
    remarks = forms.CharField(
        label=_("Remarks on the situation"), required=False, widget=forms.Textarea({"rows": 3}), max_length=8000,
        help_text=_("Each line becomes a paragraph of part I."),
    )  # fmt: skip
    next_tasks = forms.CharField(
        label=_("Tasks of next year"), required=False, widget=forms.Textarea({"rows": 4}), max_length=8000,
        help_text=_("One task a line."),
    )  # fmt: skip
    proposals = forms.CharField(
        label=_("Proposals"), required=False, widget=forms.Textarea({"rows": 3}), max_length=8000,
        help_text=_("One proposal a line."),
    )  # fmt: skip

    @classmethod
    def of(cls, report) -> "TextsForm":
        """The form with the words of a draft."""
        initial = {name: "\n".join(report.texts.get(name, ())) for name in TEXTS}
        return cls(initial=initial | {"language": report.language})

    @property
    def texts(self) -> dict[str, list[str]]:
        """The lines of each field."""
        return {name: self.cleaned_data[name].splitlines()[:MOST_LINES] for name in TEXTS}


class SignForm(forms.Form):
    """Number, date and signer, as they will stand on paper."""

    number = forms.CharField(
        label=_("Number"), max_length=32, help_text=_("As given by the clerk, such as 215.")
    )
    dated = forms.DateField(
        label=_("Date"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
    )  # fmt: skip
    signer_title = forms.CharField(
        label=_("Title of the signer"), max_length=255, required=False,
        help_text=_("Lines divided by “|”: KT. GIÁM ĐỐC | PHÓ GIÁM ĐỐC"),
    )  # fmt: skip
    signer_name = forms.CharField(label=_("Name of the signer"), max_length=255)

    @classmethod
    def of(cls, report, today: datetime.date) -> "SignForm":
        """The form with what the last issue had."""
        return cls(
            initial={
                "dated": today,
                "signer_title": report.signer_title or "GIÁM ĐỐC",
                "signer_name": report.signer_name,
            }
        )
