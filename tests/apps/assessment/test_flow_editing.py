"""Editing a flow-sheet: what two people change is merged field by field, and an act is undone as a whole."""

from decimal import Decimal

import pytest
from tests.apps.assessment.flow_making import add, brickworks, measure, opened

from sachhon.apps.assessment.models import FlowChange, Process, Stream
from sachhon.apps.assessment.services import opening
from sachhon.apps.assessment.services.errors import AssessmentError, FieldsWrong, NotYours
from sachhon.apps.assessment.services.flow.editing import Edit, change, redo, undo
from sachhon.apps.assessment.services.flow.secrets import MARK, keep_secret
from sachhon.apps.people.models import AuditEntry


def amend(actor, assessment, row, version=None, **values):
    kind = type(row)._meta.model_name
    return change(actor, assessment, [Edit(kind, values, row.pk, version or row.version)])


@pytest.fixture
def flow(cast):
    assessment = opened(cast)
    kiln = add(cast.user("expert"), assessment, "process", name="Lò nung")
    coal = add(cast.user("expert"), assessment, "stream", name="Than", target="P1", unit="tấn")
    return assessment, kiln, coal


def test_changes_of_different_fields_of_one_row_are_merged(cast, flow):
    assessment, _kiln, coal = flow
    one = amend(cast.user("expert"), assessment, coal, name="Than cám 5")
    two = amend(cast.user("centre"), assessment, coal, version=coal.version, price="2.150.000")
    assert one.conflicts == two.conflicts == []
    coal.refresh_from_db()
    assert (coal.name, coal.price, coal.version) == ("Than cám 5", Decimal(2150000), 3)


def test_a_field_that_both_changed_keeps_the_first_and_shows_both(cast, flow):
    assessment, _kiln, coal = flow
    amend(cast.user("expert"), assessment, coal, name="Than cám 5")
    late = amend(cast.user("centre"), assessment, coal, version=1, name="Than cục", unit="kg")
    coal.refresh_from_db()
    assert (coal.name, coal.unit) == ("Than cám 5", "kg")
    (conflict,) = late.conflicts
    assert (conflict.field, conflict.mine, conflict.theirs) == ("name", "Than cục", "Than cám 5")
    assert conflict.by == cast.user("expert").display_name()
    mine = amend(cast.user("centre"), assessment, coal, version=coal.version, name="Than cục")
    assert mine.conflicts == []
    coal.refresh_from_db()
    assert coal.name == "Than cục"


def test_the_same_change_by_two_people_is_no_conflict(cast, flow):
    assessment, _kiln, coal = flow
    amend(cast.user("expert"), assessment, coal, name="Than cám 5")
    assert amend(cast.user("centre"), assessment, coal, version=1, name="Than cám 5").conflicts == []


def test_an_act_is_undone_as_a_whole_and_done_again(cast, flow):
    assessment, kiln, coal = flow
    expert = cast.user("expert")
    change(
        expert,
        assessment,
        [
            Edit("process", {"name": "Lò tuynel"}, kiln.pk, 1),
            Edit("stream", {"name": "Than cám"}, coal.pk, 1),
        ],
    )
    undo(expert, assessment)
    assert (Process.objects.get().name, Stream.objects.get().name) == ("Lò nung", "Than")
    redo(expert, assessment)
    assert (Process.objects.get().name, Stream.objects.get().name) == ("Lò tuynel", "Than cám")
    undo(expert, assessment)
    undo(expert, assessment)
    assert Stream.objects.get().removed
    amend(expert, assessment, kiln, version=9, name="Lò đứng")
    with pytest.raises(AssessmentError):
        redo(expert, assessment)


def test_an_undo_leaves_what_somebody_else_changed_since(cast, flow):
    assessment, _kiln, coal = flow
    expert = cast.user("expert")
    amend(expert, assessment, coal, name="Than cám", unit="kg")
    coal.refresh_from_db()
    amend(cast.user("centre"), assessment, coal, name="Than Mạo Khê")
    undo(expert, assessment)
    coal.refresh_from_db()
    assert (coal.name, coal.unit) == ("Than Mạo Khê", "t")


def test_what_is_wrong_is_said_field_by_field_and_nothing_is_stored(cast, flow):
    assessment, _kiln, coal = flow
    before = FlowChange.objects.count()
    with pytest.raises(FieldsWrong) as wrong:
        amend(cast.user("expert"), assessment, coal, name="", price="abc", unit="xyz")
    assert set(wrong.value.fields) == {"name", "price", "unit"}
    for values in ({"source": "P1"}, {"target": ""}):
        with pytest.raises(FieldsWrong):
            amend(cast.user("expert"), assessment, coal, **values)
    assert FlowChange.objects.count() == before
    coal.refresh_from_db()
    assert coal.version == 1


def test_a_process_does_not_lie_inside_itself(cast, flow):
    assessment, kiln, _coal = flow
    inner = add(cast.user("expert"), assessment, "process", name="Buồng đốt", parent=kiln.code)
    with pytest.raises(FieldsWrong):
        amend(cast.user("expert"), assessment, kiln, parent=inner.code)


def test_units_are_refused_with_the_cure_where_they_say_nothing(cast, flow):
    assessment, _kiln, coal = flow
    with pytest.raises(FieldsWrong):
        measure(cast.user("expert"), assessment, coal, "12", unit="kWh")
    with pytest.raises(FieldsWrong):
        measure(cast.user("expert"), assessment, coal, "-3")
    assert measure(cast.user("expert"), assessment, coal, "1.234,5", unit="kg").value == Decimal("1234.5")


def test_a_person_taken_off_the_team_stores_nothing_more(cast, flow):
    assessment, _kiln, coal = flow
    opening.remove_member(cast.user("centre"), assessment.members.get(user=cast.user("expert")))
    with pytest.raises(NotYours):
        amend(cast.user("expert"), assessment, coal, name="Than khác")


def test_the_history_does_not_hold_what_is_confidential(cast, flow):
    assessment, _kiln, coal = flow
    keep_secret(cast.user("factory"), coal, price=True, quantity=True)
    coal.refresh_from_db()
    amend(cast.user("expert"), assessment, coal, price="2.150.000")
    measure(cast.user("expert"), assessment, coal, "777")
    told = str(list(AuditEntry.objects.filter(verb="flow.change").values_list("after", flat=True)))
    assert MARK in told
    assert "2150000" not in told
    assert "777" not in told


def test_codes_count_on_and_a_removed_row_keeps_its_own(cast):
    assessment, streams = brickworks(cast)
    amend(cast.user("expert"), assessment, streams["gas"], removed=True)
    assert add(cast.user("expert"), assessment, "stream", name="Tro", source="Nung").code == "S11"
