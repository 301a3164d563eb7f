"""Lessons for the library: the verified options, the consent to one of them, the case drafted of it."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sachhon.apps.assessment.forms_lesson import CaseForm, ConsentForm
from sachhon.apps.assessment.lesson_pages import lesson_page, list_page
from sachhon.apps.assessment.models import LessonConsent, Option
from sachhon.apps.assessment.services import lessons as services
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.apps.assessment.views.assessment import the_assessment
from sachhon.apps.guidance.services.errors import LibraryError
from sachhon.apps.people.access import allow, get_visible


@require_GET
@allow("assessment.view")
def lessons(request, pk: int):
    """The verified solutions of an assessment, and which of them are told."""
    return render(
        request, "assessment/options/lessons.html", list_page(request.user, the_assessment(request, pk))
    )


@require_GET
@allow("assessment.view")
def lesson(request, pk: int, number: int):
    """One verified solution: consent, what would be told of it, the case."""
    return _page(request, the_option(request, pk, number))


@require_POST
@allow("assessment.consent")
def consent(request, pk: int, number: int):
    """Records the factory's consent."""
    option = the_option(request, pk, number)
    form = ConsentForm(request.POST)
    if form.is_valid():
        try:
            services.consent(request.user, option, **form.cleaned_data)
        except AssessmentError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The consent was recorded."))
            return redirect("assessment:lesson", pk, number)
    return _page(request, option, consent_form=form)


@require_POST
@allow("assessment.consent")
def withdraw(request, pk: int, number: int):
    """Takes the consent back."""
    option = the_option(request, pk, number)
    row = get_visible(LessonConsent.objects, request.user, option=option, withdrawn_at=None)
    try:
        services.withdraw(request.user, row, reason=request.POST.get("reason", ""), now=timezone.localtime())
    except AssessmentError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The consent was taken back. What was told has left the library."))
    return redirect("assessment:lesson", pk, number)


@require_POST
@allow("guidance.library.edit")
def draft(request, pk: int, number: int):
    """Drafts the case."""
    option = the_option(request, pk, number)
    row = get_visible(LessonConsent.objects, request.user, option=option, withdrawn_at=None)
    form = CaseForm(request.POST)
    if form.is_valid():
        try:
            made = services.draft(request.user, row, form.cleaned_data)
        except (AssessmentError, LibraryError) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Drafted. Somebody else reviews it, then the Centre publishes it."))
            return redirect("guidance:item", made.item.kind, made.item.code)
    return _page(request, option, case_form=form)


def the_option(request, pk: int, number: int) -> Option:
    """The solution of this assessment, if the person may see it."""
    rows = Option.objects.select_related("assessment__facility__enterprise", "assessment__facility__area")
    return get_visible(rows, request.user, assessment=pk, number=number, deleted_at=None)


def _page(request, option: Option, **forms):
    context = lesson_page(request.user, option)
    context |= {"consent_form": ConsentForm(), "case_form": CaseForm()} | forms
    return render(request, "assessment/options/lesson.html", context)
