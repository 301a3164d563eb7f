"""The officer's desk: one report after the other, its findings beside its figures, accept or return by a key."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sachhon.apps.people.access import allow
from sachhon.apps.reporting import pages
from sachhon.apps.reporting.queries.lists import waiting_reports
from sachhon.apps.reporting.services import confirming, workflow
from sachhon.apps.reporting.services.errors import ReportError
from sachhon.apps.reporting.views.common import the_report
from sachhon.apps.reporting.views.report import read_context


@require_http_methods(["GET", "POST"])
@allow("reporting.report.review")
def review(request, code: str, year: int, revision: int):
    """Accept, return or lock one report; then on to the next that waits."""
    if request.method == "POST":
        return _decided(request, the_report(request, code, year, revision))
    context = read_context(request, code, year, revision)
    waiting = waiting_reports(request.user)
    following = waiting.exclude(pk=context["report"].pk).first()
    context |= {
        "waiting": waiting.count(),
        "next_url": pages.address(following, "review") if following else "",
        "reviewing": True,
        "to_confirm": confirming.to_confirm(request.user, context["report"])
        if "accept" in context["steps"]
        else [],
        "grave": [f for f in context["findings"] if f.finding.level == "error" and f.finding.state == "open"],
    }
    return render(request, "reporting/review.html", context)


def _decided(request, report):
    user, now, remark = request.user, timezone.now(), request.POST.get("remark", "")
    following = waiting_reports(user).exclude(pk=report.pk).first()
    try:
        match request.POST.get("do"):
            case "accept":
                confirmed = request.POST.getlist("confirmed")
                workflow.accept(user, report, now=now, remark=remark, confirmed=confirmed)
                done = _("Accepted: %(name)s.") % {"name": report.facility}
            case "return":
                workflow.return_with_remarks(user, report, remark, now=now)
                done = _("Returned: %(name)s.") % {"name": report.facility}
            case "lock":
                workflow.lock(user, report)
                done = _("Locked: %(name)s.") % {"name": report.facility}
            case unknown if unknown not in ("accept", "return", "lock"):
                raise ReportError(_("Choose what to do with the report."))
    except ReportError as error:
        messages.error(request, str(error))
        return redirect(pages.address(report, "review"))
    messages.success(request, done)
    if following is not None and request.POST.get("do") != "lock":
        return redirect(pages.address(following, "review"))
    return redirect("reporting:reports")
