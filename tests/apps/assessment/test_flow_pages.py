"""The pages of a flow-sheet: table and canvas change the same rows; files go out and come in; secrets stay closed."""

import io
import json

import pytest
from openpyxl import load_workbook
from tests.apps.assessment.flow_making import add, brickworks, measure, opened

from sachhon.apps.assessment.models import Measurement, Process, Reconciliation, Stream
from sachhon.apps.assessment.queries.streams import losses
from sachhon.apps.assessment.services.flow import costs as costing
from sachhon.apps.assessment.services.flow.reconciling import reconcile
from sachhon.apps.assessment.services.flow.secrets import keep_secret


@pytest.fixture
def flow(cast, client):
    """The brickworks, the expert at the browser, and the address of its flow-sheet."""
    assessment, streams = brickworks(cast)
    client.force_login(cast.user("expert"))
    return assessment, streams, f"/danh-gia/{assessment.pk}/dong/"


def test_a_row_is_added_changed_and_taken_away_without_script(flow, client):
    _assessment, _streams, base = flow
    page = client.post(f"{base}them/process/", {"name": "Phân loại"}, follow=True)
    assert "Phân loại" in page.text
    row = Process.objects.get(name="Phân loại")
    form = client.get(f"{base}sua/process/{row.pk}/")
    assert 'name="version" value="1"' in form.text
    client.post(
        f"{base}sua/process/{row.pk}/", {"version": 1, "name": "Phân loại ra lò", "system_vnd": "12.500.000"}
    )
    row.refresh_from_db()
    assert (row.name, row.system_vnd) == ("Phân loại ra lò", 12_500_000)
    client.post(f"{base}bo/process/{row.pk}/")
    assert "Phân loại ra lò" not in client.get(base).text
    client.post(f"{base}hoan-tac/")
    assert "Phân loại ra lò" in client.get(base).text
    client.post(f"{base}lam-lai/")
    assert "Phân loại ra lò" not in client.get(base).text


def test_a_form_sent_over_a_newer_version_shows_both_and_keeps_the_rest(flow, client, cast):
    _assessment, streams, base = flow
    coal = streams["coal"]
    seen = {
        "version": 1,
        "name": "Than cám 6",
        "target": coal.target_id,
        "kind": "material",
        "use": "input",
        "unit": "tấn",
    }
    client.force_login(cast.user("centre"))
    client.post(f"{base}sua/stream/{coal.pk}/", seen | {"price": "2.300.000"})
    client.force_login(cast.user("expert"))
    page = client.post(f"{base}sua/stream/{coal.pk}/", seen | {"name": "Than cục", "note": "Kho số 2"})
    assert "Than cám 6" in page.text
    assert "Than cục" in page.text
    coal.refresh_from_db()
    assert (coal.name, coal.price, coal.note) == ("Than cám 6", 2_300_000, "Kho số 2")
    client.post(
        f"{base}sua/stream/{coal.pk}/",
        seen | {"version": coal.version, "name": "Than cục", "price": "2.300.000", "note": "Kho số 2"},
    )
    coal.refresh_from_db()
    assert coal.name == "Than cục"


def test_the_canvas_sends_acts_and_hears_of_others(flow, client, cast):
    _assessment, streams, base = flow
    seq = json.loads(
        client.get(base).text.split('id="flow-data" type="application/json">')[1].split("</script>")[0]
    )["seq"]
    assert client.get(f"{base}moi/?after={seq}").status_code == 204
    firing = Process.objects.get(name="Nung")
    client.force_login(cast.user("centre"))
    edits = [{"kind": "process", "row": firing.pk, "version": 1, "values": {"x": 300, "y": 40.5}}]
    answer = client.post(f"{base}doi/", json.dumps({"edits": edits}), content_type="application/json")
    assert answer.json()["rows"][0]["version"] == 2
    client.force_login(cast.user("expert"))
    news = client.get(f"{base}moi/?after={seq}").json()
    assert news["by"] == [cast.user("centre").display_name()]
    assert next(p for p in news["processes"] if p["id"] == firing.pk)["x"] == 300
    for broken in ("{}", "[1]", json.dumps({"edits": [{"kind": "user", "values": {}}]})):
        assert client.post(f"{base}doi/", broken, content_type="application/json").status_code == 400
    bad = [{"kind": "stream", "row": streams["coal"].pk, "version": 1, "values": {"name": ""}}]
    assert (
        client.post(f"{base}doi/", json.dumps({"edits": bad}), content_type="application/json").status_code
        == 422
    )


def test_measurements_are_pasted_as_excel_gives_them(flow, client):
    _assessment, _streams, base = flow
    rows = (
        "Dòng\tĐVT\tGiá trị\tSai số\nKhói và mất khi nung\tkg\t1.050.000,5\t±20.000\n"
        "S4\ttấn\t1.790\t3%\nĐất sét\ttạ\t100.100\tcấp 1\n"
    )
    client.post(f"{base}dan/", {"rows": rows})
    smoke = Measurement.objects.get(stream__name="Khói và mất khi nung")
    assert (float(smoke.value), smoke.unit, smoke.spread_kind, float(smoke.spread)) == (
        1_050_000.5,
        "kg",
        "abs",
        20_000,
    )
    assert Measurement.objects.get(value=100_100).spread_kind == "class"
    count = Measurement.objects.count()
    refused = client.post(
        f"{base}dan/", {"rows": "Đất sét\t12\tkWh\t1\nKhông có\t5\ttấn\t1\nS4\tabc\ttấn\t1\n"}
    )
    assert refused.status_code == 422
    for words in ("Hàng thứ 1", "Hàng thứ 2", "Hàng thứ 3", "kWh", "Không có", "abc"):
        assert words in refused.text
    assert Measurement.objects.count() == count


@pytest.mark.parametrize("kind", ["json", "xlsx"])
def test_a_sheet_that_went_out_comes_in_again_the_same(flow, client, cast, kind):
    assessment, _streams, base = flow
    sent = client.get(f"{base}xuat.{kind}").content
    other = opened(cast)
    file = io.BytesIO(sent)
    file.name = f"so-do.{kind}"
    page = client.post(f"/danh-gia/{other.pk}/dong/nhap/", {"file": file}, follow=True)
    assert page.status_code == 200

    def facts(a):
        return sorted(
            Stream.objects.filter(assessment=a).values_list(
                "code", "name", "source__name", "target__name", "use", "unit"
            ),
            key=str,
        )

    assert facts(other) == facts(assessment)
    values = Measurement.objects.filter(assessment=other).values_list("stream__name", "value", "spread")
    assert set(values) == set(
        Measurement.objects.filter(assessment=assessment).values_list("stream__name", "value", "spread")
    )


def test_bad_cells_of_a_workbook_are_told_by_sheet_and_cell_and_nothing_is_taken(flow, client, cast):
    _assessment, _streams, base = flow
    book = load_workbook(io.BytesIO(client.get(f"{base}xuat.xlsx").content))
    sheet = next(s for s in book if s.title == "Số đo")
    head = next(r for r in range(1, 12) if any("Giá trị" in str(c.value) for c in sheet[r]))
    column = next(c.column for c in sheet[head] if c.value and "Giá trị" in str(c.value))
    sheet.cell(head + 1, column).value = "nhiều"
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    file.name = "so-do.xlsx"
    other = opened(cast)
    page = client.post(f"/danh-gia/{other.pk}/dong/nhap/", {"file": file})
    assert f"Số đo!{sheet.cell(head + 1, column).coordinate}" in page.text
    assert not Stream.objects.filter(assessment=other).exists()


def test_reconcile_and_every_page_of_results(flow, client, cast):
    assessment, streams, base = flow
    expert = cast.user("expert")
    add(
        expert, assessment, "stream", name="Điện", target="Tạo hình", kind="energy", unit="kWh", price="1.900"
    )
    measure(expert, assessment, Stream.objects.get(name="Điện"), "310.000", unit="kWh")
    page = client.post(f"{base}doi-chieu/", follow=True)
    assert "Đã đối chiếu" in page.text
    assert "S4" in page.text
    figure = f"flow:{assessment.pk}:{streams['vapour'].code}"
    assert client.get(f"/so-lieu/{figure}/").status_code in (200, 404)
    assert "<svg" in client.get(f"{base}sankey/mass/").text
    assert "<svg" in client.get(f"{base}sankey/energy/").text
    client.post(f"{base}chi-phi/")
    assert Reconciliation.objects.first().costs["paid"]["energy"][0] == pytest.approx(310_000 * 1900)
    assert "<svg" in client.get(f"{base}sankey/money/").text
    assert "Nung" in client.get(f"{base}chi-phi/").text
    assert "Tạo hình" in client.get(f"{base}nang-luong/").text
    add(expert, assessment, "cause", stream=streams["reject"].code, name="Nung không đều", branch="method")
    assert "Gạch phế" in client.get(f"{base}ton-that/").text
    assert "Nung không đều" in client.get(f"{base}ton-that/{streams['reject'].pk}/").text
    dearest = losses(expert, assessment)[0]
    assert dearest.cost_vnd is not None
    assert client.get(f"{base}xuat.svg").content.startswith(b"<svg")


def test_what_the_factory_keeps_to_itself_stays_closed_to_the_department(flow, client, cast):
    assessment, streams, base = flow
    coal = streams["coal"]
    client.post(
        f"{base}sua/stream/{coal.pk}/",
        {
            "version": 1,
            "name": "Than cám",
            "target": coal.target_id,
            "unit": "tấn",
            "kind": "material",
            "use": "input",
            "price": "2.345.678",
        },
    )
    costing.account(cast.user("expert"), assessment)
    client.force_login(cast.user("factory"))
    assert f'href="{base}bao-mat/{coal.pk}/"' in client.get(base).text  # found, not typed
    client.post(f"{base}bao-mat/{coal.pk}/", {"price": "on", "quantity": "on"})
    coal.refresh_from_db()
    assert coal.secret
    assert coal.price_secret
    keep_secret(cast.user("factory"), coal, price=True, quantity=True)
    for role in ("department", "leader"):
        client.force_login(cast.user(role))
        for path in (
            "",
            "so-do/",
            "can-bang/",
            "sankey/mass/",
            "sankey/money/",
            "chi-phi/",
            "nang-luong/",
            "ton-that/",
            "xuat.json",
            "xuat.svg",
        ):
            text = client.get(base + path).content.decode()
            assert "2345678" not in text.replace(".", ""), path
            assert "620" not in text.replace("&quot;", ""), path
        assert "bao-mat/" not in client.get(base).text
        assert client.post(f"{base}doi-chieu/").status_code == 403
        assert client.get(f"{base}bao-mat/{coal.pk}/").status_code == 403


def test_readings_that_no_balance_checks_are_not_said_to_agree(cast, client):
    actor, a = cast.user("expert"), opened(cast)
    kiln = add(actor, a, "process", name="Lò")
    add(actor, a, "stream", name="Than", target=kiln.code, kind="material", use="input")
    out = add(actor, a, "stream", name="Gạch", source=kiln.code, kind="material", use="product")
    measure(actor, a, out, "8.700")
    reconcile(actor, a)
    client.force_login(actor)
    agree = "Các số đo khớp với cân bằng."
    assert agree not in client.get(f"/danh-gia/{a.pk}/dong/can-bang/").text
    measure(actor, a, Stream.objects.get(assessment=a, name="Than"), "8.700")
    reconcile(actor, a)
    assert agree in client.get(f"/danh-gia/{a.pk}/dong/can-bang/").text
