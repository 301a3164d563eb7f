"""The flow-sheet in a browser: by hand, by keys, by two people at once; on a desktop and on a phone."""

from decimal import Decimal

import pytest
from django.test import Client
from playwright.sync_api import expect
from tests.apps.assessment.flow_making import brickworks
from tests.e2e.walking import until

from sachhon.apps.assessment.models import Measurement, Process, Reconciliation, StockLevel, Stream
from sachhon.apps.assessment.services.flow import costs as costing
from sachhon.apps.registry.models import Resource
from sachhon.apps.registry.services.records import RecordRow, write_records

from .conftest import DESKTOP, PHONE, fits

pytestmark = pytest.mark.django_db(transaction=True)
READY = "window.flowCanvas && window.flowCanvas.nodes().length > 0"
PAGES = (
    "",
    "so-do/",
    "so-do/tu-so-lieu/",
    "can-bang/",
    "sankey/mass/",
    "sankey/money/",
    "chi-phi/",
    "nang-luong/",
    "ton-that/",
    "nhap/",
)


@pytest.fixture
def flow(cast, login, page):
    """The brickworks open on the canvas, the expert before it."""
    assessment, streams = brickworks(cast)
    login("expert")
    base = f"/danh-gia/{assessment.pk}/dong/"
    page.set_viewport_size(DESKTOP)
    page.goto(base, timeout=60_000)  # the first page of a run loads the science
    until(page, READY)
    return assessment, streams, base


def test_a_process_is_added_named_undone_and_done_again_by_keys(page, flow):
    stage = page.locator("#flow-stage")
    stage.focus()
    page.keyboard.press("n")
    until(page, "flowCanvas.nodes('.process').length === 4")
    page.locator("#part-process_table", has_text="Công đoạn mới").wait_for()
    stage.focus()
    page.keyboard.press("Enter")
    name = page.locator("#panel input[name=name]")
    name.fill("Phân loại")
    page.locator("#panel button.btn-primary").click()
    until(page, "flowCanvas.nodes('.process').some(n => n.data('name') === 'Phân loại')")
    expect(page.locator("#flow-said")).to_contain_text("Đang chọn: Phân loại")  # by its new name, not the old
    assert Process.objects.filter(name="Phân loại").exists()
    stage.focus()
    page.keyboard.press("Control+z")
    until(page, "flowCanvas.nodes('.process').some(n => n.data('name') === 'Công đoạn mới')")
    page.keyboard.press("Control+z")
    until(page, "flowCanvas.nodes('.process').length === 3")
    page.keyboard.press("Control+y")
    until(page, "flowCanvas.nodes('.process').length === 4")


def test_a_process_dragged_by_hand_stays_where_it_was_put(page, flow):
    at = page.evaluate(
        "(() => { const p = flowCanvas.nodes('.process').last().renderedPosition(); return [p.x, p.y]; })()"
    )
    box = page.locator("#flow-stage").bounding_box()
    x, y = box["x"] + at[0], box["y"] + at[1]
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 40, steps=6)
    with page.expect_response(lambda r: r.url.endswith("/doi/")):
        page.mouse.up()
    page.wait_for_timeout(300)
    moved = Process.objects.order_by("pk").last()
    assert moved.x is not None
    assert moved.version == 2


def test_dragging_draws_what_is_dragged_and_not_the_whole_sheet(page, flow):
    at = page.evaluate(
        """(() => {
        const port = flowCanvas.nodes('.port').first();
        const node = port.connectedEdges().connectedNodes('.process').first();
        window.apart = () => [port.position('x') - node.position('x'), port.position('y') - node.position('y')];
        window.drawn = {};
        document.querySelectorAll('#flow-stage canvas').forEach(canvas => {
            const pen = canvas.getContext('2d');
            const clear = pen.clearRect;
            pen.clearRect = function (...all) {
                drawn[canvas.dataset.id] = (drawn[canvas.dataset.id] || 0) + 1;
                return clear.apply(this, all);
            };
        });
        const p = node.renderedPosition();
        return [p.x, p.y, ...apart()];
        })()"""
    )
    box = page.locator("#flow-stage").bounding_box()
    x, y = box["x"] + at[0], box["y"] + at[1]
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 10, y + 10)
    page.wait_for_timeout(300)
    page.evaluate("window.drawn = {}")
    for step in range(8):
        page.mouse.move(x + 10 + 5 * step, y + 10)
        page.wait_for_timeout(50)
    drawn = page.evaluate("drawn")
    assert drawn["layer1-drag"] >= 5
    assert drawn.get("layer2-node", 0) <= 1  # at most the answer of another expert in between
    assert page.evaluate("apart()") == pytest.approx(at[2:], abs=0.01)  # what enters and leaves rides along
    with page.expect_response(lambda r: r.url.endswith("/doi/")):
        page.mouse.up()
    page.wait_for_timeout(300)
    assert page.evaluate("drawn['layer2-node']") >= 1  # put down, it lies in the sheet again


def test_two_experts_see_each_other_and_a_refused_act_is_told(page, flow, cast):
    assessment, streams, base = flow
    client = Client()
    client.force_login(cast.user("centre"), backend="django.contrib.auth.backends.ModelBackend")
    coal = streams["coal"]
    values = {
        "version": 1,
        "name": "Than cám 6b",
        "target": coal.target_id,
        "kind": "material",
        "use": "input",
    }
    client.post(f"{base}sua/stream/{coal.pk}/", values | {"unit": "tấn"})
    until(page, "flowCanvas.nodes('.port').some(n => n.data('label').startsWith('Than cám 6b'))")
    page.locator("#flow-said", has_text=cast.user("centre").display_name()).wait_for()
    page.locator("#part-stream_table", has_text="Than cám 6b").wait_for()
    assessment.members.filter(user=cast.user("expert")).delete()
    page.locator("#flow-stage").focus()
    page.keyboard.press("n")
    page.locator("#flow-refused:not([hidden])").wait_for()
    assert Process.objects.count() == 3


def test_enter_opens_a_process_ready_to_type_and_a_stream_does_not_end_where_it_starts(page, flow):
    stage, said = page.locator("#flow-stage"), page.locator("#flow-said")
    stage.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("#panel input[name=name]")).to_be_focused()
    page.keyboard.type("Trộn đất")  # in place of the old name, which is selected
    page.keyboard.press("Enter")
    until(page, f"{READY} && flowCanvas.nodes('.process').some(n => n.data('name') === 'Trộn đất')")
    stage.focus()
    page.keyboard.press("s")
    expect(said).to_contain_text("Chọn")
    page.keyboard.press("Enter")
    expect(said).to_contain_text("Dòng bắt đầu ở đây")
    page.keyboard.press("Escape")
    expect(said).to_contain_text("Chưa tạo dòng nào")


def test_a_lost_connection_is_told_and_what_others_did_comes_when_it_is_back(page, flow, cast):
    _assessment, _streams, _base = flow
    page.context.set_offline(True)
    page.locator("#flow-stage").focus()
    page.keyboard.press("n")
    page.locator("#flow-said", has_text="Mất kết nối").wait_for()
    page.context.set_offline(False)
    page.locator("#flow-said", has_text="Đã kết nối lại").wait_for()
    assert Process.objects.count() == 3
    page.keyboard.press("n")
    until(page, "flowCanvas.nodes('.process').length === 4")


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_a_form_in_the_panel_keeps_what_was_typed_until_the_connection_is_back(
    page, flow, width, axe, screenshot
):
    page.set_viewport_size(PHONE if width == "phone" else DESKTOP)
    page.locator("#part-stream_table").get_by_role("link", name="Than cám").click()
    panel = page.locator("#panel")
    panel.locator("[name=note]").fill("Theo hóa đơn")
    page.context.set_offline(True)
    panel.locator("button.btn-primary").click()
    expect(panel.locator("#connection")).to_contain_text("Mất kết nối")
    axe()
    screenshot(f"panel-without-connection-{width}", width)
    page.context.set_offline(False)
    expect(panel.locator("#connection")).to_contain_text("Đã có mạng lại")
    expect(panel.locator("[name=note]")).to_have_value("Theo hóa đơn")
    panel.locator("button.btn-primary").click()
    expect(panel).to_be_hidden()
    assert Stream.objects.get(name="Than cám").note == "Theo hóa đơn"
    expect(page.locator("#connection")).to_have_count(0)
    # htmx tells the console of what it could not send.
    page.complaints[:] = [told for told in page.complaints if not told.startswith("htmx:")]


def test_a_process_is_split_folded_by_a_finger_and_given_a_stock(page, flow):
    assessment, _streams, _base = flow
    page.get_by_role("link", name="Thêm công đoạn con của Nung").click()
    panel = page.locator("#panel")
    panel.locator("input[name=name]").fill("Gia nhiệt")
    panel.locator("button.btn-primary").click()
    until(page, "flowCanvas.nodes(':parent').length === 1")
    fold = page.get_by_role("button", name="Gập, mở công đoạn con")
    fold.click()
    until(page, "flowCanvas.nodes('.process').some(n => n.data('name') === '▸ Nung')")
    fold.click()
    until(page, "flowCanvas.nodes(':parent').length === 1")
    page.locator(".flow-tools").get_by_role("link", name="Tồn kho").click()
    panel.locator("select[name=process]").select_option(label="P2 Sấy")
    panel.locator("input[name=value]").fill("120,5")
    panel.locator("input[name=unit]").fill("tấn")
    panel.locator("button.btn-primary").click()
    until(page, "flowCanvas.nodes('.process').some(n => n.data('name').includes('có tồn kho'))")
    assert StockLevel.objects.get(assessment=assessment).value == Decimal("120.5")


def test_measurements_come_from_the_records_by_one_form(page, flow, cast, axe):
    _assessment, streams, base = flow
    coal = Resource.objects.get(code="coal_cam_5_6")
    rows = [RecordRow(2025, m, "consumption", Decimal(50), resource=coal) for m in range(1, 13)]
    write_records(cast.user("centre"), cast.brick, rows)
    page.goto(base + "so-do/tu-so-lieu/")
    axe()
    page.get_by_label("Dòng ứng với Than cám 5–6").select_option(label=f"{streams['coal'].code} Than cám")
    page.get_by_role("button", name="Lưu").click()
    page.get_by_text("từ 12 số liệu tháng").wait_for()
    write_records(
        cast.user("centre"), cast.brick, [RecordRow(2025, 4, "consumption", Decimal(70), resource=coal)]
    )
    page.reload()
    page.get_by_role("button", name="Lấy lại").click()
    page.locator("tr", has_text="620 tấn").filter(has_text="từ 12 số liệu tháng").wait_for()
    assert page.get_by_role("button", name="Lấy lại").count() == 0


def test_one_click_reconciles_and_a_figure_tells_where_it_is_from(page, flow, axe, screenshot):
    _assessment, _streams, _base = flow
    page.get_by_role("button", name="Đối chiếu").first.click()
    page.locator("#part-stream_table", has_text="1.778 tấn").wait_for()
    row = page.locator("tr", has_text="Hơi ẩm")
    row.locator("a.figure").click()
    page.locator("#panel .lineage-formula").wait_for()
    assert Reconciliation.objects.count() == 1


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_every_page_is_readable_for_all(page, flow, cast, axe, width):
    assessment, streams, base = flow
    costing.account(cast.user("expert"), assessment)
    page.set_viewport_size(DESKTOP if width == "desktop" else PHONE)
    for path in (
        *PAGES,
        f"ton-that/{streams['reject'].pk}/",
        "them/stream/",
        "them/stock/",
        "them/share/",
        f"../tep/measurement/{Measurement.objects.first().pk}/",
        f"sua/process/{Process.objects.first().pk}/",
    ):
        answer = page.goto(base + path)
        assert answer.status == 200, path
        axe()
        fits(page)


def test_without_script_the_table_does_everything(flow, seat):
    _assessment, _streams, base = flow
    page = seat("expert", java_script_enabled=False)
    page.goto(base)
    page.get_by_role("link", name="Dòng", exact=True).click()
    page.fill("input[name=name]", "Tro xỉ")
    page.select_option("select[name=source]", label="P3 Nung")
    page.select_option("select[name=kind]", "waste")
    page.get_by_role("button", name="Lưu").click()
    assert Stream.objects.get(name="Tro xỉ").use == "loss"
    page.get_by_role("button", name="Hoàn tác").click()
    assert Stream.objects.get(name="Tro xỉ").removed


def test_a_change_lays_only_its_own_row_anew_and_keeps_the_order(page, flow):
    table = page.locator("#part-stream_table")
    rows = "[...document.querySelectorAll('#part-stream_table tr[data-stream]')]"
    count = page.evaluate(f"{rows}.forEach(r => (r.kept = true)), {rows}.length")
    # the first change is compared with the page as it came, the next with that
    for name in ("Than cám lọc", "Than cám sàng"):
        table.get_by_role("link", name="Than cám").click()
        page.locator("#panel [name=name]").fill(name)
        page.locator("#panel button.btn-primary").click()
        table.get_by_role("link", name=name).wait_for()
    assert page.evaluate(f"{rows}.filter(r => r.kept).length") == count - 1
    page.evaluate(f"{rows}.forEach(r => (r.kept = r.outerHTML))")
    page.locator(".flow-tools").get_by_role("link", name="Dòng", exact=True).click()
    page.locator("#panel [name=name]").fill("Tro xỉ")
    page.locator("#panel [name=source]").select_option(label="P3 Nung")
    page.locator("#panel button.btn-primary").click()
    table.get_by_role("link", name="Tro xỉ").wait_for()
    until(page, "document.querySelector('#part-stream_table h3').textContent.includes('11')")
    order = page.evaluate(f"{rows}.map(r => r.innerText)")
    # of the rows that were there only those of the process differ: all that are the same are the same element
    assert page.evaluate(f"{rows}.filter(r => r.kept === r.outerHTML).length") >= count - 3
    page.locator("#flow-stage").focus()
    page.keyboard.press("Control+z")
    until(page, f"{rows}.length === {count}")
    page.keyboard.press("Control+y")
    until(page, f"{rows}.length === {count + 1}")
    assert page.evaluate(f"{rows}.map(r => r.innerText)") == order
    page.reload()
    until(page, READY)
    assert page.evaluate(f"{rows}.map(r => r.innerText)") == order
