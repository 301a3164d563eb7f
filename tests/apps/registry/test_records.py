"""Monthly records: written once however often they are sent, every change kept, a batch undone as a whole."""

from decimal import Decimal

import pytest

from sachhon.apps.registry.models import Record, RecordChange
from sachhon.apps.registry.services.records import (
    RecordRow,
    UndoRefused,
    delete_record,
    undo_batch,
    write_records,
)
from sachhon.apps.registry.signals import records_changed


def row(cast, month: int, quantity: str, **fields) -> RecordRow:
    return RecordRow(2026, month, "consumption", Decimal(quantity), resource=cast.electricity, **fields)


@pytest.fixture
def officer(cast):
    return cast.user("centre")


def test_sending_the_same_twice_changes_nothing(cast, officer):
    first = write_records(officer, cast.brick, [row(cast, 1, "10"), row(cast, 2, "20")])
    again = write_records(officer, cast.brick, [row(cast, 1, "10.0"), row(cast, 2, "20")])
    assert (first.created, again.created, again.changed, again.unchanged) == (2, 0, 0, 2)
    assert RecordChange.objects.count() == 2


def test_a_change_keeps_what_was_and_where_it_came_from(cast, officer):
    write_records(officer, cast.brick, [row(cast, 1, "10")])
    write_records(
        officer, cast.brick, [row(cast, 1, "12", file_name="a.xlsx", sheet="Điện", cell="C7")], batch="b1"
    )
    change = RecordChange.objects.first()
    assert (change.before["quantity"], change.after["quantity"]) == ("10.000000", "12.000000")
    assert (change.file_name, change.sheet, change.cell, change.batch) == ("a.xlsx", "Điện", "C7", "b1")


def test_two_rows_for_one_month_in_a_single_call_are_refused_whole(cast, officer):
    with pytest.raises(ValueError, match="same month"):
        write_records(officer, cast.brick, [row(cast, 1, "10"), row(cast, 1, "11")])
    assert not Record.objects.exists()


def test_undoing_a_batch_restores_exactly_what_was(cast, officer):
    write_records(officer, cast.brick, [row(cast, 1, "10")])
    write_records(officer, cast.brick, [row(cast, 1, "99"), row(cast, 2, "20")], batch="b1")
    assert undo_batch(officer, "b1") == 2
    assert [(r.month, r.quantity) for r in cast.brick.records.all()] == [(1, Decimal("10.000000"))]
    assert undo_batch(officer, "b1") == 0


def test_an_undo_is_refused_whole_when_somebody_changed_a_record_since(cast, officer):
    write_records(officer, cast.brick, [row(cast, 1, "10"), row(cast, 2, "20")], batch="b1")
    write_records(officer, cast.brick, [row(cast, 2, "21")])
    with pytest.raises(UndoRefused):
        undo_batch(officer, "b1")


def test_the_rooms_above_are_told_which_years_changed(cast, officer):
    told = []

    def listen(sender, facility, years, **_kwargs):
        told.append((facility, years))

    records_changed.connect(listen)
    try:
        write_records(officer, cast.brick, [row(cast, 1, "10")])
        write_records(officer, cast.brick, [row(cast, 1, "10")])
        delete_record(officer, Record.objects.get())
    finally:
        records_changed.disconnect(listen)
    assert told == [(cast.brick, [2026]), (cast.brick, [2026])]


def test_a_deleted_record_stays_in_the_history(cast, officer):
    write_records(officer, cast.brick, [row(cast, 1, "10")])
    delete_record(officer, Record.objects.get())
    assert RecordChange.objects.first().before["quantity"] == "10.000000"


def test_undoing_a_batch_brings_back_what_it_removed_with_its_history(cast, officer):
    write_records(officer, cast.brick, [row(cast, 1, "10", source="invoice"), row(cast, 2, "20")], batch="b1")
    Record.objects.filter(month=1).update(evidence="evidence/2026/hoa-don.pdf")
    before = list(cast.brick.records.order_by("month").values("month", "quantity", "source", "evidence"))
    delete_record(officer, Record.objects.get(month=1), batch="b2")
    write_records(officer, cast.brick, [row(cast, 2, "21")], batch="b2")
    assert undo_batch(officer, "b2") == 2
    assert (
        list(cast.brick.records.order_by("month").values("month", "quantity", "source", "evidence")) == before
    )
    assert undo_batch(officer, "b1") == 2
    assert not Record.objects.exists()


def test_the_figure_of_a_batch_that_a_later_one_removed_is_not_undone_before_it(cast, officer):
    write_records(officer, cast.brick, [row(cast, 1, "10")], batch="b1")
    delete_record(officer, Record.objects.get(), batch="b2")
    with pytest.raises(UndoRefused):
        undo_batch(officer, "b1")
    undo_batch(officer, "b2")
    assert undo_batch(officer, "b1") == 1
    assert not Record.objects.exists()


def test_a_removed_record_whose_place_was_taken_since_is_not_brought_back(cast, officer):
    write_records(officer, cast.brick, [row(cast, 1, "10")])
    delete_record(officer, Record.objects.get(), batch="b1")
    write_records(officer, cast.brick, [row(cast, 1, "11")])
    with pytest.raises(UndoRefused, match="LS-0001 01/2026"):
        undo_batch(officer, "b1")
    assert Record.objects.get().quantity == 11


def test_what_a_batch_made_and_a_person_deleted_does_not_stand_in_the_way_of_an_undo(cast, officer):
    write_records(officer, cast.brick, [row(cast, 1, "10"), row(cast, 2, "20")], batch="b1")
    delete_record(officer, Record.objects.get(month=1))
    assert undo_batch(officer, "b1") == 2
    assert not Record.objects.exists()


def test_what_can_be_typed_in_is_named_with_its_unit_as_people_write_it(cast):
    from sachhon.apps.registry.queries.records import item_choices

    names = [name for _code, name in item_choices(cast.brick, everything=True)]
    assert any(name.endswith("(tấn hơi)") for name in names)
    assert not any("t_steam" in name or "k_Nm3" in name for name in names)
