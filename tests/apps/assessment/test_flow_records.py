"""From the meter to the balance without a break: measurements taken from monthly records know them, and stay true."""

from decimal import Decimal

import pytest
from tests.apps.assessment.flow_making import add, measure, opened

from sachhon.apps.assessment.models import Measurement
from sachhon.apps.assessment.queries.flow import flow_page, measurements
from sachhon.apps.assessment.queries.flow_records import links, series
from sachhon.apps.assessment.services.flow.editing import Edit, change, undo
from sachhon.apps.assessment.services.flow.from_records import TakingRefused, Wanted, take
from sachhon.apps.assessment.services.flow.net import gather
from sachhon.apps.assessment.services.flow.reconciling import figure_code, reconcile
from sachhon.apps.assessment.services.flow.transfer import as_workbook, rows_of, take_in
from sachhon.apps.registry.models import Figure, Product, Record, Resource
from sachhon.apps.registry.services.records import RecordRow, delete_record, write_records

COAL = "consumption|coal_cam_5_6|"


def coal():
    return Resource.objects.get(code="coal_cam_5_6")


def burnt(cast, month: int, tonnes: str, source: str = "meter", **values):
    """One month of coal at the brick works."""
    row = RecordRow(2025, month, "consumption", Decimal(tonnes), resource=coal(), source=source, **values)
    write_records(cast.user("centre"), cast.brick, [row])
    return Record.objects.get(facility=cast.brick, year=2025, month=month, resource=coal(), meter=row.meter)


@pytest.fixture
def kiln(cast):
    """A kiln with coal going in, and eleven months of coal in the records: 10, 11 … 20 t."""
    actor, a = cast.user("expert"), opened(cast)
    fire = add(actor, a, "process", name="Nung")
    stream = add(actor, a, "stream", name="Than cám", target=fire.code)
    for month in range(1, 12):
        burnt(cast, month, str(9 + month), "estimate" if month > 10 else "meter")
    return a, stream


def taken(cast, kiln, **values):
    a, stream = kiln
    return take(cast.user("expert"), a, [Wanted(COAL, stream.pk)], **({"monthly": False} | values))


def shown(cast, a):
    rows = list(measurements(cast.user("expert"), a))
    return links(cast.user("expert"), a, rows)


def test_the_period_is_one_sum_in_the_unit_of_the_records_with_the_uncertainty_of_their_sources(cast, kiln):
    a, stream = kiln
    taken(cast, kiln)
    (m,) = Measurement.objects.filter(assessment=a)
    assert (m.value, m.unit, m.source, m.period) == (Decimal(165), "t", "meter", "")
    # 145 t by meter (2 %), 20 t estimated (15 %): one meter's errors add up
    assert m.spread == Decimal("3.6")
    stream.refresh_from_db()
    assert stream.resource == coal()
    assert gather(a).known[0].value == pytest.approx(165)


def test_what_lies_outside_the_period_is_left_out_and_a_month_without_record_is_named(cast, kiln):
    a, _stream = kiln
    row = RecordRow(2024, 12, "consumption", Decimal(99), resource=coal())
    write_records(cast.user("centre"), cast.brick, [row])
    (found,) = series(cast.user("expert"), a)
    assert found.total == Decimal(165)
    assert found.missing == ("2025-12",)


def test_taken_month_by_month_each_is_a_measurement_of_its_own_and_taken_twice_it_is_renewed(cast, kiln):
    a, _stream = kiln
    taken(cast, kiln)
    taken(cast, kiln, monthly=True)
    rows = Measurement.objects.filter(assessment=a, removed=False)
    assert {m.period: m.value for m in rows}["2025-03"] == Decimal(12)
    assert len(rows) == 11  # the sum of the period is gone: both together would count twice
    taken(cast, kiln, monthly=True)
    assert Measurement.objects.filter(assessment=a, removed=False).count() == 11


def test_a_record_corrected_late_or_deleted_is_told_at_the_measurement_and_on_the_flow_sheet(cast, kiln):
    a, _stream = kiln
    taken(cast, kiln)
    (m,) = Measurement.objects.filter(assessment=a)
    assert shown(cast, a)[m.pk].changed == ()
    march = burnt(cast, 3, "30")
    burnt(cast, 12, "21")
    link = shown(cast, a)[m.pk]
    assert link.changed == ("2025-03", "2025-12")
    assert link.total == Decimal(165 - 12 + 30 + 21)
    told = [what for _l, place, what, _c in flow_page(cast.user("expert"), a).problems if place == m.code]
    assert any("03/2025, 12/2025" in what for what in told)
    delete_record(cast.user("centre"), march)
    assert shown(cast, a)[m.pk].total == Decimal(165 - 12 + 21)
    taken(cast, kiln)
    m.refresh_from_db()
    assert m.value == Decimal(165 - 12 + 21)
    assert shown(cast, a)[m.pk].changed == ()


def test_the_reconciled_figure_opens_to_the_records_until_somebody_types_over_the_sum(cast, kiln):
    a, stream = kiln
    actor = cast.user("expert")
    taken(cast, kiln)
    out = add(actor, a, "stream", name="Tro và khói", source=stream.target.code, use="loss")
    measure(actor, a, out, "160")
    reconcile(actor, a)
    figure = Figure.objects.get(code=figure_code(a.pk, stream.code))
    assert figure.records["count"] == 11
    assert set(figure.records["ids"]) == set(Record.objects.filter(year=2025).values_list("pk", flat=True))
    m = Measurement.objects.get(stream=stream)
    change(actor, a, [Edit("measurement", {"value": "166"}, m.pk, m.version)])
    assert shown(cast, a)[m.pk].typed_over
    reconcile(actor, a)
    assert Figure.objects.get(code=figure_code(a.pk, stream.code)).records == {}
    undo(actor, a)
    assert not shown(cast, a)[m.pk].typed_over


def test_records_of_another_resource_or_in_pieces_are_refused_with_the_cure(cast, kiln):
    a, stream = kiln
    actor = cast.user("expert")
    change(actor, a, [Edit("stream", {"resource": "electricity"}, stream.pk, stream.version)])
    with pytest.raises(TakingRefused, match="chọn dòng khác"):
        taken(cast, kiln)
    product = Product.objects.create(facility=cast.brick, name="Gạch", unit="k_vien")
    write_records(
        cast.user("centre"), cast.brick, [RecordRow(2025, 1, "output", Decimal(500), product=product)]
    )
    brick = add(actor, a, "stream", name="Gạch", source=stream.target.code, use="product")
    with pytest.raises(TakingRefused, match="Không đổi được"):
        take(actor, a, [Wanted(f"output|product-{product.pk}|", brick.pk)], monthly=False)
    assert not Measurement.objects.filter(assessment=a).exists()


def test_what_is_counted_becomes_a_mass_by_the_weight_of_a_piece_and_stays_tied(cast, kiln, client):
    a, stream = kiln
    actor = cast.user("expert")
    product = Product.objects.create(facility=cast.brick, name="Gạch 2 lỗ", unit="k_vien")
    write_records(
        cast.user("centre"),
        cast.brick,
        [RecordRow(2025, m, "output", Decimal(100), product=product) for m in (1, 2)],
    )
    key = f"output|product-{product.pk}|"
    brick = add(actor, a, "stream", name="Gạch", source=stream.target.code, use="product")
    take(actor, a, [Wanted(key, brick.pk, "1,6")], monthly=False)
    m = Measurement.objects.get(stream=brick)
    assert (m.value, m.unit) == (Decimal(320_000), "kg")  # 200 thousand bricks of 1.6 kg
    assert next(k.value for k in gather(a).known if k.stream == brick.code) == pytest.approx(320)
    assert not shown(cast, a)[m.pk].typed_over
    write_records(
        cast.user("centre"), cast.brick, [RecordRow(2025, 2, "output", Decimal(150), product=product)]
    )
    link = shown(cast, a)[m.pk]
    assert (link.changed, link.piece_kg) == (("2025-02",), "1,6")
    client.force_login(actor)
    base = f"/danh-gia/{a.pk}/dong/so-do/"
    assert f'name="kg:{key}" value="1,6"' in client.get(base).text
    client.post(base + "tu-so-lieu/", {"by": "whole", f"stream:{key}": brick.pk, f"kg:{key}": "1,6"})
    m.refresh_from_db()
    assert m.value == Decimal(400_000)
    with pytest.raises(TakingRefused, match="kilôgam"):
        take(actor, a, [Wanted(key, brick.pk, "nặng")], monthly=False)


def test_the_link_does_not_travel_to_another_flow_sheet_but_the_value_does(cast, kiln):
    a, stream = kiln
    taken(cast, kiln)
    (row,) = rows_of(cast.user("expert"), a)["measurement"]
    assert "records" not in row
    content = as_workbook(cast.user("expert"), a)
    take_in(cast.user("expert"), a, "x.xlsx", content)
    assert Measurement.objects.get(stream=stream).records  # the same rows come back: nothing changed


def test_the_pages_offer_take_and_take_again(cast, kiln, client):
    a, stream = kiln
    client.force_login(cast.user("expert"))
    address = f"/danh-gia/{a.pk}/dong/so-do/tu-so-lieu/"
    page = client.get(address).text
    assert "thiếu 12/2025" in page
    assert client.post(address, {"by": "whole"}).status_code == 422
    answer = client.post(address, {"by": "whole", f"stream:{COAL}": stream.pk}, follow=True)
    assert "từ 11 số liệu tháng" in answer.text
    burnt(cast, 3, "30")
    page = client.get(f"/danh-gia/{a.pk}/dong/so-do/").text
    assert "Lấy lại" in page
    again = client.post(address, {"by": "whole", f"stream:{COAL}": stream.pk}, follow=True)
    assert "Lấy lại" not in again.text
    assert Measurement.objects.get(stream=stream).value == Decimal(183)


def test_an_officer_who_may_not_edit_sees_the_link_and_no_button(cast, kiln, client):
    a, _stream = kiln
    taken(cast, kiln)
    burnt(cast, 3, "30")
    client.force_login(cast.user("department"))
    page = client.get(f"/danh-gia/{a.pk}/dong/so-do/").text
    assert "từ 11 số liệu tháng" in page
    assert "Lấy lại" not in page
    assert client.get(f"/danh-gia/{a.pk}/dong/so-do/tu-so-lieu/").status_code == 403
