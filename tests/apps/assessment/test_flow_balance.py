"""A flow-sheet balanced through the services: what is found, what is suspected, what is told."""

import pytest
from django.utils import translation
from tests.apps.assessment.flow_making import add, brickworks, measure, opened

from sachhon.apps.assessment.models import Measurement
from sachhon.apps.assessment.queries.flow import flow_page
from sachhon.apps.assessment.services.errors import FieldsWrong
from sachhon.apps.assessment.services.flow.balance import balance
from sachhon.apps.assessment.services.flow.net import gather
from sachhon.apps.assessment.services.flow.problems import words
from sachhon.apps.assessment.services.flow.reconciling import figure_code, reconcile
from sachhon.apps.assessment.services.flow.secrets import keep_secret
from sachhon.apps.registry.models import Figure


def rules(found):
    return {p.rule for p in found.problems}


def test_a_brickworks_closes_and_each_figure_tells_where_it_is_from(cast):
    assessment, streams = brickworks(cast)
    content = reconcile(cast.user("expert"), assessment).content
    flows = {key: content["streams"][s.code]["value"] for key, s in streams.items()}
    assert flows["clay"] + flows["water"] + flows["cracked"] == pytest.approx(flows["wet"])
    assert flows["wet"] == pytest.approx(flows["dry"] + flows["cracked"] + flows["vapour"])
    assert content["streams"][streams["vapour"].code]["status"] == "observable"
    assert content["advice"] == []
    figure = Figure.objects.get(code=figure_code(assessment.pk, streams["vapour"].code))
    assert float(figure.value) == pytest.approx(flows["vapour"])
    assert figure.low < figure.value < figure.high


def test_what_cannot_be_known_names_the_measurement_that_would_tell(cast):
    assessment, streams = brickworks(cast)
    ash = add(cast.user("expert"), assessment, "stream", name="Tro", source="Nung", kind="waste")
    found = balance(gather(assessment))
    assert found.layers["goods"][ash.code].status == "unobservable"
    ((measured, tells),) = found.advice
    assert {measured, *tells} == {ash.code, streams["gas"].code}


def test_a_meter_that_reads_wrong_is_named_with_its_size(cast):
    actor, assessment = cast.user("expert"), opened(cast)
    for n in ("Nghiền", "Sàng", "Bao"):
        add(actor, assessment, "process", name=n)
    ends = [("", "P1"), ("P1", "P2"), ("P2", "P3"), ("P3", "")]
    streams = [
        add(actor, assessment, "stream", name=f"Đá {i}", source=s, target=t) for i, (s, t) in enumerate(ends)
    ]
    for stream, value in zip(streams, ("1.000", "1.000", "1.300", "1.000"), strict=True):
        measure(actor, assessment, stream, value, spread="10", spread_kind="abs")
    (first, *_rest) = balance(gather(assessment)).suspicions
    assert (first.kind, first.at) == ("meter", streams[2].code)
    assert first.size == pytest.approx(300, rel=0.01)


def test_exact_values_that_contradict_each_other_are_told_in_words(cast):
    actor, assessment = cast.user("expert"), opened(cast)
    add(actor, assessment, "process", name="Cắt")
    one = add(actor, assessment, "stream", name="Thép", target="P1")
    two = add(actor, assessment, "stream", name="Chi tiết", source="P1", use="product")
    measure(actor, assessment, one, "100", spread="0")
    measure(actor, assessment, two, "90", spread="0")
    kept = reconcile(actor, assessment)
    assert {p["rule"] for p in kept.content["problems"]} == {"contradiction"}
    assert kept.content["streams"] == {}


def test_an_end_that_was_lost_no_production_and_mixed_months_are_told(cast):
    assessment, streams = brickworks(cast)
    actor = cast.user("expert")
    measure(actor, assessment, streams["gas"], "10", period="03/2025")
    assert "mixed_periods" in rules(balance(gather(assessment)))
    empty = opened(cast, cast.quarry)
    centre = cast.user("centre")
    add(centre, empty, "process", name="Sàng")
    stone = add(centre, empty, "stream", name="Đá", source="P1", kind="material", use="product")
    add(centre, empty, "stream", name="Đá hộc", target="P1")
    assert "nothing_measured" in rules(balance(gather(empty)))
    measure(centre, empty, stone, "0", spread_kind="abs", spread="0,1")
    assert "no_production" in rules(balance(gather(empty)))
    from tests.apps.assessment.test_flow_editing import amend

    from sachhon.apps.assessment.models import Process

    amend(centre, empty, Process.objects.get(assessment=empty), removed=True)
    assert "lost_end" in rules(balance(gather(empty)))


def test_energy_is_balanced_apart_and_units_are_mixed(cast):
    actor, assessment = cast.user("expert"), opened(cast)
    add(actor, assessment, "process", name="Lò hơi")
    coal = add(
        actor,
        assessment,
        "stream",
        name="Than",
        target="P1",
        kind="energy",
        resource="coal_cam_5_6",
        unit="GJ",
    )
    steam = add(
        actor, assessment, "stream", name="Hơi", source="P1", kind="energy", unit="MWh", use="product"
    )
    loss = add(
        actor, assessment, "stream", name="Tổn thất", source="P1", kind="energy", unit="GJ", use="loss"
    )
    measure(actor, assessment, coal, "100", unit="tấn")
    measure(actor, assessment, steam, "400.000", unit="kWh")
    found = balance(gather(assessment)).layers["energy"]
    assert found[steam.code].value == pytest.approx(1440)
    assert found[loss.code].value == pytest.approx(found[coal.code].value - 1440)


def test_months_add_up_and_contents_tie_the_layers_together(cast):
    actor, assessment = cast.user("expert"), opened(cast)
    add(actor, assessment, "process", name="Sấy")
    water = add(actor, assessment, "layer", name="Ẩm")
    wet = add(actor, assessment, "stream", name="Chè tươi", target="P1", layers=water.code)
    dry = add(actor, assessment, "stream", name="Chè khô", source="P1", layers=water.code)
    vapour = add(actor, assessment, "stream", name="Hơi ẩm", source="P1", kind="waste", layers=water.code)
    for stream, content in ((wet, "78"), (dry, "5"), (vapour, "100")):
        measure(
            actor,
            assessment,
            stream,
            content,
            unit="%",
            layer=water.code,
            what="content",
            spread="0" if stream is vapour else "1",
        )
    measure(actor, assessment, wet, "1.000")
    found = balance(gather(assessment))
    assert found.layers["goods"][dry.code].value == pytest.approx(1000 * 0.22 / 0.95, rel=1e-3)
    assert found.layers[water.code][vapour.code].value == pytest.approx(1000 - 1000 * 0.22 / 0.95, rel=1e-3)


def test_a_confidential_quantity_has_no_figure_open_to_the_province(cast):
    assessment, streams = brickworks(cast)
    keep_secret(cast.user("factory"), streams["coal"], price=True, quantity=True)
    reconcile(cast.user("expert"), assessment)
    assert not Figure.objects.filter(code=figure_code(assessment.pk, streams["coal"].code)).exists()
    assert Figure.objects.filter(code=figure_code(assessment.pk, streams["brick"].code)).exists()


def test_a_quantity_marked_after_the_balance_is_closed_at_once(cast):
    assessment, streams = brickworks(cast)
    reconcile(cast.user("expert"), assessment)
    coal = figure_code(assessment.pk, streams["coal"].code)
    assert Figure.objects.filter(code=coal).exists()
    keep_secret(cast.user("factory"), streams["coal"], price=False, quantity=True)
    assert not Figure.objects.filter(code=coal).exists()


def test_a_meter_off_in_three_months_is_one_line_to_look_at(cast):
    actor, assessment = cast.user("expert"), opened(cast)
    for n in ("Nghiền", "Sàng", "Bao"):
        add(actor, assessment, "process", name=n)
    ends = [("", "P1"), ("P1", "P2"), ("P2", "P3"), ("P3", "")]
    streams = [
        add(actor, assessment, "stream", name=f"Đá {i}", source=s, target=t) for i, (s, t) in enumerate(ends)
    ]
    for month, off in (("01/2025", "1.300"), ("02/2025", "1.250"), ("03/2025", "700")):
        for stream, value in zip(streams, ("1.000", "1.000", off, "1.000"), strict=True):
            measure(actor, assessment, stream, value, spread="10", spread_kind="abs", period=month)
    found = balance(gather(assessment))
    assert len(found.suspicions) == 3
    assert {(s.at, bool(s.period)) for s in found.suspicions} == {(streams[2].code, True)}
    with translation.override("en"):
        page = flow_page(actor, assessment)
        (line,) = page.suspicions
    assert line.startswith("Check the meter of “Đá 2”: ")
    assert line.count("too high by") == 2
    assert line.count("too low by") == 1
    with translation.override("vi"):
        (line,) = flow_page(actor, assessment).suspicions
    assert line.startswith("Kiểm tra đồng hồ của “Đá 2”: ")
    assert line.index("chỉ cao hơn") < line.index("chỉ thấp hơn")


@pytest.mark.parametrize("spread_kind", ["pct", "class"])
def test_a_reading_of_nothing_is_no_exact_one_because_its_uncertainty_is_a_share_of_it(cast, spread_kind):
    assessment, streams = brickworks(cast)
    actor, gas = cast.user("expert"), streams["gas"]
    with pytest.raises(FieldsWrong, match="theo đơn vị đo"):
        measure(actor, assessment, gas, "0", spread_kind=spread_kind)
    before = balance(gather(assessment)).layers["goods"][gas.code].value
    row = measure(actor, assessment, gas, "0", spread_kind="abs", spread="500")
    there = balance(gather(assessment)).layers["goods"][gas.code].value
    assert 0 < there < before  # 0 ± 500 is weighed against the rest
    Measurement.objects.filter(pk=row.pk).update(spread_kind=spread_kind, spread=2)  # as one stored before
    found = balance(gather(assessment))
    assert "zero_percent" in rules(found)
    assert found.layers["goods"][gas.code].value == pytest.approx(before)
    told, cure = words({"rule": "zero_percent", "params": {"code": row.code}}, "vi")
    assert row.code in told
    assert "theo đơn vị đo" in cure


def test_a_reading_of_nothing_that_is_exact_on_purpose_or_out_of_the_books_stays(cast):
    assessment, streams = brickworks(cast)
    row = measure(cast.user("expert"), assessment, streams["gas"], "0", spread="0")
    assert row.value == 0
    assert "zero_percent" not in rules(balance(gather(assessment)))
