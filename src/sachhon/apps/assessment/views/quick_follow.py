"""Where to assess first, what the factory says about the advice, and what was carried out of it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from sachhon.apps.assessment.models import FollowUp, OptionReply
from sachhon.apps.assessment.queries import quick_follow as queries
from sachhon.apps.assessment.queries.quick_priority import SORTS, priority_list
from sachhon.apps.assessment.queries.quick_result import shown
from sachhon.apps.assessment.services import quick_follow, quick_result
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.apps.assessment.views.quick import quick_of
from sachhon.apps.assessment.views.quick_result import sheet_or_pinned
from sachhon.apps.people import focus
from sachhon.apps.people.access import allow

A_PAGE = 50


@require_GET
@allow("assessment.manage")
def priority(request):
    """The facilities in the order in which to assess them, with the reason for each place."""
    sort = request.GET.get("sort", "cost")
    sort = sort if sort in SORTS else "cost"
    year = localdate().year - 1
    places = priority_list(request.user, focus.current_province(request), year, _lang(), sort)
    page = Paginator(places, A_PAGE).get_page(request.GET.get("page"))
    context = {"places": page, "page": page, "rows": page, "sort": sort, "year": year, "count": len(places)}
    return render(request, "assessment/quick/priority.html", context)


@require_http_methods(["GET", "POST"])
@allow("assessment.edit")
def follow(request, pk: int):
    """The options with the factory's word and, after the signature, how far each is at 3, 6 and 12 months."""
    assessment = quick_of(request, pk)
    sheet = sheet_or_pinned(request, assessment)
    kept = quick_result.current(assessment, sheet)
    result = shown(request.user, assessment, sheet, kept, _lang())
    if request.method == "POST":
        try:
            _save(request, sheet, [o.code for o in result.options])
        except AssessmentError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("assessment:quick_follow", pk)
    said = queries.replies(sheet)
    rounds = queries.rounds(assessment, sheet)
    chosen = next((r for r in rounds if r.made is None), rounds[-1] if rounds else None)
    wanted = request.GET.get("thang", "")
    chosen = next((r for r in rounds if str(r.months) == wanted), chosen)
    made = chosen.made.states if chosen and chosen.made else {}
    context = {
        "assessment": assessment,
        "today": localdate(),
        "rounds": rounds,
        "chosen": chosen,
        "replies": OptionReply.Reply.choices,
        "done": FollowUp.Done.choices,
        "rows": [
            {
                "option": o,
                "reply": request.POST.get(f"reply-{o.code}", said[o.code].reply if o.code in said else ""),
                "note": request.POST.get(f"note-{o.code}", said[o.code].note if o.code in said else ""),
                "said": said.get(o.code),
                "state": made.get(o.code, {}).get("state", ""),
                "state_note": made.get(o.code, {}).get("note", ""),
            }
            for o in result.options
        ],
    }
    return render(request, "assessment/quick/follow.html", context)


def _save(request, sheet, codes: list[str]) -> None:
    post = request.POST
    if "months" in post:
        states = {
            code: {"state": post[f"state-{code}"], "note": post.get(f"state-note-{code}", "").strip()[:1000]}
            for code in codes
            if post.get(f"state-{code}")
        }
        months = int(post["months"]) if post["months"].isdigit() else 0
        quick_follow.follow_up(request.user, sheet, months=months, states=states, note=post.get("note", ""))
        return
    said = {code: (post.get(f"reply-{code}", ""), post.get(f"note-{code}", "")) for code in codes}
    quick_follow.reply(request.user, sheet, said)


def _lang() -> str:
    return "en" if get_language() == "en" else "vi"
