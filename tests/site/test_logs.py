"""What the log keeps: a refused page in one line, a fault with its traceback; and the command that shows facts."""

import io
import logging

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils.module_loading import import_string
from typer.testing import CliRunner

from sachhon.cli import app


@pytest.fixture
def log():
    """What the console's handler would write, with the filters of the settings."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    for name in settings.LOGGING["handlers"]["console"]["filters"]:
        handler.addFilter(import_string(settings.LOGGING["filters"][name]["()"])())
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    yield stream
    logger.removeHandler(handler)


@pytest.mark.django_db
def test_a_refused_page_is_one_line(client, cast, log):
    client.force_login(cast.user("factory"))
    assert client.get(reverse("people:users")).status_code == 403
    assert "Forbidden" in log.getvalue()
    assert "Traceback" not in log.getvalue()


@pytest.mark.django_db
def test_a_fault_keeps_its_traceback(client, cast, log, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("a fault")

    client.raise_request_exception = False
    client.force_login(cast.user("centre"))
    monkeypatch.setattr("sachhon.apps.registry.views.figure.get_visible", broken)
    assert client.get(reverse("registry:figure", args=["toe:LS-0001:2026"])).status_code == 500
    assert "Traceback" in log.getvalue()


def test_a_day_that_does_not_exist_is_told_without_a_traceback():
    told = CliRunner().invoke(app, ["reference", "show", "electricity", "--on", "2031-02-30"])
    assert told.exit_code == 1
    assert "2031-02-30" in told.output
    assert "yyyy-mm-dd" in told.output
    assert "Traceback" not in told.output


def test_an_unknown_code_names_a_command_that_lists_the_tables():
    told = CliRunner().invoke(app, ["reference", "show", "no.such", "--on", "2026-01-01"])
    assert told.exit_code == 1
    assert "sachhon reference show" in told.output
    listed = CliRunner().invoke(app, ["reference", "show"])
    assert listed.exit_code == 0
    assert "toe" in listed.output.split()
