"""The options of an assessment: the list, one of them, taking up, changing, putting away."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sachhon.apps.assessment.forms_options import OptionForm, SheetForm, as_typed, option_values
from sachhon.apps.assessment.models import Option, Origin
from sachhon.apps.assessment.option_pages import clash_rows, closed_name, option_page, option_rows
from sachhon.apps.assessment.queries.assessments import may_edit
from sachhon.apps.assessment.queries.options import counts, in_order, options_of
from sachhon.apps.assessment.repricing_pages import repriced_rows
from sachhon.apps.assessment.services import options as services
from sachhon.apps.assessment.services import revaluing
from sachhon.apps.assessment.services.economics import basis_of
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.apps.assessment.services.merging import Collision
from sachhon.apps.assessment.services.options import Start
from sachhon.apps.assessment.sheets import SHEETS
from sachhon.apps.assessment.views.assessment import the_assessment
from sachhon.apps.assessment.views.writing import for_its_team
from sachhon.apps.people.access import allow, get_visible


@require_GET
@allow("assessment.view")
def options(request, pk: int):
    """Every option with its saving, money, payback and effect."""
    assessment = the_assessment(request, pk)
    sort = request.GET.get("sort", "number")
    found = in_order(options_of(request.user, assessment), sort)
    basis = basis_of(assessment)
    context = {
        "assessment": assessment,
        "rows": option_rows(request.user, found, basis.used),
        "repriced": repriced_rows(request.user, found, basis),
        "deleted": [
            (o, closed_name(request.user, o)) for o in options_of(request.user, assessment, deleted=True)
        ],
        "counts": counts(request.user, assessment),
        "may_edit": may_edit(request.user, assessment),
    }
    return render(request, "assessment/options/options.html", context)


@require_POST
@allow("assessment.edit")
def revalue(request, pk: int):
    """Values the options whose prices have moved anew."""
    assessment = the_assessment(request, pk)
    try:
        found = revaluing.revalue(request.user, assessment)
    except AssessmentError as error:
        messages.error(request, str(error))
    else:
        codes = ", ".join(o.code for o in found) or "–"
        messages.success(request, _("Valued with today’s prices: %(codes)s.") % {"codes": codes})
    return redirect("assessment:options", pk)


@require_http_methods(["GET", "POST"])
@allow("assessment.edit")
@for_its_team
def add(request, pk: int):
    """Takes up an own idea, or one from a cause or a stream (?place=…&cause=…)."""
    assessment = the_assessment(request, pk)
    given = {k: request.GET[k][:255] for k in ("name", "place", "cause") if k in request.GET}
    stream = request.GET.get("stream", "")[:60]
    form = OptionForm(request.POST or None, initial=given)
    if request.method == "POST" and form.is_valid():
        start = Start(Origin.CAUSE, f"stream:{stream}") if stream else Start()
        try:
            services.refuse_not_cp("", kind=form.cleaned_data["not_cp"])
            option = services.add_option(request.user, assessment, form.values(), start)
        except AssessmentError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("%(code)s was taken up.") % {"code": option.code})
            return redirect("assessment:option", pk, option.number)
    return render(request, "assessment/options/edit.html", {"form": form, "assessment": assessment})


@require_GET
@allow("assessment.view")
def option(request, pk: int, number: int):
    """One option: what it is, what it saves, its sheets, its history."""
    found = the_option(request, pk, number)
    return render(request, "assessment/options/option.html", option_page(request.user, found))


@require_http_methods(["GET", "POST"])
@allow("assessment.edit")
@for_its_team
def edit(request, pk: int, number: int):
    """Changes the facts of an option; a collision is shown side by side."""
    found = the_option(request, pk, number)
    form = (
        OptionForm(request.POST)
        if request.method == "POST"
        else OptionForm.of(option_values(found), found.version)
    )
    context = {"assessment": found.assessment, "option": found}
    if request.method == "POST" and form.is_valid():
        try:
            services.refuse_not_cp("", kind=form.cleaned_data["not_cp"])
            services.change_option(
                request.user,
                found,
                form.values(),
                form.cleaned_data["version"] or 0,
                keep=request.POST.getlist("keep"),
            )
        except Collision as clash:
            form = OptionForm.of(clash.merged, clash.version)
            context |= {"clashes": clash_rows(clash), "told": str(clash)}
        except AssessmentError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("assessment:option", pk, number)
    return render(request, "assessment/options/edit.html", context | {"form": form})


@require_http_methods(["GET", "POST"])
@allow("assessment.edit")
@for_its_team
def sheet(request, pk: int, number: int, sheet: str):
    """Fills one feasibility sheet of an option."""
    found = the_option(request, pk, number)
    asked = SHEETS.get(sheet)
    if asked is None:
        return redirect("assessment:option", pk, number)
    stored = getattr(found, sheet)
    form = SheetForm(
        request.POST or None,
        asked=asked,
        defaults=_defaults(found, asked),
        initial=SheetForm.initial_of(asked, stored, found.version),
    )
    context = {"assessment": found.assessment, "option": found, "sheet": sheet}
    if request.method == "POST" and form.is_valid():
        try:
            services.change_option(
                request.user,
                found,
                {sheet: form.values()},
                form.cleaned_data["version"],
                keep=request.POST.getlist("keep"),
            )
        except Collision as clash:
            form = SheetForm(
                asked=asked,
                defaults=_defaults(found, asked),
                initial=SheetForm.initial_of(asked, clash.merged[sheet], clash.version),
            )
            context |= {"clashes": clash_rows(clash), "told": str(clash)}
        except AssessmentError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("assessment:option", pk, number)
    return render(request, "assessment/options/sheet.html", context | {"form": form})


@require_POST
@allow("assessment.edit")
def delete(request, pk: int, number: int):
    """Puts an option away; where a choice has it, that is told."""
    found = the_option(request, pk, number)
    try:
        choices = services.delete_option(request.user, found, now=timezone.now())
    except AssessmentError as error:
        messages.error(request, str(error))
        return redirect("assessment:option", pk, number)
    if choices:
        messages.warning(
            request,
            _("%(code)s is in the choice that was decided. It stays in that record; decide again without it.")
            % {"code": found.code},
        )
    messages.success(
        request, _("%(code)s was put away. It stands at the foot of the list.") % {"code": found.code}
    )
    return redirect("assessment:options", pk)


@require_POST
@allow("assessment.edit")
def restore(request, pk: int, number: int):
    """Brings an option back."""
    found = the_option(request, pk, number)
    try:
        services.restore_option(request.user, found)
    except AssessmentError as error:
        messages.error(request, str(error))
        return redirect("assessment:options", pk)
    messages.success(request, _("%(code)s is back.") % {"code": found.code})
    return redirect("assessment:option", pk, number)


def the_option(request, pk: int, number: int) -> Option:
    """The option of this assessment, if the person may see it."""
    rows = Option.objects.select_related("assessment__facility__trade", "deleted_by", "created_by")
    return get_visible(rows, request.user, assessment=pk, number=number)


def _defaults(option: Option, asked) -> dict[str, str]:
    facts = basis_of(option.assessment).defaults
    return {
        a.name: f"{as_typed(facts[a.fact.partition('.')[2]].value)} ({_('usual')})" for a in asked if a.fact
    }
