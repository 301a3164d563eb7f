"""Verification of savings: the plan of measuring, the computed saving, the judgement; and the steps signed."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sachhon.apps.assessment.forms_verification import VerificationForm
from sachhon.apps.assessment.models import Verification
from sachhon.apps.assessment.option_pages import clash_rows
from sachhon.apps.assessment.services import signing, verifying
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.apps.assessment.services.merging import Collision
from sachhon.apps.assessment.verification_pages import list_page, verification_page
from sachhon.apps.assessment.views.assessment import the_assessment
from sachhon.apps.assessment.views.writing import for_its_team
from sachhon.apps.people.access import allow, get_visible


@require_GET
@allow("assessment.view")
def verifications(request, pk: int):
    """What is measured, and what came of it."""
    assessment = the_assessment(request, pk)
    return render(request, "assessment/options/verifications.html", list_page(request.user, assessment))


@require_http_methods(["GET", "POST"])
@allow("assessment.edit")
@for_its_team
def add(request, pk: int):
    """Plans a measurement."""
    assessment = the_assessment(request, pk)
    form = VerificationForm(
        request.POST or None, assessment=assessment, initial=VerificationForm.start(assessment)
    )
    if request.method == "POST" and form.is_valid():
        values, options = form.values()
        try:
            row = verifying.plan_verification(request.user, assessment, options, values)
        except AssessmentError as error:
            form.add_error(None, str(error))
        else:
            return redirect("assessment:verification", pk, row.pk)
    return render(
        request, "assessment/options/verification_edit.html", {"form": form, "assessment": assessment}
    )


@require_http_methods(["GET", "POST"])
@allow("assessment.edit")
@for_its_team
def edit(request, pk: int, row: int):
    """Changes the plan of a measurement."""
    found = the_verification(request, pk, row)
    form = VerificationForm(
        request.POST or None, assessment=found.assessment, initial=VerificationForm.initial_of(found)
    )
    context = {"assessment": found.assessment, "row": found}
    if request.method == "POST" and form.is_valid():
        values, options = form.values()
        version = form.cleaned_data["version"] or 0
        try:
            verifying.change_verification(request.user, found, options, values, version)
        except Collision as clash:
            merged = {**clash.merged, "options": options, "version": clash.version}
            form = VerificationForm(assessment=found.assessment, initial=merged)
            context |= {"clashes": clash_rows(clash, Verification), "told": str(clash)}
        except AssessmentError as error:
            form.add_error(None, str(error))
        else:
            return redirect("assessment:verification", pk, row)
    return render(request, "assessment/options/verification_edit.html", context | {"form": form})


@require_GET
@allow("assessment.view")
def verification(request, pk: int, row: int):
    """One measurement: plan, models tried, saving with its interval, charts, judgement."""
    found = the_verification(request, pk, row)
    return render(request, "assessment/options/verification.html", verification_page(request.user, found))


@require_POST
@allow("assessment.edit")
def compute(request, pk: int, row: int):
    """Computes the saving from the records."""
    found = the_verification(request, pk, row)
    try:
        computed = verifying.compute(request.user, found)
    except AssessmentError as error:
        messages.error(request, str(error))
    else:
        if "saving" in computed.result:
            messages.success(request, _("Computed."))
        else:
            messages.warning(request, _("No saving could be computed: this page says why."))
    return redirect("assessment:verification", pk, row)


@require_POST
@allow("assessment.edit")
def judge(request, pk: int, row: int):
    """The lead's word: verified, or not and why."""
    post = request.POST
    version = int(post["version"]) if post.get("version", "").isdigit() else 0
    return _do(
        request,
        pk,
        row,
        lambda v: verifying.judge(
            request.user,
            v,
            verified=post.get("verdict") == "verified",
            note=post.get("note", ""),
            version=version,
            now=timezone.localtime(),
        ),
    )


@require_POST
@allow("assessment.edit")
def take_back(request, pk: int, row: int):
    """Takes a judgement back."""
    reason = request.POST.get("reason", "")
    now = timezone.localtime()
    return _do(request, pk, row, lambda v: verifying.take_back(request.user, v, reason=reason, now=now))


@require_POST
@allow("assessment.edit")
def sign_step(request, pk: int, step: int):
    """Signs one of the six steps, or takes the signature back with the reason."""
    assessment = the_assessment(request, pk)
    reason = request.POST.get("reason", "")
    try:
        if "withdraw" in request.POST:
            signing.withdraw_step(request.user, assessment, step, reason=reason, now=timezone.now())
        else:
            signing.sign_step(request.user, assessment, step, note=request.POST.get("note", ""))
    except AssessmentError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Saved."))
    return redirect("assessment:assessment", pk)


def the_verification(request, pk: int, row: int) -> Verification:
    """The verification, if the person may see it."""
    rows = Verification.objects.select_related("assessment__facility", "resource", "judged_by")
    return get_visible(rows, request.user, assessment=pk, pk=row)


def _do(request, pk: int, row: int, act):
    found = the_verification(request, pk, row)
    try:
        act(found)
    except AssessmentError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Saved."))
    return redirect("assessment:verification", pk, row)
