"""What leaves the system is to be chosen, and not counted before; what was typed is kept and named in words."""

from decimal import Decimal

import pytest
from tests.apps.assessment.flow_making import add, brickworks, measure, opened

from sachhon.apps.assessment.models import Measurement, Stream
from sachhon.apps.assessment.queries.flow import flow_page
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.apps.assessment.services.flow import costs as costing
from sachhon.apps.assessment.services.flow.balance import balance
from sachhon.apps.assessment.services.flow.editing import Edit, change
from sachhon.apps.assessment.services.flow.net import gather
from sachhon.apps.assessment.services.flow.pasting import PasteRefused, paste


@pytest.fixture
def mixing(cast):
    """One process with what goes in, and a stream that leaves it, drawn without saying as what."""
    actor, a = cast.user("expert"), opened(cast)
    mix = add(actor, a, "process", name="Trộn")
    stream = add(actor, a, "stream", name="Xi măng", target=mix.code, price="1.200.000")
    out = add(actor, a, "stream", name="Vữa", source=mix.code)
    measure(actor, a, stream, "364,75")
    measure(actor, a, out, "364,75")
    return a, stream, out


def test_a_stream_that_leaves_is_no_product_until_somebody_says_so(cast, mixing):
    assessment, stream, out = mixing
    assert (stream.use, out.use) == (Stream.Use.INPUT, Stream.Use.OPEN)
    told = [
        what
        for _level, place, what, _cure in flow_page(cast.user("expert"), assessment).problems
        if place == out.code
    ]
    assert any("chưa chọn" in what for what in told)
    with pytest.raises(AssessmentError, match="Vữa"):
        costing.account(cast.user("expert"), assessment)
    change(cast.user("expert"), assessment, [Edit("stream", {"use": "product"}, out.pk, out.version)])
    kept = costing.account(cast.user("expert"), assessment)
    assert kept.costs["product"]["total"][0] == pytest.approx(364.75 * 1.2e6)


@pytest.mark.parametrize(("use", "lost"), [("emission", True), ("loss", True), ("byproduct", False)])
def test_each_way_out_is_counted_as_what_it_is(cast, mixing, use, lost):
    assessment, _stream, out = mixing
    change(cast.user("expert"), assessment, [Edit("stream", {"use": use}, out.pk, out.version)])
    costs = costing.account(cast.user("expert"), assessment).costs
    assert (costs["loss"]["total"][0] > 0) == lost
    assert (costs["product"]["total"][0] > 0) == (not lost)


def test_a_stream_led_on_to_a_process_is_between_processes_again(cast, mixing):
    assessment, _stream, out = mixing
    press = add(cast.user("expert"), assessment, "process", name="Ép")
    row = change(
        cast.user("expert"), assessment, [Edit("stream", {"target": press.code}, out.pk, out.version)]
    ).rows[0]
    assert row.use == Stream.Use.INTERNAL


def test_an_uncertainty_says_what_it_stands_for_and_stays_as_typed(cast, mixing):
    assessment, _stream, out = mixing
    Measurement.objects.filter(assessment=assessment).delete()
    rows = f"dòng\tgiá trị\tđơn vị\t± 95%\n{out.code}\t1.000\ttấn\t±2%\n"
    (row,) = paste(cast.user("expert"), assessment, rows).rows
    assert (row.spread, row.spread_kind, row.spread_at) == (Decimal(2), "pct", "95")
    assert gather(assessment).known[0].uncertainty == pytest.approx(20 / 1.96)
    assert balance(gather(assessment)).layers["goods"][out.code].uncertainty == pytest.approx(20 / 1.96)
    cells = f"{out.code}\t1.000\ttấn\t±2% (95%)\t\n{out.code}\t1.000\ttấn\t±2%\n"
    wide, usual = paste(cast.user("expert"), assessment, cells).rows
    assert (wide.spread, wide.spread_at) == (Decimal(2), "95")
    assert (usual.spread, usual.spread_at) == (Decimal(2), "sd")
    (head,) = paste(
        cast.user("expert"), assessment, f"dòng\tgiá trị\tđơn vị\tsai số (95%)\n{out.code}\t9\tt\t1\n"
    ).rows
    assert (head.spread_kind, head.spread_at) == ("abs", "95")


def test_what_is_wrong_with_a_pasted_row_names_the_column_as_the_page_does(cast, mixing):
    assessment, _stream, out = mixing
    with pytest.raises(PasteRefused) as refused:
        paste(cast.user("expert"), assessment, f"{out.code}\tmười\ttấn\t2%\n")
    assert {p.column for p in refused.value.problems} == {"giá trị"}


def test_a_collision_names_field_and_number_as_people_write_them(cast, client, mixing):
    assessment, _stream, out = mixing
    row = Measurement.objects.get(stream=out)
    change(cast.user("centre"), assessment, [Edit("measurement", {"value": "45.400"}, row.pk, row.version)])
    client.force_login(cast.user("expert"))
    address = f"/danh-gia/{assessment.pk}/dong/sua/measurement/{row.pk}/"
    text = client.post(address, {"version": row.version, "value": "45.300"}).text
    assert "giá trị: " in text
    assert "“45.400”" in text
    assert "value:" not in text


@pytest.mark.parametrize(
    "path", ["them/stream/", "them/process/", "bao-mat/{stream}/", "sua/stream/{stream}/"]
)
def test_a_form_opened_by_its_own_address_is_an_ordinary_form(cast, client, mixing, path):
    assessment, stream, _out = mixing
    client.force_login(cast.user("expert"))
    address = f"/danh-gia/{assessment.pk}/dong/" + path.format(stream=stream.pk)
    assert "hx-post" not in client.get(address).text
    assert "hx-post" in client.get(address, headers={"HX-Request": "true"}).text


def test_the_address_of_pasting_is_the_page_with_the_field(cast, client, mixing):
    client.force_login(cast.user("expert"))
    answer = client.get(f"/danh-gia/{mixing[0].pk}/dong/dan/", follow=True)
    assert answer.status_code == 200
    assert 'name="rows"' in answer.text


def test_the_labels_of_a_form_are_vietnamese(cast, client):
    assessment, streams = brickworks(cast)
    client.force_login(cast.user("expert"))
    for kind in ("process", "stream", "measurement", "cause"):
        text = client.get(f"/danh-gia/{assessment.pk}/dong/them/{kind}/").text
        for word in (">Parent", ">Source", ">Target", ">Resource", ">Stream", ">Because"):
            assert word not in text, (kind, word)
    assert streams
