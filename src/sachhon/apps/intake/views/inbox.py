"""The list of files, sending new ones, the progress of a sending, and acting on many files."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from sachhon.apps.intake import queries
from sachhon.apps.intake.models import ImportFile, ImportJob
from sachhon.apps.intake.queries import FileFilter
from sachhon.apps.intake.services import mending, receiving, running, undoing
from sachhon.apps.intake.services.errors import NotPossible
from sachhon.apps.people.access import allow, get_visible, require
from sachhon.apps.people.chips import chip
from sachhon.apps.people.columns import ListColumn, columns_of
from sachhon.apps.people.downloads import field, rows_download

PER_PAGE = 50

# What can be done with many files: (action of permissions.csv, service).
ACTS = {
    "retry": ("intake.file.fix", mending.retry),
    "set_aside": ("intake.file.fix", mending.set_aside),
    "undo": ("intake.import.undo", undoing.undo_file),
}


COLUMNS = (
    ListColumn("name", gettext_lazy("File"), sort="name", fixed=True),
    ListColumn("state", gettext_lazy("State"), sort="state"),
    ListColumn("facility", gettext_lazy("Facility"), sort="facility"),
    ListColumn("year", gettext_lazy("Year"), sort="year"),
    ListColumn("values", gettext_lazy("Figures"), sort="values", num=True),
    ListColumn("problems", gettext_lazy("Problems"), sort="problems", num=True),
    ListColumn("sent", gettext_lazy("Sent on"), sort="sent"),
    ListColumn("sender", gettext_lazy("Sent by"), sort="sender", usual=False),
    ListColumn("size", gettext_lazy("File size"), sort="size", num=True, usual=False),
)


@require_GET
@allow("intake.inbox.view")
def inbox(request):
    """Hộp nhập: every file sent, with its state and what is wrong with it; the drop zone on top."""
    user, wanted = request.user, FileFilter.from_params(request.GET)
    counts = queries.counts(user)
    context = {
        "page": Paginator(queries.files(user, wanted), PER_PAGE).get_page(request.GET.get("page")),
        "filters": _filters(user, wanted, counts),
        "q": wanted.q,
        "counts": counts,
        "columns": columns_of(request, "inbox", COLUMNS),
        "is_unattended": running.is_unattended(),
        "running": queries.unfinished_jobs(user)[:5],
        "job": queries.job_by_key(user, wanted.job),
        "facilities": queries.facilities(user),
        "most": receiving.max_files(),
        "most_mb": receiving.max_file_bytes() // receiving.MB,
        "is_filtered": any((wanted.q, wanted.state, wanted.year, wanted.job, wanted.profile)),
    }
    return render(request, "intake/inbox.html", context)


@require_GET
@allow("intake.inbox.view")
def export(request, kind: str):
    """The filtered list of files as .xlsx or .csv."""
    fields = [
        field(_("File"), lambda f: f.name, width=3),
        field(_("State"), lambda f: f.get_state_display(), width=1.5),
        field(_("Facility"), lambda f: f.facility.name if f.facility else "", width=3),
        field(_("Year"), lambda f: f.year),
        field(_("Figures"), lambda f: f.values_taken, "integer"),
        field(_("Errors"), lambda f: f.errors, "integer"),
        field(_("Warnings"), lambda f: f.warnings, "integer"),
        field(_("Sent on"), lambda f: localtime(f.job.created_at).date(), "date", width=1.2),
        field(_("Sent by"), lambda f: f.job.created_by.display_name(), width=2),
    ]
    rows = queries.files(request.user, FileFilter.from_params(request.GET))
    return rows_download(kind, "hop-nhap", _("Inbox"), fields, rows)


@require_POST
@allow("intake.file.upload")
def upload(request):
    """Takes the chosen files (and folder) in as one sending."""
    uploads = [*request.FILES.getlist("files"), *request.FILES.getlist("folder")]
    code = request.POST.get("facility", "")
    try:
        facility = queries.facility_by_code(request.user, code) if code.strip() else None
        if code.strip() and facility is None:
            raise NotPossible(
                _("There is no facility with the code “%(code)s”.") % {"code": code.strip()[:32]}
            )
        job = receiving.receive(request.user, uploads, facility=facility)
    except NotPossible as reason:
        messages.error(request, str(reason))
        return redirect("intake:inbox")
    return redirect(f"{reverse('intake:inbox')}?job={job.key}")


@require_GET
@allow("intake.inbox.view")
def progress(request, key):
    """How far a sending is: a part of the inbox that asks again by itself; when it is over, the result in words."""
    job = get_visible(queries.jobs(request.user), request.user, key=key)
    context = {
        "job": job,
        "counts": _counted(job),
        "is_stalled": running.stalled().filter(pk=job.pk).exists(),
    }
    response = render(request, "intake/parts/progress.html", context)
    response["HX-Trigger"] = "files-changed"
    return response


@require_POST
@allow("intake.file.fix")
def resume(request, key):
    """Goes on with a sending whose reader died."""
    from sachhon.apps.intake.tasks import read_job

    job = get_visible(queries.jobs(request.user), request.user, key=key)
    read_job.enqueue(job.pk)
    return redirect(f"{reverse('intake:inbox')}?job={job.key}")


@require_POST
@allow("intake.import.undo")
def undo_job(request, key):
    """Takes a whole sending back."""
    job = get_visible(queries.jobs(request.user), request.user, key=key)
    try:
        count = undoing.undo_job(request.user, job)
        messages.success(
            request, ngettext("%(n)d figure went back.", "%(n)d figures went back.", count) % {"n": count}
        )
    except NotPossible as reason:
        messages.error(request, str(reason))
    return redirect(f"{reverse('intake:inbox')}?job={job.key}")


@require_POST
@allow("intake.inbox.view")
def act_on_many(request):
    """Reads again, sets aside or undoes the ticked files; an undo is asked back first."""
    act = request.POST.get("act", "")
    ticked = [pk for pk in request.POST.getlist("file") if pk.isdigit()]
    chosen = list(
        ImportFile.objects.visible_to(request.user).filter(pk__in=ticked).select_related("job", "facility")
    )
    if act not in ACTS or not chosen:
        messages.error(request, _("Tick at least one file first."))
        return redirect("intake:inbox")
    action, service = ACTS[act]
    require(request.user, action)
    if act == "undo" and "yes" not in request.POST:
        return render(request, "intake/undo_many.html", {"files": chosen})
    many = mending.for_each(service, request.user, chosen)
    if many.done:
        done = ngettext("Done for %(n)d file.", "Done for %(n)d files.", many.done)
        messages.success(request, done % {"n": many.done})
    for reason in many.refused[:5]:
        messages.error(request, reason)
    return redirect("intake:inbox")


def _counted(job: ImportJob) -> list[dict]:
    """The states of a sending's files with their number, in the order of the states."""
    found = queries.job_counts(job)
    return [{"state": s, "label": s.label, "n": found[s]} for s in ImportFile.State if s in found]


def _filters(user, wanted: FileFilter, counts: dict[str, int]) -> list[dict]:
    states = [("open", _("Waiting for a person") + f" ({counts['open']})")]
    states += [(s.value, f"{s.label} ({counts[s]})") for s in ImportFile.State if counts.get(s)]
    sendings = [
        (str(job.key), f"{localtime(job.created_at):%d/%m/%Y %H:%M} · {job.total}")
        for job in queries.recent_jobs(user)
    ]
    return [
        chip("state", _("State"), wanted.state, states),
        chip("year", _("Year"), wanted.year, [(str(year), str(year)) for year in queries.years(user)]),
        chip("job", _("Sending"), wanted.job, sendings),
        chip(
            "profile",
            _("Mapping"),
            wanted.profile,
            [(str(p.pk), p.name) for p in queries.profiles(user)[:50]],
        ),
    ]
