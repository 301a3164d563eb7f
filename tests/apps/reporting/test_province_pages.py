"""The province's pages: read from stored figures, issue step by step, files only for those who may see them."""

import datetime
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from sachhon.apps.people.today import items_for
from sachhon.apps.programme.models import TargetResult
from sachhon.apps.programme.queries import standings_url
from sachhon.apps.reporting.models import AnnualReport, ProvinceReport, ProvinceRollup
from sachhon.apps.reporting.services import province
from sachhon.apps.reporting.services.province import issuing
from sachhon.apps.reporting.views.province import SECTIONS
from sachhon.documents.files import DiskFull

from .test_province import TODAY, YEAR, Small


@pytest.fixture
def small(cast, settings, tmp_path):
    """The province of test_province."""
    settings.HOME, settings.MEDIA_ROOT = tmp_path / "home", tmp_path / "media"
    return Small(cast)


@pytest.fixture
def computed(small):
    """… with its figures computed."""
    small.refresh()
    return small


def page(client, small, name, *args, role="department", **query):
    client.force_login(small.cast.user(role))
    return client.get(reverse(f"reporting:{name}", args=args), {"year": YEAR, **query})


def test_the_overview_shows_the_targets_and_each_number_opens_its_lineage(client, computed):
    text = page(client, computed, "province").content.decode()
    assert "66,7" in text
    assert f"/co-so/so-nay/target:langson_2026_2030.applying:20:{YEAR}/" in text
    assert "còn 5 cơ sở" in text
    assert "<svg" in text


@pytest.mark.parametrize(
    ("wanted", "shown", "total"),
    [("", "reporting", "70"), ("saving", "saving", None), ("nothing", "reporting", "70")],
)
def test_the_map_shows_the_chosen_figure_by_commune_and_the_same_in_its_table(
    client, computed, wanted, shown, total
):
    answer = page(client, computed, "province", map=wanted)
    drawn = answer.context["map"]
    assert drawn.chosen.code == shown
    (line,) = drawn.lines
    (symbol,) = drawn.drawing.symbols
    assert (line.facilities, symbol.place.area, line.area) == (
        10,
        computed.facilities[0].area,
        symbol.place.area,
    )
    if total:
        assert (str(drawn.total.shown).count(f">{total}<"), symbol.place.count) == (1, f"{total}%")
    text = answer.content.decode()
    assert f"{reverse('registry:facilities')}?area={line.area.key}" in text
    assert "map-has" in text


def test_the_map_is_of_the_province_that_one_may_see(client, computed):
    client.force_login(computed.cast.user("factory"))
    assert client.get(reverse("reporting:province"), {"year": YEAR}).status_code in (403, 404)


def test_reading_a_page_computes_nothing(client, computed, monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("a page computed the figures")

    monkeypatch.setattr("sachhon.apps.reporting.facts.publish", refuse)
    monkeypatch.setattr("sachhon.apps.reporting.services.province.refreshing.open_snapshot", refuse)
    client.force_login(computed.department)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(reverse("reporting:province"), {"year": YEAR}).status_code == 200
    writes = [q["sql"] for q in caught if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert [sql for sql in writes if "session" not in sql] == []


@pytest.mark.parametrize("section", [s.slug for s in SECTIONS])
@pytest.mark.parametrize("role", ["department", "leader", "ministry", "inspector", "centre"])
def test_every_section_opens_for_everyone_who_answers_for_the_province(client, computed, section, role):
    assert page(client, computed, "province_section", section, role=role).status_code == 200


def test_a_year_without_figures_says_so(client, small):
    text = page(client, small, "province").content.decode()
    assert "chưa được tính" in text


def test_a_table_is_sorted_by_its_heads(client, computed):
    first = page(client, computed, "province_section", "nganh", sort="by-sector.1").content.decode()
    last = page(client, computed, "province_section", "nganh", sort="-by-sector.1").content.decode()
    assert first != last


def test_a_table_is_taken_away_as_excel_and_csv(client, computed):
    book = page(client, computed, "province_export", "savings", "xlsx")
    sheet = load_workbook(io.BytesIO(book.content)).active
    assert any(cell == 1800 for row in sheet.iter_rows(values_only=True) for cell in row)
    text = page(client, computed, "province_export", "by-size", "csv").content.decode("utf-8-sig")
    assert text.count("\n") >= 3
    assert page(client, computed, "province_export", "khong-co", "csv").status_code == 404


def test_computing_again_is_asked_for_and_shown_until_it_is_done(
    client, small, django_capture_on_commit_callbacks
):
    client.force_login(small.cast.user("leader"))
    with django_capture_on_commit_callbacks() as waiting:
        client.post(reverse("reporting:province_recompute") + f"?year={YEAR}")
    assert len(waiting) == 1
    shown = client.get(reverse("reporting:province_progress"), {"year": YEAR}).content.decode()
    assert "<progress" in shown
    waiting[0]()
    assert ProvinceRollup.objects.get(year=YEAR).state == "done"
    done = client.get(reverse("reporting:province_progress"), {"year": YEAR})
    assert done["HX-Refresh"] == "true"


def test_the_way_from_check_to_issue(client, computed, django_capture_on_commit_callbacks):
    client.force_login(computed.department)
    start = client.post(
        reverse("reporting:province_start") + f"?year={YEAR}", {"audience": "peoples_committee"}
    )
    report = ProvinceReport.objects.get()
    assert start.url == reverse("reporting:province_check", args=[report.pk])
    assert "chưa báo cáo" in client.get(start.url).content.decode()
    words = {"language": "vi", "remarks": "Năm đầu của kế hoạch.", "next_tasks": "Một\nHai", "proposals": ""}
    looked = client.post(start.url, words, follow=True)
    assert b"/trang/1.png" in looked.content
    picture = client.get(reverse("reporting:province_page", args=[report.pk, 1]))
    assert b"".join(picture.streaming_content).startswith(b"\x89PNG")
    sign = reverse("reporting:province_sign", args=[report.pk])
    assert client.post(sign, {"number": "", "dated": "2027-01-05", "signer_name": "A"}).status_code == 200
    assert ProvinceReport.objects.get().state == "draft"
    form = {
        "number": "215",
        "dated": "2027-01-05",
        "signer_name": "Nguyễn Văn Mẫu",
        "signer_title": "GIÁM ĐỐC",
    }
    accepted = AnnualReport.objects.filter(year=YEAR, state="accepted").count()
    assert f"{accepted} báo cáo năm {YEAR} đã chấp nhận sẽ bị khóa" in client.get(sign).content.decode()
    with django_capture_on_commit_callbacks() as waiting:
        asked = client.post(sign, form)
    progress = reverse("reporting:province_issuing", args=[report.pk])
    assert asked.url == progress
    assert b"<progress" in client.get(progress).content
    assert client.get(sign).url == progress  # pressed once is enough
    again = client.post(sign, form)
    assert "đang được ban hành" in again.content.decode()
    waiting[0]()
    over = client.get(progress, headers={"HX-Request": "true"})
    issued = reverse("reporting:province_issued", args=[report.pk])
    assert over["HX-Redirect"] == f"{issued}?just=issued"
    client.get(progress)  # a poll that was on its way
    done = client.get(progress, follow=True).content.decode()
    assert done.count("Đã ban hành báo cáo.") + done.count("Đã phát hành báo cáo.") == 1
    assert "Đã phát hành báo cáo." not in client.get(issued).content.decode()
    assert "215" in done
    report.refresh_from_db()
    assert report.texts["next_tasks"] == ["Một", "Hai"]
    for kind, start_of_file in (("docx", b"PK"), ("xlsx", b"PK"), ("pdf", b"%PDF")):
        file = client.get(reverse("reporting:province_file", args=[report.pk, kind]))
        assert b"".join(file.streaming_content).startswith(start_of_file)
    assert client.get(sign).status_code == 404  # no draft any more


@pytest.mark.parametrize("role", ["leader", "ministry", "inspector", "centre"])
def test_who_may_not_issue_sees_issues_but_no_draft(client, computed, role):
    issued = computed.issue()
    draft = province.draft(computed.department, "20", YEAR, "ministry")
    client.force_login(computed.cast.user(role))
    assert client.get(reverse("reporting:province_issued", args=[issued.pk])).status_code == 200
    assert client.get(reverse("reporting:province_page", args=[draft.pk, 1])).status_code == 404
    assert client.get(reverse("reporting:province_sign", args=[draft.pk])).status_code == 403
    assert client.post(reverse("reporting:province_start"), {"audience": "ministry"}).status_code == 403


def test_the_page_today_has_the_targets_as_bars_and_the_report_to_issue(computed):
    leader = [i for i in items_for(computed.cast.user("leader"), YEAR, TODAY) if i.kind == "target"]
    assert len(leader) == 4
    assert [i.bar.gap for i in leader][:2] == ["còn 5 cơ sở", ""]
    titles = [i.title for i in items_for(computed.department, YEAR, TODAY) if i.kind == "due"]
    assert any("ban hành" in title for title in titles)
    before = items_for(computed.department, YEAR, datetime.date(2026, 12, 1))
    assert not any("ban hành" in i.title for i in before)
    assert not [i for i in items_for(computed.cast.user("factory"), YEAR, TODAY) if i.kind == "target"]


def test_a_leader_sees_what_holds_each_target_back(client, computed):
    leader = computed.cast.user("leader")
    client.force_login(leader)
    watched = [i for i in items_for(leader, YEAR, TODAY) if i.kind == "watch"]
    missed = TargetResult.objects.filter(year=YEAR, headline=True).exclude(met="yes")
    assert len(watched) == len(missed) > 0
    for item in watched:
        assert client.get(item.url).context["page"].paginator.count == item.count
    awaited = [i for i in items_for(leader, YEAR, TODAY) if "chờ phát hành" in i.title]
    assert [i.count for i in awaited] == [2]


def test_the_ministry_sees_how_each_province_stands_and_what_it_issued(client, computed):
    ministry = computed.cast.user("ministry")
    (line,) = [i for i in items_for(ministry, YEAR, TODAY) if i.kind == "watch"]
    met = TargetResult.objects.filter(year=YEAR, headline=True, met="yes").count()
    assert line.title == "Tỉnh Lạng Sơn"
    assert line.detail == f"chưa phát hành báo cáo · đạt {met}/4 mục tiêu"
    client.force_login(ministry)
    assert client.get(line.url).context["province"] == "20"
    draft = province.draft(computed.department, "20", YEAR, "ministry")
    ProvinceReport.objects.filter(pk=draft.pk).update(state="issued")
    (line,) = [i for i in items_for(ministry, YEAR, TODAY) if i.kind == "watch"]
    assert line.url == reverse("reporting:province_issued", args=[draft.pk])
    assert "đã phát hành báo cáo tới: Bộ" in line.detail


def test_a_saving_is_drawn_on_a_scale_of_its_own_and_its_target_is_a_range(client, computed):
    client.force_login(computed.cast.user("leader"))
    home = client.get(reverse("home"), {"year": YEAR}).text
    assert "8–13%" in home
    (saving,) = [
        i.bar
        for i in items_for(computed.cast.user("leader"), YEAR, TODAY)
        if i.kind == "target" and i.bar.is_range
    ]
    assert saving.on(saving.target) > 20
    assert saving.scale < 50


def test_plan_standings_and_facility_say_how_a_facility_is_judged(client, computed):
    client.force_login(computed.cast.user("leader"))
    plan = client.get(reverse("programme:targets"), {"year": YEAR}).content.decode()
    assert "aware.v1" not in plan  # a name of the machine's
    assert "ước lượng của chương trình" in plan
    query = {"year": YEAR, "question": "applying", "answer": "no"}
    standings = client.get(reverse("programme:standings"), query).content.decode()
    assert "Cơ sở số 5" in standings
    assert "chỉ có 1 biện pháp xử lý chất thải" in standings
    assert "Cơ sở số 1<" not in standings
    file = client.get(reverse("programme:export", args=["csv"]), query).content.decode("utf-8-sig")
    assert file.count("\n") == 3
    facility = client.get(reverse("registry:facility", args=["LS-0005"]), {"year": YEAR}).content.decode()
    assert "chỉ có 1 biện pháp xử lý chất thải" in facility
    assert "applying.v1" not in facility


def test_every_number_of_a_target_opens_exactly_the_facilities_behind_it(client, computed):
    overview = page(client, computed, "province").text
    results = TargetResult.objects.filter(year=YEAR, headline=True)
    assert len(results) == 4
    for result in results:
        unknown = standings_url(result.target_code, YEAR, "unknown")
        assert unknown.replace("&", "&amp;") in overview
        for answer, number in (
            ("yes", result.numerator),
            ("no", result.known - result.numerator),
            ("unknown", result.denominator - result.known),
            ("", result.denominator),
        ):
            opened = client.get(standings_url(result.target_code, YEAR, answer))
            assert opened.context["page"].paginator.count == number, (result.target_code, answer)
    saving = results.get(target_code__contains="saving")
    listed = client.get(standings_url(saving.target_code, YEAR, "unknown")).context["rows"]
    assert [s.facility.code for s, _answers in listed] == ["LS-0003", "LS-0004"]


def test_an_issue_that_failed_is_told_on_the_page_of_the_draft_and_can_be_asked_for_again(
    client, computed, monkeypatch, django_capture_on_commit_callbacks
):
    report = province.draft(computed.department, "20", YEAR, "ministry")
    client.force_login(computed.department)
    sign = reverse("reporting:province_sign", args=[report.pk])
    form = {"number": "7", "dated": "2027-01-05", "signer_name": "A"}

    def full(path, content):
        raise DiskFull(28, "No space left on device", str(path))

    with monkeypatch.context() as patch, django_capture_on_commit_callbacks(execute=True):
        patch.setattr(issuing, "write_atomic", full)
        client.post(sign, form)
    shown = client.get(reverse("reporting:province_issuing", args=[report.pk]), follow=True)
    report.refresh_from_db()
    assert "đĩa" in report.issuing_error
    assert report.issuing_error in shown.content.decode()
    assert AnnualReport.objects.filter(state="locked").count() == 0
    with django_capture_on_commit_callbacks(execute=True):
        client.post(sign, form)
    report.refresh_from_db()
    assert (report.state, report.number) == ("issued", "7")


def test_communes_have_their_english_names_on_the_english_page(client, computed, settings):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    (line,) = page(client, computed, "province").context["map"].lines
    assert line.name == computed.facilities[0].area.name_en
    assert line.name != computed.facilities[0].area.name_vi


def test_what_was_consumed_opens_its_lineage_at_the_years_number_and_says_what_it_stands_on(client, computed):
    text = page(client, computed, "province_section", "tieu-thu").content.decode()
    start = text.index(f"province:20:{YEAR}:consumption:electricity")
    assert ">22.200<" in text[start : start + 300]
    assert f"{YEAR} đã chấp nhận (%)" in text
    assert "theo báo cáo năm đã được chấp nhận" in text
