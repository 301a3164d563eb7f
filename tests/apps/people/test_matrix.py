"""The permission table, walked for every address of the site and every role: what is not allowed is refused."""

from http import HTTPStatus

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from sachhon.apps.people.models import Role
from sachhon.apps.people.permissions import allowed_roles, table
from sachhon.apps.registry.figure_kinds import actions
from sachhon.apps.registry.models import Figure
from sachhon.site.api import api

# Rooms of other makers that guard themselves; test_accounts looks at them.
SELF_GUARDED = ("account", "mfa", "usersessions", "api")
SAMPLES = {
    "int": 987654321,
    "slug": "khong-co",
    "str": "khong-co",
    "uuid": "00000000-0000-4000-8000-000000000000",
}
# kind of figure → (a code of that kind, the page it stands on)
STANDS_ON = {
    "quick": ("quick:1:saving:E-1", "assessment:quick_result"),
    "flow": ("flow:1:S1", "assessment:flow_balance"),
    "option": ("option:1:npv", "assessment:option"),
    "comparison": ("comparison:1:A1", "assessment:comparison"),
    "treatment": ("treatment:1:now:limit:cod", "assessment:treatment"),
    "verified": ("verified:1", "assessment:verification"),
    "closed": ("closed:option:1:saving", "assessment:flow_secret"),
    "saving": ("saving:LS-0001:2026:electricity", "reporting:report"),
    "intensity": ("intensity:LS-0001:2026:electricity", "reporting:report"),
    "toe": ("toe:LS-0001:2026", "reporting:report"),
    "co2": ("co2:LS-0001:2026", "reporting:report"),
    "province": ("province:20:2026:toe", "reporting:province"),
    "target": ("target:T1:20:2026", "programme:targets"),
    "sector": ("sector:T1:C23:20:2026", "programme:targets"),
}
OF_PROVINCE = {"province", "target", "sector"}


def addresses(patterns=None, namespace="", inherited=None):
    """(name, arguments, view) of every page, with an argument of each converter's kind that names nothing."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        arguments = dict(inherited or {})
        for name, converter in pattern.pattern.converters.items():
            kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
            arguments[name] = SAMPLES[kind]
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern.url_patterns, inner, arguments)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{namespace}{pattern.name}", arguments, pattern.callback


def own_addresses():
    return [
        (name, arguments, view)
        for name, arguments, view in addresses()
        if not name.startswith(SELF_GUARDED) and not name.split(":")[0].startswith(SELF_GUARDED)
    ]


def test_every_page_declares_its_action_or_is_public():
    undeclared = [name for name, _arguments, view in own_addresses() if not hasattr(view, "action")]
    assert undeclared == []


@pytest.mark.parametrize("role", list(Role))
def test_a_role_is_refused_exactly_where_the_table_says(client, cast, role):
    client.force_login(cast.user(role))
    wrong = []
    for name, arguments, view in own_addresses():
        if view.action is None or name in {"set_language", "health"}:
            continue
        url = reverse(name, kwargs=arguments)
        for method in (client.get, client.post):
            status = method(url).status_code
            if status == HTTPStatus.METHOD_NOT_ALLOWED:
                continue
            refused = status == HTTPStatus.FORBIDDEN
            if refused != (role not in allowed_roles(view.action)):
                wrong.append((name, view.action, method.__name__, refused))
    assert wrong == []


def test_a_stranger_is_led_to_the_login_page_from_everywhere(client, db):
    for name, arguments, view in own_addresses():
        if view.action is None:
            continue
        answer = client.get(reverse(name, kwargs=arguments))
        assert answer.status_code == HTTPStatus.FOUND, name
        assert reverse("account_login") in answer.url, name


@pytest.mark.parametrize("role", ["factory", "expert", "centre", "inspector", "leader"])
def test_a_facility_of_somebody_else_is_not_there(client, cast, role):
    client.force_login(cast.user(role))
    for name, arguments, view in own_addresses():
        if "code" not in arguments or view.action is None or role not in allowed_roles(view.action):
            continue
        url = reverse(name, kwargs=arguments | {"code": cast.stranger.code})
        for answer in (client.get(url), client.post(url)):
            assert answer.status_code in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED), (name, url)


def test_every_kind_of_figure_asks_for_what_the_page_it_stands_on_asks_for():
    pages = {name: view.action for name, _arguments, view in own_addresses()}
    assert actions() == {kind: pages[page] for kind, (_code, page) in STANDS_ON.items()}


@pytest.mark.parametrize("role", list(Role))
def test_a_figure_opens_to_no_role_that_may_not_open_its_page(client, cast, role):
    for kind, (code, _page) in STANDS_ON.items():
        place = {} if kind in OF_PROVINCE else {"facility": cast.brick}
        Figure.objects.create(
            code=code, label_vi=kind, label_en=kind, value=2274, province_code="20", **place
        )
    client.force_login(cast.user(role))
    pages = {name: view.action for name, _arguments, view in own_addresses()}
    wrong = []
    for kind, (code, page) in STANDS_ON.items():
        reaches = kind not in OF_PROVINCE or role not in (Role.FACTORY, Role.EXPERT)
        expected = HTTPStatus.OK if reaches and role in allowed_roles(pages[page]) else HTTPStatus.NOT_FOUND
        for name in ("registry:figure", "registry:figure_records"):
            if client.get(reverse(name, args=[code])).status_code != expected:
                wrong.append((name, code, expected))
    assert wrong == []


def test_a_figure_of_a_kind_that_nobody_registered_opens_to_nobody(client, cast):
    Figure.objects.create(code="moi:1", label_vi="m", label_en="m", province_code="20", facility=cast.brick)
    for role in Role:
        client.force_login(cast.user(role))
        assert client.get(reverse("registry:figure", args=["moi:1"])).status_code == HTTPStatus.NOT_FOUND


def test_every_api_route_declares_its_action():
    undeclared = [
        f"{method} {path}"
        for _prefix, router in api._routers
        for path, view in router.path_operations.items()
        for operation in view.operations
        for method in operation.methods
        if not hasattr(operation.view_func, "action")
    ]
    assert undeclared == []


def test_the_api_answers_no_stranger(client, db):
    for name, arguments, _view in addresses():
        if name.startswith("api:") and not name.startswith("api:openapi") and name != "api:api-root":
            answer = client.get(reverse(name, kwargs=arguments))
            assert answer.status_code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FOUND), name


def test_every_action_of_the_table_is_used_and_every_role_has_a_column():
    used = {view.action for _name, _arguments, view in own_addresses() if view.action}
    used |= {
        operation.view_func.action
        for _prefix, router in api._routers
        for view in router.path_operations.values()
        for operation in view.operations
    }
    header = {role for roles in table().values() for role in roles}
    assert header == set(Role.values)
    assert set(table()) - used == set()
