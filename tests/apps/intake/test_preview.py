"""What the mapping page shows before a person confirms is what the import then does."""

import io
from html.parser import HTMLParser

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from tests.apps.intake.test_mapping import bills, book, by_month, map_all, rules, shared_file  # noqa: F401
from tests.apps.intake.test_taking import send

from sachhon.apps.intake import mapform, meter_format
from sachhon.apps.intake.models import ImportFile
from sachhon.apps.intake.services.reading import open_fixed
from sachhon.apps.intake.services.running import sent_of
from sachhon.apps.registry.models import Product, Record

State = ImportFile.State
MONTHS = [f"T{month}" for month in range(1, 13)]


class Form(HTMLParser):
    """The fields of the mapping page with the values a browser would send, untouched."""

    def __init__(self, html):
        super().__init__()
        self.data, self._inside, self._select = {}, False, None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "form":
            self._inside = found.get("class") == "map"
        elif not self._inside:
            return
        elif tag == "input" and found.get("name") and (found.get("type") != "checkbox" or "checked" in found):
            self.data[found["name"]] = found.get("value") or ""
        elif tag == "select":
            self._select = found["name"]
        elif tag == "option" and self._select and (self._select not in self.data or "selected" in found):
            self.data[self._select] = found.get("value", "")

    def handle_endtag(self, tag):
        if tag == "select":
            self._select = None


def water(*rows, header="Sản lượng nước (m3)", title="SỔ THEO DÕI NƯỚC 2025"):
    """A book whose header says output and names what is mostly used up."""
    lines = rows or [[month, 100, 5] for month in MONTHS]
    return book({"Sổ": [[title], ["Tháng", header, "Thành tiền"], *lines]})


def page_of(client, file):
    return client.get(reverse("intake:mapping", args=[file.pk])).content.decode()


def told(html):
    return html.split('id="preview"', 1)[1].split("map-foot", 1)[0]


@pytest.fixture
def confirm(client, django_capture_on_commit_callbacks):
    """A person who looks at the page, changes what is given, and confirms."""

    def act(file, **changed):
        data = Form(page_of(client, file)).data | changed
        preview = client.post(reverse("intake:mapping", args=[file.pk]), data | {"act": "preview"})
        with django_capture_on_commit_callbacks(execute=True):
            client.post(reverse("intake:mapping", args=[file.pk]), data | {"act": "confirm"})
        file.refresh_from_db()
        return told(preview.content.decode())

    return act


@pytest.mark.parametrize(
    "upload",
    [
        water,
        lambda: bills(["T1", 100, 250_000], ["T2", 130, 300_000]),
        lambda: shared_file("san_luong.xls"),
        lambda: shared_file("nuoc.ods"),
        lambda: shared_file("so_theo_doi_than.xlsx"),
    ],
)
def test_the_form_sent_untouched_is_the_mapping_that_was_previewed(cast, client, upload):
    user = cast.user("factory")
    (file,) = send(user, upload())
    client.force_login(user)
    part = meter_format.Part(meter_format.suggestions(open_fixed(sent_of(file)))[0])
    assert mapform.apply(part, Form(page_of(client, file)).data) == part


def test_a_header_that_says_output_of_water_is_read_as_it_was_shown_and_the_doubt_told_before(
    cast, client, confirm
):
    user = cast.user("factory")
    (file,) = send(user, water())
    client.force_login(user)
    assert "trùng tên với “Nước”" in told(page_of(client, file))
    shown = confirm(file)
    assert "Lỗi" not in shown
    assert file.is_taken, rules(file)
    assert Product.objects.get().name == "nước"


def test_the_table_said_to_be_consumed_goes_before_the_word_of_the_header(cast, client, confirm):
    user = cast.user("factory")
    table = [["SỔ 2025"], ["Tháng", "Sản lượng nước (m3)"], *[[month, 100] for month in MONTHS]]
    (file,) = send(user, book({"Sổ": table}))
    client.force_login(user)
    confirm(file, flow="consumption")
    assert file.is_taken, rules(file)
    assert set(by_month(cast.brick, resource__code="water").values()) == {100}
    assert not Product.objects.exists()


def test_what_would_be_refused_is_told_once_in_the_preview(cast, client, confirm):
    user = cast.user("factory")
    (file,) = send(user, water(header="Men ủ X (kg)", title="SỔ TIÊU THỤ 2025"))
    client.force_login(user)
    shown = confirm(file, flow="consumption", label="Men ủ X")
    assert shown.count("Không có “Men ủ X” trong danh mục") == 1
    assert file.state == State.REFUSED
    assert rules(file) == ["mapped_resource_unknown"]
    assert not Record.objects.exists()


def test_a_formula_that_was_not_calculated_is_told_before_confirming(cast, client):
    user = cast.user("factory")
    (file,) = send(user, uncalculated())
    client.force_login(user)
    assert "công thức nhưng chưa được tính" in told(page_of(client, file))


def uncalculated():
    """A book of one table in which a program without a calculator left March as a formula."""
    sheet = openpyxl.Workbook()
    for row in (["ĐIỆN NĂM 2025"], ["Tháng", "Điện tiêu thụ (kWh)"], ["T1", 5], ["T2", 6], ["T3", "=3+4"]):
        sheet.active.append(row)
    out = io.BytesIO()
    sheet.save(out)
    return ContentFile(out.getvalue(), name="so.xlsx")
