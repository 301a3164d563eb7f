"""Drives a real Chromium against the site served on a port of its own.

Every test under this folder is marked `e2e`. Screenshots go to build/screens/. The browser is Debian's; another
one is named by SACHHON_CHROMIUM. A test fails on any error in the browser's console, so that a page that breaks
the Content-Security-Policy or a script that throws cannot pass unseen.
"""

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

# Playwright's loop runs in the test's thread, where Django would refuse to touch the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

FOLDER = Path(__file__).parent
SCREENS = FOLDER.parent.parent / "build/screens"
AXE = FOLDER / "vendor/axe/axe.min.js"
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
CHROMIUM = os.environ.get("SACHHON_CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(FOLDER):
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser, live_server):
    """A blank page at desktop width; addresses are relative to the site: page.goto("/co-so/")."""
    context, page = opened(browser, live_server)
    yield page
    closed(context, page)


@pytest.fixture
def login(page, cast, live_server):
    """login("centre") puts the person of that role behind the browser, without going through the login page."""

    def enter(role: str):
        sit(page.context, live_server, cast.user(role))
        return cast.user(role)

    return enter


@pytest.fixture
def seat(browser, live_server, cast):
    """seat("centre") is a page in a browser of that person's own; options as of a Playwright context."""
    taken = []

    def take(role: str, **options):
        context, page = opened(browser, live_server, **options)
        taken.append((context, page))
        sit(context, live_server, cast.user(role))
        return page

    yield take
    for context, page in taken:
        closed(context, page)


def opened(browser, live_server, **options):
    """A browser of its own with one page, which keeps what its console complains of."""
    context = browser.new_context(
        **{"base_url": live_server.url, "viewport": DESKTOP, "locale": "vi-VN"} | options
    )
    page = context.new_page()
    page.set_default_timeout(10_000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: (
            complaints.append(f"{message.text} {message.location}") if message.type == "error" else None
        ),
    )
    page.complaints = complaints
    return context, page


def closed(context, page):
    """Ends it; a page that complained has failed."""
    context.close()
    # A refused page (403, 404) is told by the browser as an error too; a test that wants one checks it itself.
    assert [c for c in page.complaints if "Failed to load resource" not in c] == []


def sit(context, live_server, user):
    """Puts a person behind a browser."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])


@pytest.fixture
def axe(page):
    """axe() fails with what axe-core finds against WCAG 2.2 AA on the page as it stands."""
    return lambda: accessible(page)


def accessible(page):
    """Fails with what axe-core finds against WCAG 2.2 AA on the page as it stands."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    result = page.evaluate("rules => axe.run({runOnly: {type: 'tag', values: rules}})", AXE_RULES)
    found = [
        f"{rule['id']} ({rule['help']}): {node['html'][:160]} {node['failureSummary']}"
        for rule in result["violations"]
        for node in rule["nodes"]
    ]
    assert found == [], "\n".join([page.url, *found])


def fits(page):
    """Nothing stands out of the window to the right."""
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, f"{page.url} is {wider} px wider than the window"


@pytest.fixture
def screenshot(page):
    """screenshot("home") writes build/screens/home.png; `width` may be "phone"."""

    def take(name: str, width: str = "desktop"):
        page.set_viewport_size(PHONE if width == "phone" else DESKTOP)
        page.wait_for_load_state("networkidle")
        SCREENS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SCREENS / f"{name}.png")

    return take
