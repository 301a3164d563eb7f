"""Corrections, retries and setting aside: the file stays as sent, and two people cannot do the same at once."""

import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from tests.apps.intake.conftest import simple
from tests.apps.intake.test_taking import rules, send

from sachhon.apps.intake.models import CellFix, ImportFile
from sachhon.apps.intake.services import mending
from sachhon.apps.intake.services.errors import NotPossible
from sachhon.apps.intake.services.undoing import undo_file
from sachhon.apps.people.models import AuditEntry
from sachhon.apps.registry.models import Record

State = ImportFile.State


@pytest.fixture
def read_at_once(django_capture_on_commit_callbacks):
    """Does something and lets the worker read what it queued."""

    def act(function, *arguments):
        with django_capture_on_commit_callbacks(execute=True):
            return function(*arguments)

    return act


def test_a_corrected_cell_is_laid_over_the_file_and_the_retry_takes_it(cast, simple_format, read_at_once):
    user = cast.user("factory")
    (file,) = send(user, simple((1, 100), (2, "12o")))
    assert file.state == State.REFUSED
    stored = file.content.read()
    mending.fix_cell(user, file, "CSV", "b3", " 120 ")
    read_at_once(mending.retry, user, file)
    file.refresh_from_db()
    assert file.state == State.TAKEN
    assert sorted(r.quantity for r in Record.objects.all()) == [100, 120]
    assert file.content.open().read() == stored
    entry = AuditEntry.objects.get(verb="import.fix_cell")
    assert entry.after == {"CSV!B3": "120"}


def test_a_correction_can_be_taken_back(cast, simple_format):
    user = cast.user("factory")
    (file,) = send(user, simple((2, "12o")))
    mending.fix_cell(user, file, "CSV", "B2", "120")
    mending.drop_fix(user, file, "CSV", "B2")
    assert not CellFix.objects.exists()


@pytest.mark.parametrize("cell", ["", "B0", "1B", "B", "AAAA1", "B1:B2", "=cmd|' /C calc'!A0"])
def test_what_is_no_cell_is_refused(cast, simple_format, cell):
    (file,) = send(cast.user("factory"), simple((2, "12o")))
    with pytest.raises(NotPossible):
        mending.fix_cell(cast.user("factory"), file, "CSV", cell, "1")


def test_reading_a_taken_file_again_first_takes_back_what_it_brought(cast, simple_format, read_at_once):
    user = cast.user("factory")
    (file,) = send(user, simple((1, 100), (2, -5)))
    mending.fix_cell(user, file, "CSV", "A2", "3")
    mending.fix_cell(user, file, "CSV", "B3", "5")
    read_at_once(mending.retry, user, file)
    file.refresh_from_db()
    assert file.state == State.TAKEN
    assert [(r.month, r.quantity) for r in Record.objects.order_by("month")] == [(2, 5), (3, 100)]


def test_setting_aside_and_taking_up_again(cast, simple_format, read_at_once):
    user = cast.user("factory")
    (file,) = send(user, simple((2, "12o")))
    mending.set_aside(user, file)
    file.refresh_from_db()
    assert file.state == State.SET_ASIDE
    read_at_once(mending.retry, user, file)
    file.refresh_from_db()
    assert file.state == State.REFUSED


def test_a_taken_file_cannot_be_set_aside(cast, simple_format):
    (file,) = send(cast.user("factory"), simple((1, 1)))
    with pytest.raises(NotPossible):
        mending.set_aside(cast.user("factory"), file)


def test_of_two_people_who_retry_at_once_the_second_is_told(cast, simple_format):
    (file,) = send(cast.user("factory"), simple((2, "12o")))
    mine = ImportFile.objects.get(pk=file.pk)
    theirs = ImportFile.objects.get(pk=file.pk)
    mending.retry(cast.user("factory"), mine)
    with pytest.raises(NotPossible, match="so-lieu"):
        mending.retry(cast.user("centre"), theirs)
    assert AuditEntry.objects.filter(verb="import.retry").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_retries_in_two_threads_read_the_file_once(cast, simple_format):
    """Two connections at the same moment; in memory SQLite threads share one, so there it is one after the other."""
    (file,) = send(cast.user("factory"), simple((2, "12o")))
    CellFix.objects.create(file=file, sheet="CSV", cell="B2", value="12")
    if connection.vendor == "sqlite":
        pytest.skip("needs two connections to one store")
    outcomes, start = [], threading.Barrier(2)

    def go(role):
        try:
            start.wait(timeout=10)
            mending.retry(cast.user(role), ImportFile.objects.get(pk=file.pk))
            outcomes.append("read")
        except NotPossible:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(role,)) for role in ("factory", "centre")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    file.refresh_from_db()
    assert file.state == State.TAKEN
    # The second came either while the first was reading (told) or after (read again: taken back, taken anew).
    assert outcomes.count("read") >= 1
    assert Record.objects.get().quantity == 12


def test_acting_on_many_tells_of_each_that_could_not_be_done(cast, simple_format):
    user = cast.user("factory")
    refused, taken = send(user, simple((2, "12o")), simple((1, 1), year=2024))
    many = mending.for_each(mending.set_aside, user, [refused, taken])
    assert many.done == 1
    assert len(many.refused) == 1
    assert taken.name in many.refused[0]


def test_a_leader_may_look_at_nothing_and_change_nothing(cast, simple_format):
    (file,) = send(cast.user("factory"), simple((2, "12o")))
    for act in (mending.retry, mending.set_aside, undo_file):
        with pytest.raises(PermissionDenied):
            act(cast.user("leader"), file)


def test_a_file_of_a_factory_read_again_by_an_officer_stays_with_the_factory(
    cast, simple_format, read_at_once
):
    refused, taken = send(cast.user("factory"), simple((2, "12o")), simple((1, 5), year=2024))
    mending.fix_cell(cast.user("centre"), refused, "CSV", "B2", "120")
    for file in (refused, taken):
        read_at_once(mending.retry, cast.user("centre"), file)
        file.refresh_from_db()
        assert (file.state, file.facility) == (State.TAKEN, cast.brick)


def test_a_facility_out_of_reach_cannot_be_chosen(cast, simple_format):
    (file,) = send(cast.user("factory"), simple((2, "12o")))
    with pytest.raises(NotPossible):
        mending.choose_facility(cast.user("factory"), file, cast.quarry)


def test_a_file_too_large_to_be_kept_cannot_be_read_again(cast, settings):
    settings.INTAKE_MAX_FILE_MB = 0
    (file,) = send(cast.user("factory"), simple((1, 1)))
    assert rules(file) == ["file_too_large"]
    with pytest.raises(NotPossible):
        mending.retry(cast.user("factory"), file)
