"""The pages of the library: found without tone marks, edited in the form, exported and brought back."""

import io
from http import HTTPStatus

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from sachhon.apps.guidance.models import Kind, LibraryItem, LibraryVersion, State
from sachhon.apps.guidance.services import transfer
from sachhon.apps.people import finder, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(client, cast):
    def as_role(role, language="vi"):
        client.force_login(cast.user(role))
        client.cookies["sachhon_language"] = language
        return client

    return as_role


def test_the_list_is_searched_without_tone_marks_and_filtered_by_the_address(visit):
    page = visit("leader").get(reverse("guidance:home"), {"q": "ro ri khi nen", "kind": "option"})
    codes = [row["item"].code for row in page.context["rows"]]
    assert codes[0] == "CAI-01"
    assert "CAI-02" not in codes
    water = visit("leader").get(reverse("guidance:home"), {"trade": "plating", "resource": "water"})
    assert {"PLT-01", "WTR-01"} <= {row["item"].code for row in water.context["rows"]}


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    ("kind", "code"), [("option", "BLR-11"), ("checklist", "plating"), ("benchmark", "cement")]
)
def test_an_item_reads_in_both_languages(visit, language, kind, code):
    page = visit("factory", language).get(reverse("guidance:item", args=[kind, code]))
    assert page.status_code == HTTPStatus.OK
    text = page.content.decode()
    expected = {
        ("option", "vi"): "DL0238", ("option", "en"): "Repair or replace steam traps",
        ("checklist", "vi"): "Rửa ngược dòng", ("checklist", "en"): "counter-current",
        ("benchmark", "vi"): "nhiệt nung clinker", ("benchmark", "en"): "heat for clinker",
    }  # fmt: skip
    assert expected[kind, language] in text
    assert "kiểm chứng" in text if language == "vi" else "not verified" in text


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_trade_has_its_page(visit, language):
    client = visit("expert", language)
    for code, _name in client.get(reverse("guidance:home")).context["trades"]:
        assert client.get(reverse("guidance:trade", args=[code])).status_code == HTTPStatus.OK, code
    cement = client.get(reverse("guidance:trade", args=["cement"]))
    assert cement.content.decode().count("<svg") >= 2
    assert client.get(reverse("guidance:trade", args=["magic"])).status_code == HTTPStatus.NOT_FOUND


def test_a_draft_is_written_reviewed_by_another_and_published_on_the_pages(visit):
    item = LibraryItem.objects.get(kind=Kind.OPTION, code="CAI-01")
    client = visit("expert")
    client.post(reverse("guidance:start", args=["option", "CAI-01"]))
    url = reverse("guidance:edit", args=["option", "CAI-01", 2, "CAI-01"])
    form = client.get(url).context["form"]
    sent = {name: form[name].value() for name in form.fields} | {
        "high": "27,5",
        "why": "Đo ở ba cơ sở",
        "stamp": "1",
    }
    assert client.post(url, sent).status_code == HTTPStatus.FOUND
    draft = item.versions.get(number=2)
    assert draft.content["high"] == "27.5"
    assert "high" in {k for k in draft.content if draft.content[k] != item.versions.get(number=1).content[k]}
    move = lambda action: reverse("guidance:move", args=["option", "CAI-01", 2, action])  # noqa: E731
    refused = client.post(move("review"), follow=True).content.decode()
    assert "người khác phải thẩm định" in refused
    centre = visit("centre")
    centre.post(move("review"))
    centre.post(move("publish"))
    assert item.versions.get(number=2).state == State.PUBLISHED
    compared = centre.get(reverse("guidance:compare", args=["option", "CAI-01", 1, 2])).content.decode()
    assert "27,5" in compared


def test_a_wrong_form_says_what_is_wrong_and_stores_nothing(visit):
    client = visit("expert")
    client.post(reverse("guidance:start", args=["option", "CAI-01"]))
    url = reverse("guidance:edit", args=["option", "CAI-01", 2, "CAI-01"])
    form = client.get(url).context["form"]
    sent = {name: form[name].value() for name in form.fields} | {"low": "nhiều", "why": "x", "stamp": "1"}
    page = client.post(url, sent)
    assert "không phải" in page.content.decode()
    sent |= {"low": "50", "high": "10"}
    assert "lớn hơn" in client.post(url, sent).content.decode()
    assert LibraryVersion.objects.get(item__code="CAI-01", number=2).stamp == 1


def test_a_new_option_that_is_treatment_is_refused_on_the_form(visit):
    client = visit("expert")
    url = reverse("guidance:create")
    sent = {
        "code": "NEW-1", "name_vi": "Xây trạm xử lý nước thải", "name_en": "Build a treatment plant",
        "system": "water", "group": "technology_change", "resources": "water", "low": "1", "high": "2",
        "base_vi": "nước", "base_en": "water", "share_low": "100", "share_high": "100",
        "investment_class": "high", "source": "thử", "confidence": "estimate",
    }  # fmt: skip
    assert "Đây không phải SXSH" in client.post(url, sent).content.decode()
    assert not LibraryItem.objects.filter(code="NEW-1").exists()
    sent |= {"name_vi": "Rửa bằng khí nén thay nước"}
    assert client.post(url, sent | {"declared": "dilution"}).status_code == HTTPStatus.OK
    assert client.post(url, sent).status_code == HTTPStatus.FOUND


def test_a_question_and_a_benchmark_row_are_edited_alone(visit):
    client = visit("expert")
    for kind, code, part, field, many in (
        ("checklist", "brick", "brick.01", "no_vi", "questions"),
        ("benchmark", "brick", "bench_019", "note_vi", "rows"),
    ):
        versions = LibraryVersion.objects.filter(item__kind=kind, item__code=code)
        client.post(reverse("guidance:start", args=[kind, code]))
        url = reverse("guidance:edit", args=[kind, code, 2, part])
        form = client.get(url).context["form"]
        sent = {n: form[n].value() for n in form.fields} | {field: "Đã sửa.", "why": "x", "stamp": "1"}
        sent = {k: v for k, v in sent.items() if v is not False}
        assert client.post(url, sent).status_code == HTTPStatus.FOUND
        before, after = versions.get(number=1).content, versions.get(number=2).content
        changed = [n for n, one in enumerate(before[many]) if one != after[many][n]]
        assert [before[many][n]["code"] for n in changed] == [part]
        assert client.get(reverse("guidance:edit", args=[kind, code, 2, "moi"])).status_code == HTTPStatus.OK
        client.post(reverse("guidance:remove", args=[kind, code, 2, part]))
        left = [one["code"] for one in versions.get(number=2).content[many]]
        assert left == [one["code"] for one in before[many] if one["code"] != part]


def exported(client, kind, **filters):
    answer = client.get(reverse("guidance:export", args=[kind]), filters)
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def head_of(sheet):
    for row in sheet.iter_rows():
        if row[0].value == "Mã" or row[0].value == "Code":
            return row[0].row, {cell.value: cell.column for cell in row}
    raise AssertionError("no head")


def send(client, book):
    data = io.BytesIO()
    book.save(data)
    return client.post(reverse("guidance:import"), {"file": SimpleUploadedFile("sua.xlsx", data.getvalue())})


@pytest.mark.parametrize("kind", list(transfer.KINDS))
@pytest.mark.parametrize("language", ["vi", "en"])
def test_an_export_brought_back_unchanged_says_so(visit, kind, language):
    client = visit("expert", language)
    page = send(client, exported(client, kind))
    assert [p["text"] for p in page.context["problems"]] == [
        "Tệp giống hệt thư viện." if language == "vi" else "The file says the same as the library."
    ]


def test_an_edited_export_becomes_drafts_of_what_differs(visit):
    client = visit("expert")
    book = exported(client, "option", trade="cement")
    sheet = book.active
    first, columns = head_of(sheet)
    sheet.cell(first + 1, columns["Tiết kiệm đến (%)"]).value = 33
    code = sheet.cell(first + 1, columns["Mã"]).value
    page = send(client, book)
    assert [d.item.code for d in page.context["drafts"]] == [code]
    assert LibraryVersion.objects.get(item__code=code, number=2).content["high"] == "33"


def test_a_bad_file_stores_nothing_and_names_every_problem_with_its_place(visit):
    client = visit("expert")
    book = exported(client, "option", trade="brick")
    sheet = book.active
    first, columns = head_of(sheet)
    sheet.cell(first + 1, columns["Tiết kiệm từ (%)"]).value = "rất nhiều"
    sheet.cell(first + 2, columns["Mã"]).value = None
    page = send(client, book)
    assert len(page.context["problems"]) >= 2
    assert all(p["text"] and p["cure"] for p in page.context["problems"])
    assert page.context["problems"][0]["place"].split("!")[-1][0].isalpha()
    assert not LibraryVersion.objects.filter(state=State.DRAFT).exists()
    other = openpyxl.Workbook()
    other.active["A1"] = "Sổ theo dõi than"
    assert "dòng đầu bảng" in send(client, other).context["problems"][0]["text"]
    junk = client.post(reverse("guidance:import"), {"file": SimpleUploadedFile("a.xlsx", b"not a workbook")})
    assert junk.context["problems"]


def test_drafts_are_for_those_who_keep_the_library(visit):
    client = visit("expert")
    client.post(reverse("guidance:start", args=["option", "CAI-01"]))
    url = reverse("guidance:item", args=["option", "CAI-01"])
    assert client.get(url, {"so": 2}).status_code == HTTPStatus.OK
    assert visit("leader").get(url, {"so": 2}).status_code == HTTPStatus.NOT_FOUND
    assert (
        visit("leader").get(reverse("guidance:item", args=["option", "WST-02"])).status_code
        == HTTPStatus.NOT_FOUND
    )
    assert (
        visit("centre").get(reverse("guidance:item", args=["option", "WST-02"])).status_code == HTTPStatus.OK
    )


def test_the_search_field_and_the_page_today_know_the_library(visit, cast):
    hits = finder.find(cast.user("expert"), "lò hơi xả đáy")
    assert any(hit.url == reverse("guidance:item", args=["option", "BLR-03"]) for hit in hits)
    visit("expert").post(reverse("guidance:start", args=["option", "CAI-01"]))
    waiting = today.items_for(cast.user("centre"), 2026, cast.today)
    assert any("thư viện" in item.title for item in waiting)
    assert not any(
        "thư viện" in item.title for item in today.items_for(cast.user("expert"), 2026, cast.today)
    )
