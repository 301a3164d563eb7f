"""Accounts and the history of changes."""

import datetime

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sachhon.apps.people import queries, services
from sachhon.apps.people.access import allow, get_visible
from sachhon.apps.people.chips import chip
from sachhon.apps.people.columns import ListColumn, columns_of, cookie_name, remembered
from sachhon.apps.people.downloads import field, rows_download
from sachhon.apps.people.forms import UserForm
from sachhon.apps.people.labels import say_anew
from sachhon.apps.people.links import linked
from sachhon.apps.people.models import Role, User
from sachhon.apps.people.templatetags.access import differences
from sachhon.apps.people.veils import veiled
from sachhon.apps.people.verbs import SUBJECTS, table, verb_text

PER_PAGE = 50
MOST_EXPORTED = 20_000
A_YEAR = 365 * 24 * 3600  # seconds
USER_COLUMNS = (
    ListColumn("username", gettext_lazy("User name"), sort="username", fixed=True),
    ListColumn("name", gettext_lazy("Full name"), sort="name"),
    ListColumn("email", gettext_lazy("E-mail"), sort="email", usual=False),
    ListColumn("role", gettext_lazy("Role"), sort="role"),
    ListColumn("organisation", gettext_lazy("Organisation"), sort="organisation"),
    ListColumn("login", gettext_lazy("Last login"), sort="login"),
    ListColumn("state", gettext_lazy("State"), sort="state"),
)


@require_GET
@allow("people.user.manage")
def users(request):
    """The accounts, found by name or organisation."""
    q, role = request.GET.get("q", ""), request.GET.get("role", "")
    page = Paginator(_accounts(request), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "q": q, "filters": [chip("role", _("Role"), role, Role.choices)]}
    context["columns"] = columns_of(request, "accounts", USER_COLUMNS)
    return render(request, "people/users.html", context)


@require_GET
@allow("people.user.manage")
def export_users(request, kind: str):
    """The accounts found, as .xlsx or .csv."""
    fields = [
        field(_("User name"), lambda u: u.username, width=1.5),
        field(_("Full name"), lambda u: u.display_name(), width=2),
        field(_("E-mail"), lambda u: u.email, width=2),
        field(_("Role"), lambda u: u.get_role_display(), width=1.5),
        field(_("Organisation"), lambda u: str(u.organisation or ""), width=3),
        field(_("Last login"), lambda u: localtime(u.last_login).date() if u.last_login else None, "date"),
        field(_("Active"), lambda u: _("Yes") if u.is_active else _("No")),
    ]
    return rows_download(kind, "tai-khoan", _("Accounts"), fields, _accounts(request))


def _accounts(request) -> list[User]:
    get = request.GET
    return queries.users(request.user, q=get.get("q", ""), role=get.get("role", ""), sort=get.get("sort", ""))


@require_http_methods(["GET", "POST"])
@allow("people.user.manage")
def user(request, pk: int | None = None):
    """Makes an account, or changes one."""
    existing = get_visible(User.objects, request.user, pk=pk) if pk else None
    form = UserForm(request.POST or None, user=request.user, existing=existing)
    if request.method == "POST" and form.is_valid():
        try:
            if existing is None:
                services.create_user(request.user, **form.cleaned_data)
            else:
                services.change_user(request.user, existing, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Saved."))
            return redirect("people:users")
    return render(request, "people/user.html", {"form": form, "existing": existing})


@require_GET
@allow("people.audit.view")
def history(request):
    """Who changed what, when, from what to what."""
    get = request.GET
    verb, actor = get.get("verb", ""), get.get("actor", "")
    rows = _entries(request)
    page = Paginator(rows.select_related("actor"), PER_PAGE).get_page(get.get("page"))
    page.object_list = linked(request.user, say_anew(veiled(request.user, page.object_list)))
    verbs = [(f"{subject}.", f"{words} …") for subject, words in SUBJECTS.items()]
    verbs += sorted(((v, verb_text(v)) for v in table()), key=lambda c: c[1])
    context = {
        "page": page,
        "q": get.get("q", ""),
        "filters": [chip("verb", _("Kind of change"), verb, verbs)],
        "actor": actor,
        "actors": queries.actors(request.user),
        "since": get.get("since", ""),
        "until": get.get("until", ""),
    }
    return render(request, "people/history.html", context)


@require_GET
@allow("people.audit.view")
def export_history(request, kind: str):
    """The changes found, the newest of them, as .xlsx or .csv."""
    fields = [
        field(_("When"), lambda e: f"{localtime(e.at):%d/%m/%Y %H:%M}", width=1.5),
        field(_("Who"), lambda e: e.actor_name, width=2),
        field(_("Kind of change"), lambda e: verb_text(e.verb), width=2.5),
        field(_("To what"), lambda e: e.object_label, width=3),
        field(_("From what to what"), _changes, width=5),
    ]
    rows = linked(request.user, say_anew(veiled(request.user, _entries(request)[:MOST_EXPORTED])))
    return rows_download(kind, "lich-su", _("History of changes"), fields, rows)


def _entries(request):
    get = request.GET
    return queries.history(
        request.user,
        verb=get.get("verb", ""),
        object_type=get.get("type", ""),
        object_id=get.get("id", ""),
        actor=get.get("actor", ""),
        since=_day(get.get("since")),
        until=_day(get.get("until")),
        q=get.get("q", ""),
        sort=get.get("sort", ""),
    )


def _changes(entry) -> str:
    return "; ".join(f"{name}: {old} → {new}" for name, old, new in differences(entry))


@require_POST
@allow("home.view")
def columns(request):
    """Keeps which columns of a list this person wants to see; "as usual" forgets the choice."""
    wanted = None if "usual" in request.POST else request.POST.getlist("column")
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = redirect(target)
    response.set_cookie(
        cookie_name(request.user),
        remembered(request, request.POST.get("list", ""), wanted),
        max_age=A_YEAR,
        samesite="Lax",
        secure=settings.HTTPS,
        httponly=True,
    )
    return response


def _day(text: str | None) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text or "")
    except ValueError:
        return None
