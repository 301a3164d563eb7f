"""One assessment: where it stands, its team, what was said, and the steps it can take."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sachhon.apps.assessment.forms import CommentForm, MemberForm, PlanForm
from sachhon.apps.assessment.forms_options import language
from sachhon.apps.assessment.models import Assessment, Kind, Member
from sachhon.apps.assessment.queries.assessments import may_edit
from sachhon.apps.assessment.queries.next_step import next_step
from sachhon.apps.assessment.queries.way import way
from sachhon.apps.assessment.services import opening, sign_checks, workflow
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.apps.assessment.services.signing import may_sign
from sachhon.apps.people.access import allow, get_visible


@require_GET
@allow("assessment.view")
def detail(request, pk: int):
    """The front page of an assessment."""
    assessment = the_assessment(request, pk)
    user = request.user
    manages = user.may("assessment.manage") or assessment.lead_id == user.pk
    steps = way(user, assessment, language()) if assessment.kind == Kind.DETAILED else []
    context = {
        "assessment": assessment,
        "facility": assessment.facility,
        "members": assessment.members.select_related("user", "user__organisation"),
        "comments": assessment.comments.order_by("pk"),
        "steps": workflow.possible(user, assessment),
        "may_edit": may_edit(user, assessment),
        "manages": manages,
        "appoints": user.may("assessment.manage"),
        "member_form": MemberForm(actor=user, assessment=assessment) if manages else None,
        "way": steps,
        "next": next_step(user, assessment, steps),
        "report_kinds": ("docx", "pdf", "xlsx"),
        "may_sign": may_sign(user, assessment),
        "against": sign_checks.against_signing(assessment),
        "open_work": sign_checks.open_work(assessment),
        "one_hand": sign_checks.one_hand(assessment),
        "comment_form": CommentForm() if user.may("assessment.comment") else None,
    }
    return render(request, "assessment/assessment.html", context)


@require_POST
@allow("assessment.view")
def move(request, pk: int, action: str):
    """Takes a step: begin, send, give back, sign off, open again, cancel."""
    if action not in workflow.TRANSITIONS:
        raise Http404(action)
    return _do(
        request,
        pk,
        lambda a: workflow.move(
            request.user, a, action, now=timezone.now(), reason=request.POST.get("reason", "")
        ),
    )


@require_POST
@allow("assessment.comment")
def comment(request, pk: int):
    """Adds a comment."""
    text, place = request.POST.get("text", ""), request.POST.get("place", "")[:64]
    return _do(request, pk, lambda a: opening.comment(request.user, a, text, place=place))


@require_POST
@allow("assessment.edit")
def add_member(request, pk: int):
    """Puts a person into the team."""
    assessment = the_assessment(request, pk)
    form = MemberForm(request.POST, actor=request.user, assessment=assessment)
    if not form.is_valid():
        messages.error(request, _("Choose a person of the list."))
        return redirect("assessment:assessment", pk)
    person, duty = form.cleaned_data["user"], form.cleaned_data["duty"]
    return _do(request, pk, lambda a: opening.add_member(request.user, a, person, duty=duty))


@require_http_methods(["GET", "POST"])
@allow("assessment.edit")
def plan(request, pk: int):
    """The day of the visit, and over which figures the assessment goes."""
    assessment = the_assessment(request, pk)
    initial = {name: getattr(assessment, name) for name in opening.PLANNED} | {"version": assessment.version}
    form = PlanForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            opening.plan(request.user, assessment, **form.cleaned_data)
        except AssessmentError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("assessment:assessment", pk)
    return render(request, "assessment/plan.html", {"form": form, "assessment": assessment})


@require_POST
@allow("assessment.edit")
def remove_member(request, pk: int, member: int):
    """Takes a person off the team."""
    found = the_member(request, pk, member)
    return _do(request, pk, lambda a: opening.remove_member(request.user, found))


@require_POST
@allow("assessment.manage")
def appoint(request, pk: int, member: int):
    """Makes a member the lead."""
    found = the_member(request, pk, member)
    return _do(request, pk, lambda a: opening.appoint_lead(request.user, a, found.user))


def the_member(request, pk: int, member: int) -> Member:
    """A person of the team of this assessment."""
    rows = Member.objects.select_related("user", "assessment__facility")
    return get_visible(rows, request.user, pk=member, assessment=pk)


def the_assessment(request, pk: int) -> Assessment:
    """The assessment, if the person may see it; else as if it were not there."""
    rows = Assessment.objects.select_related(
        "facility", "facility__trade", "facility__area", "lead", "signed_by"
    )
    return get_visible(rows, request.user, pk=pk)


def _do(request, pk: int, act):
    """Does one thing to the assessment and goes back to its page, telling why where it could not be done."""
    assessment = the_assessment(request, pk)
    try:
        act(assessment)
    except AssessmentError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Saved."))
    return redirect("assessment:assessment", pk)
