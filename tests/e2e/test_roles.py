"""Each role goes through every room its menu shows, and through what waits for it today."""

import pytest
from tests.apps.reporting.test_province import YEAR, Small

from .conftest import DESKTOP, PHONE

pytestmark = pytest.mark.django_db(transaction=True)
ROLES = ("factory", "expert", "centre", "department", "inspector", "leader", "ministry", "admin")
ROOMS = ".rail nav a[href], main a[href]"
LEAVES = ("/xuat", ".xlsx", ".csv", ".docx", ".pdf", "logout", "/tai/", "mailto:", "#")


@pytest.fixture
def small(cast, settings, tmp_path):
    """The small province counted by hand."""
    settings.HOME, settings.MEDIA_ROOT = tmp_path / "home", tmp_path / "media"
    small = Small(cast)
    small.refresh()
    return small


def inside(page) -> list[str]:
    """The addresses of pages of the site that this page leads to, each once."""
    found = page.eval_on_selector_all(ROOMS, "links => links.map(a => a.getAttribute('href'))")
    return list(
        dict.fromkeys(f for f in found if f.startswith("/") and not any(part in f for part in LEAVES))
    )


@pytest.mark.parametrize("role", ROLES)
def test_every_room_of_a_role_opens_is_clean_and_fits_a_phone(page, login, small, axe, screenshot, role):
    login(role)
    page.goto(f"/?year={YEAR}")
    screenshot(f"today-{role}")
    axe()
    rooms = inside(page)
    assert rooms
    for room in rooms[:30]:
        page.set_viewport_size(DESKTOP)
        answer = page.goto(room)
        assert answer is not None
        assert answer.status == 200, (role, room)
        axe()
        page.set_viewport_size(PHONE)
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, (role, room, wider)
