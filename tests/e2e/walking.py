"""What a person's hands do on the pages of an assessment."""

import io

from playwright.sync_api import Error
from tests.e2e.conftest import accessible, fits


def until(page, wanted: str, tries: int = 200):
    """Waits until something holds on the page; the page's policy forbids the browser's own way of waiting."""
    for _ in range(tries):
        try:
            if page.evaluate(wanted):
                return
        except Error as between:
            if "context was destroyed" not in str(between):  # the next page is on its way
                raise
        page.wait_for_timeout(100)
    raise AssertionError(wanted)


def tab(page, name: str):
    """Goes to a page of the analysis."""
    page.locator(".flow-tabs").get_by_role("link", name=name).click()
    page.locator(".flow-tabs [aria-current=page]", has_text=name).wait_for()


def fill(place, **values):
    """Fills fields by their names: text, a choice (by its value or the first words of its label), a tick."""
    for name, value in values.items():
        field = place.locator(f"[name='{name}']:not([type=hidden])").first
        kind = field.evaluate("f => f.tagName === 'SELECT' ? 'select' : f.type")
        if kind == "checkbox":
            field.set_checked(value)
        elif kind == "select":
            code = field.evaluate(
                "(f, v) => [...f.options].find(o => o.value === v || (v && o.label.startsWith(v))).value",
                value,
            )
            field.select_option(code)
        else:
            field.fill(value)


def in_panel(page, **values):
    """Fills the form in the side panel and stores it."""
    panel = page.locator("#panel")
    panel.locator("button.btn-primary").wait_for()
    fill(panel, **values)
    panel.locator("button.btn-primary").click()
    panel.wait_for(state="hidden")


def download(page, link) -> io.BytesIO:
    """The file behind a link."""
    with page.expect_download() as coming:
        link.click()
    return io.BytesIO(coming.value.path().read_bytes())


def seen(page):
    """A page as it stands: nothing against WCAG, nothing wider than the window."""
    accessible(page)
    fits(page)
