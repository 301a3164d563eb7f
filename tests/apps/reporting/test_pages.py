"""The pages, with each role: what is offered, what is saved, what is told."""

import datetime
import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sachhon.apps.reporting.models import AnnualReport, Reminder
from sachhon.apps.reporting.pages import SLUGS, address
from sachhon.apps.reporting.services import drafting, workflow

from .conftest import NOW


@pytest.fixture
def enter(client, cast):
    """A client signed in as a role."""

    def entering(role):
        client.force_login(cast.user(role))
        return client

    return entering


@pytest.fixture(autouse=True)
def autumn(monkeypatch):
    """The day of the story: pages ask the clock, rules do not."""
    from django.utils import timezone

    monkeypatch.setattr(timezone, "localdate", lambda *args: NOW.date())
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def url(name, report, *more):
    return address(report, name, *more)


def text(response) -> str:
    return response.content.decode()


def posted(report, section, **changes):
    """What the browser would send for a section: hidden fields and every input of its lines."""
    sent = {"version": str(report.version), "page": "p1"}
    return sent | changes


@pytest.mark.parametrize(
    "role", ["factory", "expert", "centre", "department", "inspector", "leader", "ministry"]
)
def test_every_role_reads_what_it_may_see(works, cast, enter, role):
    works.year(2025)
    report = works.sent()
    client = enter(role)
    listed = client.get(reverse("reporting:reports") + "?year=2026")
    assert listed.status_code == 200
    assert cast.brick.name in text(listed)
    assert (cast.quarry.name in text(listed)) is (role not in ("factory", "expert"))
    page = client.get(url("report", report))
    assert "saving:LS-0001:2026:electricity" in text(page)
    assert client.get(url("history", report)).status_code == 200
    assert client.get(url("workbook", report)).status_code == 200
    may_review = role in ("centre", "department")
    assert client.get(url("review", report)).status_code == (200 if may_review else 403)


def test_a_stranger_finds_no_report(works, cast, enter):
    report = works.sent()
    user = cast.user("factory")
    user.organisation = cast.quarry_enterprise
    user.save()
    client = enter("factory")
    for name in ("report", "history", "workbook", "check"):
        assert client.get(url(name, report)).status_code == 404
    assert client.post(url("recall", report)).status_code == 404
    assert client.post(reverse("reporting:start", args=["LS-0001", 2025])).status_code == 404


def test_the_list_tells_who_has_not_reported_and_filters(works, cast, enter):
    works.sent()
    client = enter("centre")
    page = client.get(reverse("reporting:reports") + "?year=2026")
    standing = page.context["standing"]
    assert (standing.facilities, standing.sent, standing.on_time) == (2, 1, 1)
    missing = client.get(reverse("reporting:reports") + "?year=2026&state=not_reported")
    assert [f.code for f in missing.context["rows"]] == ["LS-0002"]
    assert [
        f.code for f in client.get(reverse("reporting:reports") + "?year=2026&q=gach").context["rows"]
    ] == ["LS-0001"]
    for sort in ("name", "-name", "code", "state", "-sent", "trade", "area", "nonsense"):
        assert client.get(reverse("reporting:reports") + f"?sort={sort}").status_code == 200


def test_the_list_takes_the_same_number_of_queries_whatever_its_length(
    works, cast, enter, django_assert_max_num_queries
):
    works.sent()
    client = enter("centre")
    client.get(reverse("reporting:reports"))
    with django_assert_max_num_queries(14):
        client.get(reverse("reporting:reports") + "?year=2026")


def test_the_list_is_exported_with_formulas_made_harmless(works, cast, enter):
    cast.quarry.name = "=cmd|' /C calc'!A0"
    cast.quarry.save()
    works.sent()
    client = enter("centre")
    csv = client.get(reverse("reporting:export", args=["csv"]) + "?year=2026").content.decode("utf-8-sig")
    assert "'=cmd|" in csv
    book = openpyxl.load_workbook(
        io.BytesIO(client.get(reverse("reporting:export", args=["xlsx"]) + "?year=2026").content)
    )
    cells = [cell.value for row in book.active.iter_rows() for cell in row]
    assert "LS-0001" in cells
    assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)


def test_a_factory_begins_fills_in_checks_and_sends(works, enter):
    client = enter("factory")
    begun = client.post(reverse("reporting:start", args=["LS-0001", 2026]))
    report = AnnualReport.objects.get()
    assert begun.url == url("edit", report, "thong-tin-chung")
    for slug in SLUGS:
        assert client.get(url("edit", report, slug)).status_code == 200
    client.post(
        url("edit", report, "thong-tin-chung"),
        {
            "version": "1",
            "employees": "40",
            "revenue_vnd": "9.000.000.000",
            "contact_phone": "0205 1",
            "then": "next",
        },
    )
    report.refresh_from_db()
    assert (report.employees, report.revenue_vnd) == (40, 9_000_000_000)
    client.post(url("add", report, "san-pham"), {"new-name": "Gạch tuynel", "new-unit": "k_vien"})
    client.post(url("add", report, "nguyen-nhien-lieu"), {"new-item": "electricity"})
    product, power = report.lines.get(flow="output"), works.line(report, "electricity")
    months = {f"line-{product.pk}-m{n}": "1.234,5" for n in range(1, 13)}
    client.post(url("edit", report, "san-pham"), {"version": "99", **months})
    months = {f"line-{power.pk}-m{n}": "5.400" for n in range(1, 13)}
    months[f"line-{power.pk}-m12"] = "không có"
    client.post(
        url("edit", report, "nguyen-nhien-lieu"),
        {"version": "99", **months, f"line-{power.pk}-cost_vnd": "130.000.000"},
    )
    product.refresh_from_db()
    power.refresh_from_db()
    assert product.months == ["1234.5"] * 12
    assert power.months == ["5400"] * 11 + [None]
    assert power.cost_vnd == 130_000_000
    checked = client.get(url("check", report))
    assert checked.context["errors_left"] == []
    sent = client.post(url("check", report), follow=True)
    report.refresh_from_db()
    assert (report.state, report.on_time) == ("submitted", True)
    assert "đúng hạn" in text(sent)


def test_an_autosave_answers_in_pieces_with_the_time(works, enter):
    report = works.draft()
    client = enter("factory")
    answer = client.post(
        url("edit", report, "thong-tin-chung"),
        posted(report, "general", employees="41"),
        headers={"HX-Request": "true"},
    )
    report.refresh_from_db()
    body = text(answer)
    assert report.employees == 41
    assert 'id="saved"' in body
    assert f'value="{report.version}" hx-swap-oob="true"' in body
    assert "<html" not in body


def test_text_that_is_no_number_is_named_and_the_rest_is_saved(works, enter):
    report = works.draft()
    line = works.line(report, "electricity")
    client = enter("factory")
    months = {f"line-{line.pk}-m{n}": "5.500" for n in range(1, 13)} | {f"line-{line.pk}-m3": "nhiều lắm"}
    answer = client.post(
        url("edit", report, "nguyen-nhien-lieu"),
        posted(report, "inputs", **months),
        headers={"HX-Request": "true"},
    )
    assert "nhiều lắm" in text(answer)
    assert f'data-field="line-{line.pk}-m3"' in text(answer)
    line.refresh_from_db()
    assert line.months == ["5500", "5500", "5400"] + ["5500"] * 9


def test_a_stale_page_is_told_what_the_other_changed_and_changes_nothing(works, enter):
    report = works.draft()
    opened = report.version
    works.save(report, "general", {"employees": 45}, actor=works.centre)
    client = enter("factory")
    sent = {"version": str(opened), "page": "mine", "employees": "50"}
    answer = client.post(url("edit", report, "thong-tin-chung"), sent)
    assert answer.status_code == 409
    assert "45" in text(answer)
    assert works.centre.display_name() in text(answer)
    pieces = client.post(url("edit", report, "thong-tin-chung"), sent, headers={"HX-Request": "true"})
    assert 'role="alert"' in text(pieces)
    report.refresh_from_db()
    assert report.employees == 45


def test_the_same_page_may_save_twice_on_the_version_it_was_opened_with(works, enter):
    report = works.draft()
    client = enter("factory")
    for employees in ("41", "42"):
        sent = {"version": str(report.version), "page": "one-page", "employees": employees}
        assert client.post(url("edit", report, "thong-tin-chung"), sent).status_code == 302
    report.refresh_from_db()
    assert report.employees == 42


@pytest.mark.parametrize("employees", ["-5", "99999999999", "1,5", "abc"])
def test_an_impossible_number_of_employees_is_refused_at_its_field(works, enter, employees):
    report = works.draft()
    client = enter("factory")
    answer = client.post(
        url("edit", report, "thong-tin-chung"), posted(report, "general", employees=employees)
    )
    assert answer.status_code == 200
    assert "id_employees" in answer.context["errors"]
    report.refresh_from_db()
    assert report.employees == 40


def test_what_is_not_cleaner_production_is_filed_as_treatment_with_the_reason(works, enter):
    report = works.draft()
    client = enter("factory")
    client.post(url("add", report, "giai-phap"), {})
    solution = report.solutions.get()
    key = f"solution-{solution.pk}"
    client.post(
        url("edit", report, "giai-phap"),
        {f"{key}-name": "Pha loãng nước thải", f"{key}-group": "not_cp:dilution", f"{key}-done_on": "2026-05-01",
         f"{key}-resource1": "water", f"{key}-quantity1": "1.000", f"{key}-unit1": "m3"},
    )  # fmt: skip
    solution.refresh_from_db()
    assert solution.group == "treatment"
    assert "Pha loãng không làm giảm" in solution.not_cp_reason
    assert solution.savings == [{"resource": "water", "quantity": "1000", "unit": "m3"}]
    page = text(client.get(url("edit", report, "giai-phap")))
    assert "Pha loãng không làm giảm" in page


def test_rows_are_taken_out_and_difficulties_added(works, enter):
    report = works.draft()
    client = enter("factory")
    coal = works.line(report, "coal_cam_5_6")
    client.post(url("remove", report, "nguyen-nhien-lieu", coal.pk), {})
    assert not report.lines.filter(pk=coal.pk).exists()
    client.post(url("add", report, "kien-nghi"), {"new-kind": "request"})
    need = report.needs.get()
    client.post(
        url("edit", report, "kien-nghi"), {f"need-{need.pk}-text": "Hỗ trợ <script>alert(1)</script>"}
    )
    page = text(client.get(url("report", report)))
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page


def test_an_officer_corrects_explains_accepts_and_goes_on_to_the_next(works, enter):
    works.year(2025)
    report = works.sent(electricity="5400000")
    client = enter("centre")
    page = client.get(url("review", report))
    assert "0,001" in text(page)
    refused = client.post(url("review", report), {"do": "accept"}, follow=True)
    assert "phải được sửa hoặc giải thích" in text(refused)
    finding = report.findings.get()
    client.post(url("finding", report, finding.pk), {"do": "correct", "from": "review"})
    assert works.line(report, "electricity").months == ["5400"] * 12
    done = client.post(url("review", report), {"do": "accept", "remark": "Đã xem"})
    report.refresh_from_db()
    assert (report.state, report.reviewed_by) == ("accepted", works.centre)
    assert done.url == reverse("reporting:reports")


def test_returning_needs_a_remark_and_the_factory_sees_it_on_its_form(works, enter):
    report = works.sent()
    client = enter("centre")
    client.post(url("review", report), {"do": "return", "remark": " "})
    report.refresh_from_db()
    assert report.state == "submitted"
    client.post(url("review", report), {"do": "return", "remark": "Thiếu số nước"})
    client = enter("factory")
    assert "Thiếu số nước" in text(client.get(url("edit", report, "san-pham")))


def test_acting_on_many_names_those_that_failed(works, cast, enter):
    works.sent()
    client = enter("centre")
    answer = client.post(
        reverse("reporting:act") + "?year=2026",
        {"action": "accept", "code": ["LS-0001", "LS-0002", "XX-0001"]},
        follow=True,
    )
    assert AnnualReport.objects.get().state == "accepted"
    assert "1" in text(answer)
    told = client.post(
        reverse("reporting:remind") + "?year=2026", {"code": ["LS-0002", "XX-0001"]}, follow=True
    )
    assert "không có địa chỉ thư điện tử" in text(told)
    assert not Reminder.objects.exists()
    client = enter("factory")
    for name in ("act", "remind"):
        sent = {"action": "lock", "code": ["LS-0001"]}
        assert client.post(reverse(f"reporting:{name}") + "?year=2026", sent).status_code == 403
    assert AnnualReport.objects.get().state == "accepted"


def test_acting_on_many_goes_back_only_to_a_page_of_ours(works, enter):
    client = enter("centre")
    for back in ("https://evil.example/", "//evil.example/"):
        answer = client.post(
            reverse("reporting:act"), {"action": "accept", "code": ["LS-0001"], "back": back}
        )
        assert answer.url == reverse("reporting:reports")


def test_a_revision_is_due_on_its_own_day(works, enter, monkeypatch):
    from django.utils import timezone

    works.year(2025)
    report = works.draft()
    assert "trước ngày 15/12/2026" in text(enter("factory").get(url("check", report)))
    workflow.submit(works.factory, report, now=NOW)
    workflow.accept(works.centre, report, now=NOW)
    revision = drafting.revise(works.factory, report)
    day = datetime.date(2027, 1, 10)
    monkeypatch.setattr(timezone, "localdate", lambda *args: day)
    page = text(enter("factory").get(url("check", revision)))
    assert "chậm nhất ngày 31/01/2027" in page
    assert "còn 21 ngày" in page
    assert "nộp muộn" not in page
    day = datetime.date(2027, 2, 1)
    assert "nộp muộn" in text(enter("factory").get(url("check", revision)))


def test_a_revision_shows_what_it_changes(works, enter):
    report = works.sent()
    workflow.accept(works.centre, report, now=NOW)
    client = enter("factory")
    client.post(url("revise", report))
    revision = AnnualReport.objects.get(revision=2)
    line = works.line(revision, "electricity")
    works.save(revision, "inputs", {str(line.pk): {"months": ["5400"] * 11 + ["5000"]}})
    page = text(client.get(url("history", revision)))
    assert "5.400" in page
    assert "5.000" in page
    assert client.get(url("edit", report, "san-pham")).url == url("report", report)


def test_the_blank_form_of_a_facility_can_be_taken_away(works, enter):
    works.sent(year=2025)
    client = enter("factory")
    answer = client.get(reverse("reporting:template", args=["LS-0001", 2026]))
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    cells = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]
    assert "Gạch tuynel 2 lỗ" in cells
    assert client.get(reverse("reporting:template", args=["LS-0001", 2099])).status_code == 302


def test_the_pages_speak_english_when_asked(works, enter, settings):
    report = works.sent()
    client = enter("centre")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "Saving per unit of product" in text(client.get(url("report", report)))
    del client.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert "Tiết kiệm trên đơn vị sản phẩm" in text(client.get(url("report", report)))


def test_the_baseline_is_changed_on_the_page_with_its_reason(works, enter):
    works.year(2024, electricity="7000")
    works.year(2025)
    report = works.sent()
    client = enter("centre")
    client.post(url("baseline", report), {"year": "2025", "reason": "Lò mới"})
    page = text(client.get(url("report", report)))
    assert "Lò mới" in page
    assert drafting.latest_report(works.brick, 2026).baseline_year == 2025


def test_looking_at_the_check_page_writes_nothing_and_the_button_checks(works, enter):
    works.year(2025)
    report = works.draft(electricity="5400000")
    client = enter("factory")
    with CaptureQueriesContext(connection) as queries:
        shown = text(client.get(url("check", report)))
    writes = [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert [sql for sql in writes if "django_session" not in sql] == []
    assert "chưa được kiểm tra" in shown
    assert not report.findings.exists()
    piece = text(client.post(url("check", report), {"do": "check"}, headers={"HX-Request": "true"}))
    assert report.findings.filter(state="open").exists()
    assert 'class="finding ' in piece
    assert "kiểm tra lần cuối lúc 09:00" in piece
    assert "<html" not in piece
    report.refresh_from_db()
    assert report.state == "draft"


def test_a_check_is_told_to_be_old_once_the_figures_changed(works, enter, monkeypatch):
    report = works.draft()
    client = enter("factory")
    client.post(url("check", report), {"do": "check"})
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + datetime.timedelta(hours=1))
    assert "đã thay đổi" not in text(client.get(url("check", report)))
    works.save(report, "general", {"employees": 41})
    assert "đã thay đổi" in text(client.get(url("check", report)))


def test_a_reminder_goes_to_all_that_match_on_every_page(works, cast, client, mailoutbox, monkeypatch):
    from sachhon.apps.reporting.views import lists

    monkeypatch.setattr(lists, "PER_PAGE", 1)
    cast.quarry.contact_email = "mo-da@example.vn"
    cast.quarry.save()
    client.force_login(works.centre)
    query = {"year": 2026, "state": "not_reported"}
    page = client.get(reverse("reporting:reports"), query)
    assert "tất cả 2 cơ sở khớp" in page.text
    told = client.post(
        reverse("reporting:remind") + "?year=2026&state=not_reported&q=da", {"all": "1"}, follow=True
    )
    assert "1/1" in told.text or "1 trên 1" in told.text or "1 trong 1" in told.text
    from sachhon.apps.reporting.models import Reminder

    assert list(Reminder.objects.values_list("facility__code", flat=True)) == ["LS-0002"]


def test_a_factory_that_applies_without_a_solution_is_not_told_that_the_section_is_complete(works):
    from sachhon.apps.reporting.services.checks import check_section, state_of

    report = works.draft()
    assert state_of(check_section(report, "solutions")) == "complete"
    report.cp_applying = "yes"
    issues = check_section(report, "solutions")
    assert [i.rule for i in issues] == ["applying_without_solution"]
    assert state_of(issues) == "incomplete"
    assert "chưa liệt kê giải pháp" in issues[0].message


def test_the_check_does_not_call_complete_a_report_with_a_grave_doubt(works, client):
    from sachhon.apps.reporting.models import Finding

    report = works.draft()
    client.force_login(works.factory)
    url = reverse("reporting:check", args=["LS-0001", 2026, 1])
    assert "Báo cáo đã đủ và có thể nộp" in client.get(url).text
    Finding.objects.create(report=report, rule="month_unit_slip", key="x", level="error")
    text = client.get(url).text
    assert "Báo cáo đã đủ và có thể nộp" not in text
    assert "còn 1 nghi vấn" in text


def test_each_product_has_its_own_chart(works, client):
    from sachhon.apps.registry.models import Product
    from sachhon.apps.registry.pages import facility_page

    works.year(2025)
    other = Product.objects.create(facility=works.brick, name="Gạch đặc", unit="k_vien")
    one = facility_page(works.centre, works.brick, 2025)["chart"]
    assert "Sản lượng" in one["alt"] + " ".join(c["label"] for c in one["columns"])
    from decimal import Decimal

    from sachhon.apps.registry.services.records import RecordRow, write_records

    write_records(
        works.centre, works.brick, [RecordRow(2025, 1, "output", Decimal(5), product=other, source="meter")]
    )
    labels = " ".join(c["label"] for c in facility_page(works.centre, works.brick, 2025)["chart"]["columns"])
    assert "Gạch đặc" in labels
    assert "Gạch tuynel 2 lỗ" in labels
