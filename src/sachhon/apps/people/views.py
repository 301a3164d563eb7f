"""Accounts and the history of changes."""

import datetime

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sachhon.apps.people import queries, services
from sachhon.apps.people.access import allow, get_visible
from sachhon.apps.people.chips import chip
from sachhon.apps.people.columns import ListColumn, columns_of, cookie_name, remembered
from sachhon.apps.people.forms import UserForm
from sachhon.apps.people.labels import say_anew
from sachhon.apps.people.models import Role, User
from sachhon.apps.people.veils import veiled
from sachhon.apps.people.verbs import SUBJECTS, table, verb_text

PER_PAGE = 50
A_YEAR = 365 * 24 * 3600  # seconds
USER_COLUMNS = (
    ListColumn("username", gettext_lazy("User name"), fixed=True),
    ListColumn("name", gettext_lazy("Full name")),
    ListColumn("email", gettext_lazy("E-mail"), usual=False),
    ListColumn("role", gettext_lazy("Role")),
    ListColumn("organisation", gettext_lazy("Organisation")),
    ListColumn("login", gettext_lazy("Last login")),
    ListColumn("state", gettext_lazy("State")),
)


@require_GET
@allow("people.user.manage")
def users(request):
    """The accounts, found by name or organisation."""
    q, role = request.GET.get("q", ""), request.GET.get("role", "")
    page = Paginator(queries.users(request.user, q=q, role=role), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "q": q, "filters": [chip("role", _("Role"), role, Role.choices)]}
    context["columns"] = columns_of(request, "accounts", USER_COLUMNS)
    return render(request, "people/users.html", context)


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
    verb, kind, pk = get.get("verb", ""), get.get("type", ""), get.get("id", "")
    actor = get.get("actor", "")
    rows = queries.history(
        request.user,
        verb=verb,
        object_type=kind,
        object_id=pk,
        actor=actor,
        since=_day(get.get("since")),
        until=_day(get.get("until")),
    )
    page = Paginator(rows.select_related("actor"), PER_PAGE).get_page(get.get("page"))
    page.object_list = say_anew(veiled(request.user, page.object_list))
    verbs = [(f"{subject}.", f"{words} …") for subject, words in SUBJECTS.items()]
    verbs += sorted(((v, verb_text(v)) for v in table()), key=lambda c: c[1])
    context = {
        "page": page,
        "filters": [chip("verb", _("Kind of change"), verb, verbs)],
        "actor": actor,
        "actors": queries.actors(request.user),
        "since": get.get("since", ""),
        "until": get.get("until", ""),
    }
    return render(request, "people/history.html", context)


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
