"""An undo restores exactly what stood before, all or nothing, and tells the rooms that compute from records."""

from decimal import Decimal

import pytest
from tests.apps.intake.conftest import simple
from tests.apps.intake.test_taking import send

from sachhon.apps.intake.models import ImportFile
from sachhon.apps.intake.services.errors import NotPossible
from sachhon.apps.intake.services.undoing import undo_file, undo_job
from sachhon.apps.people.models import AuditEntry
from sachhon.apps.registry.models import Record
from sachhon.apps.registry.services.records import RecordRow, write_records
from sachhon.apps.registry.signals import records_changed

State = ImportFile.State


def state_of_records():
    fields = (
        "facility",
        "year",
        "month",
        "flow",
        "resource",
        "product",
        "meter",
        "quantity",
        "source",
        "quality",
    )
    return list(
        Record.objects.order_by("year", "month", "pk").values_list(*fields, "entered_quantity", "cost_vnd")
    )


def test_undo_restores_the_prior_state_exactly(cast, simple_format):
    user = cast.user("factory")
    by_hand = RecordRow(2025, 1, "consumption", Decimal("7.5"), resource=cast.electricity, cost_vnd=1000)
    write_records(user, cast.brick, [by_hand])
    before = state_of_records()
    (file,) = send(user, simple((1, 100), (2, 120)))
    assert state_of_records() != before
    heard = []

    def listen(sender, facility, years, **kwargs):
        heard.append((facility.pk, years))

    records_changed.connect(listen)
    try:
        assert undo_file(user, file) == 2
    finally:
        records_changed.disconnect(listen)
    assert state_of_records() == before
    assert heard == [(cast.brick.pk, [2025])]
    file.refresh_from_db()
    assert (file.state, file.batch, file.values_taken) == (State.UNDONE, "", 0)
    assert AuditEntry.objects.get(verb="import.undo").after == {"records": 2}


def test_an_undo_is_refused_where_a_figure_was_changed_after_it_and_names_it(cast, simple_format):
    user = cast.user("factory")
    (first,) = send(user, simple((1, 100), (2, 120)))
    (second,) = send(user, simple((2, 130), file="sau.csv"))
    with pytest.raises(NotPossible, match=r"02/2025.*sau\.csv"):
        undo_file(user, first)
    first.refresh_from_db()
    assert first.state == State.TAKEN
    assert Record.objects.count() == 2
    undo_file(user, second)
    undo_file(user, ImportFile.objects.get(pk=first.pk))
    assert not Record.objects.exists()


def test_a_file_cannot_be_undone_twice(cast, simple_format):
    (file,) = send(cast.user("factory"), simple((1, 100)))
    undo_file(cast.user("factory"), file)
    with pytest.raises(NotPossible):
        undo_file(cast.user("factory"), ImportFile.objects.get(pk=file.pk))


def test_a_whole_sending_is_undone_last_file_first(cast, simple_format):
    user = cast.user("centre")
    files = send(
        user,
        simple((1, 1), code="LS-0001"),
        simple((1, 2), code="LS-0002"),
        simple((3, 3), code="LS-0001", year=2024),
    )
    assert undo_job(user, files[0].job) == 3
    assert not Record.objects.exists()
    assert {file.state for file in files[0].job.files.all()} == {State.UNDONE}


def test_a_sending_of_which_one_file_cannot_be_undone_stays_whole(cast, simple_format):
    user = cast.user("factory")
    files = send(user, simple((1, 1)), simple((2, 2), year=2024))
    send(user, simple((1, 9)))
    with pytest.raises(NotPossible):
        undo_job(user, files[0].job)
    assert {file.state for file in files[0].job.files.all()} == {State.TAKEN}
    assert Record.objects.count() == 2
