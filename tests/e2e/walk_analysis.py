"""Step 2 of a detailed assessment by hand: flow-sheet, measurements, what losses cost and why they are there."""

from playwright.sync_api import expect
from tests.e2e.walking import fill, in_panel, seen, tab, until

from sachhon.apps.assessment.models import Process, Stream

CANVAS = "window.flowCanvas && window.flowCanvas.nodes('.process').length"
STREAMS = {  # name: (from, to, kind, use, price in dong)
    "Đất sét": ("", "P1", "material", "input", "150.000"),
    "Hơi ẩm": ("P1", "", "waste", "loss", ""),
    "Than cám": ("", "P2", "material", "input", "3.000.000"),
    "Gạch thành phẩm": ("P2", "", "material", "product", ""),
    "Gạch phế": ("P2", "", "waste", "loss", ""),
    "Khói và mất khi nung": ("P2", "", "waste", "loss", ""),
}
READINGS = (
    "Tên dòng\tSố lượng\tĐVT\tSai số\n"
    "Đất sét\t10.000,5\ttấn\t2%\n"
    "Gạch mộc\t8.900\ttấn\t2%\n"
    "Hơi ẩm\t1.000\ttấn\t20%\n"
    "Than cám\t620,25\ttấn\t1%\n"
    "Gạch thành phẩm\t8.700\ttấn\t2%\n"
    "Gạch phế\t260\ttấn\t±12\n"
)


def drawn(page):
    """Step 2 on the canvas: by keys, by the mouse, and with the network cut in between."""
    tab(page, "Sơ đồ dòng")
    until(page, "window.flowCanvas !== undefined")
    stage = page.locator("#flow-stage")
    for n, name in enumerate(("Tạo hình và sấy", "Nung"), 1):
        stage.focus()
        page.keyboard.press("n")
        until(page, f"{CANVAS} === {n}")
        stage.focus()
        page.keyboard.press("Enter")
        in_panel(page, name=name)
        until(page, f"flowCanvas.nodes('.process').some(n => n.data('name') === '{name}')")
    x, y = place_of(page, "Tạo hình và sấy")
    page.mouse.click(x, y)
    stage.focus()
    page.keyboard.press("s")
    expect(page.locator("#flow-said")).to_contain_text("Chọn nơi dòng đi đến")
    page.mouse.click(*place_of(page, "Nung"))
    in_panel(page, name="Gạch mộc")
    cut_while_dragging(page)
    for name, (source, target, kind, use, price) in STREAMS.items():
        page.locator(".flow-tools").get_by_role("link", name="Dòng").click()
        in_panel(page, name=name, source=source, target=target, kind=kind, use=use, price=price)
        page.locator("#part-stream_table").get_by_role("link", name=name).wait_for()
    assert Stream.objects.count() == 7
    page.get_by_role("button", name="Sắp xếp").click()
    seen(page)


def cut_while_dragging(page):
    """A process is dragged with no signal: the page says so, and stores it when the signal is back."""
    before = Process.objects.get(name="Nung")
    page.context.set_offline(True)
    x, y = place_of(page, "Nung")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 70, y + 50, steps=5)
    page.mouse.up()
    expect(page.locator("#flow-said")).to_contain_text("Mất kết nối")
    page.context.set_offline(False)
    expect(page.locator("#flow-said")).to_contain_text("Đã kết nối lại")
    for _ in range(100):
        after = Process.objects.get(name="Nung")
        if after.x != before.x:
            break
        page.wait_for_timeout(100)
    assert after.x > before.x


def place_of(page, name):
    """Where a process stands in the window."""
    at = page.evaluate(
        "name => { const p = flowCanvas.nodes('.process').filter(n => n.data('name') === name)"
        ".renderedPosition(); return [p.x, p.y]; }",
        name,
    )
    box = page.locator("#flow-stage").bounding_box()
    return box["x"] + at[0], box["y"] + at[1]


def measured(page):
    """Readings copied from a spreadsheet, one of them wrong at first; then one click balances."""
    tab(page, "Số đo")
    page.get_by_label("Các hàng").fill(READINGS.replace("8.700\ttấn", "8.700\txe"))
    page.get_by_role("button", name="Lưu").click()
    expect(page.locator(".error-list")).to_contain_text("Hàng thứ 6")
    page.get_by_label("Các hàng").fill(READINGS)
    page.get_by_role("button", name="Lưu").click()
    expect(page.locator("main tbody")).to_contain_text("10.000,5 tấn")
    seen(page)
    tab(page, "Cân bằng")
    page.get_by_role("button", name="Đối chiếu").click()
    expect(page.locator("tbody")).to_contain_text("Hơi ẩm")
    assert page.locator("tbody a.figure").count() >= 5
    seen(page)
    tab(page, "Sankey")
    expect(page.locator(".drawing svg")).to_be_visible()
    seen(page)


def two_at_one_row(one, other):
    """Both open the same stream; who saves second is told what the first wrote, and decides."""
    address = one.url.partition("/sankey")[0] + "/"
    for page in (one, other):
        page.goto(address)
        page.locator("#part-stream_table").get_by_role("link", name="Than cám").click()
        page.locator("#panel [name=note]").wait_for()
    in_panel(other, note="Cân ô tô của trạm")
    fill(one.locator("#panel"), note="Theo hóa đơn")
    one.locator("#panel").get_by_role("button", name="Lưu").click()
    expect(one.locator("#panel")).to_contain_text("Cân ô tô của trạm")
    one.locator("#panel").get_by_role("button", name="Lưu").click()
    expect(one.locator("#panel")).to_be_hidden()
    assert Stream.objects.get(name="Than cám").note == "Theo hóa đơn"


def costed_and_explained(page):
    """What the losses cost, and why they are there."""
    tab(page, "Chi phí tổn thất")
    page.get_by_role("button", name="Tính").click()
    expect(page.locator("main")).to_contain_text("Gạch phế")
    seen(page)
    tab(page, "Tổn thất và nguyên nhân")
    seen(page)
    page.get_by_role("link", name="Gạch phế").click()
    page.locator(".actions").get_by_role("link", name="Nguyên nhân").click()
    in_panel(page, branch="machine", name="Lò nguội không đều")
    page.get_by_role("link", name="Vì sao lại thế?").click()
    in_panel(page, name="Quạt lò chạy một tốc độ", is_root=True)
    expect(page.locator("main")).to_contain_text("nguyên nhân gốc")
    seen(page)
