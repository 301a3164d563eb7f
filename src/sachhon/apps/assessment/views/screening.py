"""The first look at every option on one page: do now, study or drop, with the reason."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sachhon.apps.assessment.forms_screening import ScreeningForm
from sachhon.apps.assessment.option_pages import closed_name, value_word
from sachhon.apps.assessment.queries.options import options_to_screen
from sachhon.apps.assessment.services.merging import Collision
from sachhon.apps.assessment.services.screening import Wish, screen
from sachhon.apps.assessment.views.assessment import the_assessment
from sachhon.apps.people.access import allow


@require_http_methods(["GET", "POST"])
@allow("assessment.edit")
def screening(request, pk: int):
    """Every option that is not under way yet, with a choice and a reason each."""
    assessment = the_assessment(request, pk)
    options = list(options_to_screen(request.user, assessment))
    forms = [ScreeningForm.of(option, request.POST or None) for option in options]
    if request.method == "POST" and all(form.is_valid() for form in forms):
        wishes = [
            Wish(
                option,
                form.cleaned_data["version"],
                form.cleaned_data["screening"],
                form.cleaned_data["reason"],
            )
            for option, form in zip(options, forms, strict=True)
        ]
        wrong = screen(request.user, wishes)
        if not wrong:
            messages.success(request, _("Saved."))
            return redirect("assessment:options", pk)
        for option, form in zip(options, forms, strict=True):
            if error := wrong.get(option.number):
                _tell(form, error)
    rows = [(o, closed_name(request.user, o), form) for o, form in zip(options, forms, strict=True)]
    return render(request, "assessment/options/screening.html", {"assessment": assessment, "rows": rows})


def _tell(form: ScreeningForm, error: Exception) -> None:
    """What is wrong at its row; a collision names what the other person wrote, and a second save keeps one's own."""
    if not isinstance(error, Collision):
        form.add_error("reason", str(error))
        return
    for clash in error.clashes:
        name = "screening" if clash.field == "screening" else "reason"
        words = _("%(by)s wrote “%(theirs)s” in the meantime. Save again to keep yours.")
        form.add_error(name, words % {"by": clash.by, "theirs": value_word(clash.field, clash.theirs)})
    form.go_on_from(error.version)
