"""The pages of the inbox: what each person sees, and that every button does what it says."""

import re
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.apps.intake.conftest import simple
from tests.apps.intake.test_mapping import bills, book, by_month, shared_file
from tests.apps.intake.test_taking import send

from sachhon.apps.intake.models import CellFix, ImportFile, ImportJob, MappingProfile
from sachhon.apps.intake.plugs import today_items
from sachhon.apps.intake.services import mending
from sachhon.apps.registry.models import Product, Record

State = ImportFile.State


@pytest.fixture
def as_user(client, cast):
    def login(role):
        client.force_login(cast.user(role))
        return client

    return login


@pytest.fixture
def at_once(django_capture_on_commit_callbacks):
    """Posts and lets the worker do what was queued."""

    def post(client, address, *args, **data):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(reverse(f"intake:{address}", args=args), data, follow=True)

    return post


def upload_of(content_file) -> SimpleUploadedFile:
    return SimpleUploadedFile(content_file.name, content_file.read())


def page(client, name, *args, **query) -> str:
    answer = client.get(reverse(f"intake:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_empty_inbox_says_what_to_do(as_user):
    html = page(as_user("factory"), "inbox")
    assert 'type="file"' in html
    assert 'class="empty"' in html


def test_uploading_leads_to_the_sending_and_its_files(as_user, simple_format, at_once):
    client = as_user("factory")
    answer = at_once(
        client, "upload", files=[upload_of(simple((1, 5))), upload_of(simple((1, "x"), file="sai.csv"))]
    )
    job = ImportJob.objects.get()
    assert answer.redirect_chain[-1][0].endswith(f"?job={job.key}")
    html = answer.content.decode()
    assert "so-lieu.csv" in html
    assert "sai.csv" in html
    assert set(job.files.values_list("state", flat=True)) == {State.TAKEN, State.REFUSED}


def test_uploading_nothing_or_for_an_unknown_facility_says_so(as_user, at_once):
    client = as_user("centre")
    assert "alert" in at_once(client, "upload").content.decode()
    html = at_once(client, "upload", files=upload_of(simple((1, 5))), facility="LS-9999").content.decode()
    assert "LS-9999" in html
    assert not ImportJob.objects.exists()


def test_the_chips_narrow_the_list_and_stand_in_the_address(as_user, cast, simple_format):
    taken, refused = send(cast.user("factory"), simple((1, 5)), simple((1, "x"), file="sai.csv", year=2024))
    aside = send(cast.user("factory"), simple((1, "y"), file="cat.csv"))[0]
    mending.set_aside(cast.user("factory"), aside)
    client = as_user("factory")

    def names(**query):
        return set(re.findall(r'file-name" href="[^"]+">([^<]+)<', page(client, "inbox", **query)))

    assert names() == {taken.name, refused.name}
    assert names(state="open") == {refused.name}
    assert names(state="set_aside") == {aside.name}
    assert names(q="SAI") == {refused.name}
    assert names(q="gach tuynel") == {taken.name, refused.name}
    assert names(year="2025") == {taken.name}
    assert names(job=str(aside.job.key), state="set_aside") == {aside.name}
    assert names(job="not-a-key") == set()


def test_progress_asks_again_while_the_job_runs_and_ends_with_the_result(as_user, cast, simple_format):
    client = as_user("factory")
    (file,) = send(cast.user("factory"), simple((1, 5)))
    over = client.get(reverse("intake:progress", args=[file.job.key]))
    assert "hx-trigger" not in over.content.decode()
    assert over["HX-Trigger"] == "files-changed"
    ImportJob.objects.update(state="running", beat_at=file.job.created_at)
    assert "hx-trigger" in page(client, "progress", file.job.key)


def test_a_sending_whose_reader_died_offers_to_go_on(as_user, cast, simple_format, at_once):
    from datetime import timedelta

    from sachhon.apps.intake.services.receiving import receive
    from sachhon.apps.intake.services.running import LEASE

    client = as_user("factory")
    job = receive(cast.user("factory"), [simple((1, 5))], start=False)
    ImportJob.objects.update(
        state="running", worker="dead", beat_at=job.created_at - 2 * LEASE - timedelta(1)
    )
    assert reverse("intake:resume", args=[job.key]) in page(client, "progress", job.key)
    at_once(client, "resume", job.key)
    assert job.files.get().state == State.TAKEN


def test_a_problem_leads_to_its_cell_and_the_correction_is_read_again(as_user, cast, simple_format, at_once):
    client = as_user("factory")
    (file,) = send(cast.user("factory"), simple((1, 5), (2, "12o")))
    html = page(client, "file", file.pk)
    assert "cell=B3" in html
    assert "is-error" in html
    html = page(client, "file", file.pk, sheet="CSV", cell="B3")
    assert 'value="12o"' in html
    at_once(client, "fix", file.pk, sheet="CSV", cell="B3", value="120", retry="1")
    file.refresh_from_db()
    assert file.state == State.TAKEN
    assert Record.objects.get(month=2).quantity == 120
    assert "is-fixed" in page(client, "file", file.pk, sheet="CSV", cell="B3")


def test_a_correction_can_be_dropped_on_the_page(as_user, cast, simple_format, at_once):
    client = as_user("factory")
    (file,) = send(cast.user("factory"), simple((2, "12o")))
    at_once(client, "fix", file.pk, sheet="CSV", cell="B2", value="120")
    at_once(client, "fix", file.pk, sheet="CSV", cell="B2", drop="1")
    assert not CellFix.objects.exists()


def test_the_sheet_is_shown_in_windows(as_user, cast):
    rows = [[f"r{r}c{c}" for c in range(40)] for r in range(100)]
    (file,) = send(cast.user("factory"), book({"Lớn": rows}))
    client = as_user("factory")
    html = page(client, "file", file.pk)
    assert "r0c0" in html
    assert "r40c0" not in html
    assert "r0c14" not in html
    html = page(client, "file", file.pk, sheet="Lớn", row="40", column="14")
    assert "r40c14" in html
    assert "r39c14" not in html
    html = page(client, "file", file.pk, sheet="Lớn", cell="AN100")
    assert 'value="r99c39"' in html
    assert page(client, "file", file.pk, sheet="không có", cell="zz", row="-1", column="99999999")


def test_a_file_that_cannot_be_opened_has_a_page_that_says_why(as_user, cast):
    (file,) = send(cast.user("factory"), SimpleUploadedFile("hong.xlsx", b"PK\x03\x04 broken"))
    html = page(as_user("factory"), "file", file.pk)
    assert file.problems.get().message in html
    assert reverse("intake:annotated", args=[file.pk]) not in html
    answer = as_user("factory").get(reverse("intake:annotated", args=[file.pk]))
    assert answer.status_code == 302


def test_hostile_names_and_cells_are_only_text(as_user, cast):
    rows = [["<script>alert(1)</script>", "=cmd|' /C calc'!A0"], ["x", 1]]
    (file,) = send(cast.user("factory"), book({"<b>": rows}, name="<script>.xlsx"))
    html = page(as_user("factory"), "file", file.pk)
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html
    assert "<b>" not in html.split("<main", 1)[1].replace("<body", "")


def test_downloads_are_attachments_that_no_browser_opens(as_user, cast, simple_format):
    (file,) = send(cast.user("factory"), simple((1, 5), file='số liệu; "2025".csv'))
    answer = as_user("factory").get(reverse("intake:original", args=[file.pk]))
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content) == file.content.read()


def test_the_annotated_copy_marks_the_cell_and_disarms_formulas(as_user, cast, simple_format):
    (file,) = send(cast.user("factory"), simple((1, "=cmd|' /C calc'!A0"), (2, -3)))
    answer = as_user("factory").get(reverse("intake:annotated", args=[file.pk]))
    marked = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content)))
    assert marked["CSV"]["B2"].comment
    assert marked["CSV"]["B3"].comment
    assert all(cell.data_type != "f" for sheet in marked for row in sheet.iter_rows() for cell in row)


def test_undo_set_aside_and_read_again_from_the_page(as_user, cast, simple_format, at_once):
    client = as_user("factory")
    (file,) = send(cast.user("factory"), simple((1, 5)))
    at_once(client, "undo", file.pk)
    assert not Record.objects.exists()
    at_once(client, "set_aside", file.pk)
    file.refresh_from_db()
    assert file.state == State.SET_ASIDE
    at_once(client, "retry", file.pk)
    file.refresh_from_db()
    assert file.state == State.TAKEN
    html = at_once(client, "set_aside", file.pk).content.decode()
    assert file.get_state_display() in html
    file.refresh_from_db()
    assert file.state == State.TAKEN


def test_acting_on_many_asks_before_it_undoes(as_user, cast, simple_format, at_once):
    client = as_user("factory")
    files = send(cast.user("factory"), simple((1, 5)), simple((1, 6), year=2024))
    ticked = [str(file.pk) for file in files]
    answer = at_once(client, "many", act="undo", file=ticked)
    assert Record.objects.count() == 2
    assert 'name="yes"' in answer.content.decode()
    at_once(client, "many", act="undo", file=ticked, yes="1")
    assert not Record.objects.exists()
    at_once(client, "many", act="retry", file=ticked)
    assert Record.objects.count() == 2
    at_once(client, "many", act="set_aside", file=[])
    at_once(client, "many", act="nonsense", file=ticked)
    assert {file.state for file in ImportFile.objects.all()} == {State.TAKEN}


def test_a_whole_sending_is_undone_from_its_list(as_user, cast, simple_format, at_once):
    (file,) = send(cast.user("factory"), simple((1, 5)))
    at_once(as_user("factory"), "undo_job", file.job.key)
    assert not Record.objects.exists()


def test_an_officer_chooses_the_facility_on_the_page(as_user, cast, simple_format, at_once):
    (file,) = send(cast.user("centre"), simple((1, 5)))
    client = as_user("centre")
    assert 'name="facility"' in page(client, "file", file.pk)
    at_once(client, "choose_facility", file.pk, facility="LS-0404")
    file.refresh_from_db()
    assert file.state == State.NEEDS_FACILITY
    at_once(client, "choose_facility", file.pk, facility="ls-0002")
    file.refresh_from_db()
    assert (file.state, file.facility) == (State.TAKEN, cast.quarry)


def test_columns_are_mapped_on_the_page(as_user, cast, at_once):
    client = as_user("factory")
    (file,) = send(cast.user("factory"), shared_file("hoa_don_dien_2025.xlsx"))
    html = page(client, "mapping", file.pk)
    assert 'name="role_3"' in html
    assert "22.818" in html  # January of the preview
    at_once(client, "mapping", file.pk, act="confirm", name="Hoá đơn EVN", **form_of(html))
    file.refresh_from_db()
    assert file.is_taken
    assert (
        round(by_month(cast.brick)["2025-01"], 3) == round(22817.694, 3)
        or by_month(cast.brick)["2025-01"] > 22817
    )
    assert MappingProfile.objects.get().name == "Hoá đơn EVN"
    html = page(client, "file", file.pk)
    assert "Hoá đơn EVN" in html
    assert reverse("registry:records", args=[cast.brick.code]) + "?year=2025" in html
    profile = MappingProfile.objects.get()
    assert f"?profile={profile.pk}" in page(client, "profiles")
    assert file.name in page(client, "inbox", profile=str(profile.pk))
    assert f'"/hop-nhap/{file.pk}/"' not in page(client, "inbox", profile="987654")


def test_a_choice_on_the_mapping_page_changes_what_is_read(as_user, cast, at_once):
    client = as_user("factory")
    (file,) = send(cast.user("factory"), bills(["T1", 100, 250000]))
    fields = form_of(page(client, "mapping", file.pk))
    fields |= {"role_2": "skip", "year": "2023", "meter": "Công tơ 7", "unit_1": "MWh"}
    at_once(client, "mapping", file.pk, act="confirm", name="Hoá đơn", **fields)
    record = Record.objects.get()
    assert (record.year, record.meter, record.cost_vnd, record.quantity) == (2023, "Công tơ 7", None, 100_000)


def test_an_undecided_column_is_listed_and_not_confirmed(as_user, cast, at_once):
    client = as_user("factory")
    (file,) = send(cast.user("factory"), bills(["T1", 100, 250000]))
    fields = form_of(page(client, "mapping", file.pk)) | {"role_2": "undecided"}
    html = at_once(client, "mapping", file.pk, act="confirm", name="x", **fields).content.decode()
    assert "Thành tiền (đồng)" in html.split('id="preview"', 1)[1]
    assert not MappingProfile.objects.exists()


def test_an_old_form_is_mapped_line_by_line(as_user, cast, at_once):
    client = as_user("factory")
    (file,) = send(cast.user("factory"), shared_file("bao_cao_2024_font_cu.xlsx"))
    fields = form_of(page(client, "mapping", file.pk)) | {"field_2": "skip"}
    at_once(client, "mapping", file.pk, act="confirm", name="Báo cáo cũ", **fields)
    assert set(Record.objects.values_list("resource__kind", flat=True)) == {"electricity", "fuel"}


def test_a_table_can_be_skipped_by_a_persons_word(as_user, cast, at_once):
    client = as_user("factory")
    (file,) = send(cast.user("factory"), bills(["T1", 100, 250000]))
    at_once(client, "mapping", file.pk, act="skip", name="Không đọc")
    assert MappingProfile.objects.get().spec["skipped"] is True
    assert not Record.objects.exists()


def test_the_preview_alone_is_sent_to_htmx(as_user, cast):
    (file,) = send(cast.user("factory"), bills(["T1", 100, 250000]))
    client = as_user("factory")
    fields = form_of(page(client, "mapping", file.pk))
    answer = client.post(
        reverse("intake:mapping", args=[file.pk]),
        fields,
        headers={"HX-Request": "true", "HX-Target": "preview"},
    )
    html = answer.content.decode()
    assert html.strip().startswith("<section")
    assert "<html" not in html


def test_the_preview_has_as_many_digits_as_the_figures_need(as_user, cast):
    (file,) = send(cast.user("factory"), shared_file("so_theo_doi_than.xlsx"))
    html = page(as_user("factory"), "mapping", file.pk)
    cells = re.findall(r'<td class="num">([^<]*)</td>', html)
    assert cells[:3] == ["27,5", "35,6", "34,9"]


def test_a_layout_that_changed_a_little_is_proposed_the_mapping_kept_before(as_user, cast, at_once):
    client = as_user("factory")
    (first,) = send(cast.user("factory"), bills(["T1", 100, 250000]))
    html = page(client, "mapping", first.pk)
    assert "gần giống" not in html
    at_once(
        client, "mapping", first.pk, **{**form_of(html), "role_2": "skip", "meter": "CT-1", "act": "confirm"}
    )
    header = ["Tháng", "Điện tiêu thụ (kWh)", "Thành tiền (đồng)", "Người ghi"]
    (second,) = send(cast.user("factory"), bills(["T2", 90, 230000, "Lan"], header=header))
    assert second.state == State.NEEDS_MAPPING
    own = page(client, "file", second.pk)
    assert "gần giống" in own
    assert "gặp lần đầu" not in own
    assert "gặp lần đầu" in page(client, "file", send(cast.user("factory"), shared_file("nuoc.ods"))[0].pk)
    html = page(client, "mapping", second.pk)
    assert "Mẫu này gần giống" in html
    assert "thêm “Người ghi”" in html
    choices = form_of(html)
    assert (choices["role_2"], choices["meter"]) == ("skip", "CT-1")
    at_once(client, "mapping", second.pk, **{**choices, "role_3": "skip", "act": "confirm"})
    assert list(Record.objects.order_by("month").values_list("month", "meter", "cost_vnd")) == [
        (1, "CT-1", None),
        (2, "CT-1", None),
    ]


def test_the_preview_tells_what_would_be_refused_and_writes_nothing(as_user, cast):
    Product.objects.create(facility=cast.brick, name="Gạch 6 lỗ", unit="k_vien")
    (file,) = send(cast.user("factory"), shared_file("san_luong.xls"))
    html = page(as_user("factory"), "mapping", file.pk)
    assert html.count("hai đơn vị không đổi được sang nhau") == 1
    assert "Bỏ qua cột này" in html
    assert "đã được thêm" not in html
    assert Product.objects.count() == 1


def test_profiles_are_renamed_shared_and_deleted_on_their_page(as_user, cast, at_once):
    client = as_user("centre")
    (file,) = send(cast.user("centre"), bills(["T1", 100, 1]), facility=cast.brick)
    fields = form_of(page(client, "mapping", file.pk))
    at_once(client, "mapping", file.pk, act="confirm", name="Hoá đơn", **fields)
    profile = MappingProfile.objects.get()
    at_once(client, "rename_profile", profile.pk, name="Điện lực")
    at_once(client, "share_profile", profile.pk, on="1")
    profile.refresh_from_db()
    assert (profile.name, profile.shared) == ("Điện lực", True)
    assert "Điện lực" in page(client, "profiles")
    at_once(client, "share_profile", profile.pk)
    profile.refresh_from_db()
    assert not profile.shared
    at_once(client, "delete_profile", profile.pk)
    assert not MappingProfile.objects.exists()
    assert 'class="empty"' in page(client, "profiles")


@pytest.mark.parametrize("name", ["file", "original", "annotated", "mapping"])
def test_a_factory_cannot_see_the_file_of_another(as_user, cast, simple_format, name):
    (file,) = send(cast.user("centre"), simple((1, 5), code="LS-0002"))
    assert as_user("factory").get(reverse(f"intake:{name}", args=[file.pk])).status_code == 404


@pytest.mark.parametrize("name", ["fix", "choose_facility", "retry", "set_aside", "undo"])
def test_a_factory_cannot_touch_the_file_of_another(as_user, cast, simple_format, name):
    (file,) = send(cast.user("centre"), simple((1, 5), code="LS-0002"))
    assert as_user("factory").post(reverse(f"intake:{name}", args=[file.pk])).status_code == 404
    at_list = as_user("factory").post(reverse("intake:many"), {"act": "undo", "file": [file.pk], "yes": "1"})
    assert at_list.status_code == 302
    file.refresh_from_db()
    assert file.state == State.TAKEN
    assert as_user("factory").get(reverse("intake:progress", args=[file.job.key])).status_code == 404


def test_scope_of_files(cast, simple_format):
    """A factory: its people's and those of its facilities; an expert: own and assigned; officers: the province."""
    (own,) = send(cast.user("factory"), simple((1, 1)))
    (for_brick, for_quarry, nobody) = send(
        cast.user("centre"), simple((1, 2), code="LS-0001"), simple((1, 3), code="LS-0002"), simple((1, 4))
    )
    (experts,) = send(cast.user("expert"), simple((1, "x")))

    def seen(role):
        return set(ImportFile.objects.visible_to(cast.user(role)))

    assert seen("factory") == {own, for_brick, experts}
    assert seen("expert") == {own, for_brick, experts}
    assert seen("centre") == {own, for_brick, for_quarry, nobody, experts}
    stranger = cast.user("factory")
    stranger.organisation = cast.far_enterprise
    assert set(ImportFile.objects.visible_to(stranger)) == set()
    closed = cast.user("centre")
    closed.is_active = False
    assert set(ImportFile.objects.visible_to(closed)) == set()


@pytest.mark.parametrize("role", ["inspector", "leader", "ministry"])
def test_who_has_nothing_to_do_with_files_is_refused(as_user, role):
    assert as_user(role).get(reverse("intake:inbox")).status_code == 403


def test_the_list_takes_a_constant_number_of_queries(
    as_user, cast, simple_format, django_assert_max_num_queries
):
    client = as_user("centre")
    page(client, "inbox")
    send(cast.user("centre"), *(simple((1, n), year=2000 + n, code="LS-0001") for n in range(1, 12)))
    with django_assert_max_num_queries(30):
        page(client, "inbox")


def form_of(html: str) -> dict[str, str]:
    """The values of the mapping form as a browser would send them."""
    body = html.split('<form class="map"', 1)[1].split("</form>", 1)[0]
    fields = {}
    for tag in re.findall(r"<input[^>]*>", body):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if attributes.get("type") in ("checkbox", "hidden") and "checked" not in tag:
            continue
        if "name" in attributes:
            fields[attributes["name"]] = attributes.get("value", "on")
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', body, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        fields[name] = chosen[1] if chosen else ""
    fields.pop("name", None)
    return fields


def test_the_columns_of_the_inbox_are_chosen_and_the_count_of_the_page_today_is_that_of_its_list(
    as_user, cast
):
    client = as_user("centre")
    send(cast.user("centre"), bills(["T1", 100, 250000]))
    html = client.get(reverse("intake:inbox")).content.decode()
    assert "Người gửi" in html  # it can be chosen
    assert 'data-label="Người gửi"' not in html
    client.post(reverse("people:columns"), {"list": "inbox", "column": ["state", "sender"], "next": "/"})
    html = client.get(reverse("intake:inbox")).content.decode()
    assert 'data-label="Người gửi"' in html
    assert 'data-label="Vấn đề"' not in html
    (item,) = today_items(cast.user("centre"), 2026, None)
    assert item.count == client.get(item.url).context["page"].paginator.count == 1


def test_the_list_is_taken_away_as_it_is_filtered(as_user, cast, simple_format):
    send(cast.user("centre"), simple((1, 5), code="LS-0001"), simple((1, "x"), file="sai.csv"))
    client = as_user("centre")
    text = client.get(reverse("intake:export", args=["csv"]), {"q": "sai"}).content.decode("utf-8-sig")
    assert "sai.csv" in text
    assert "so-lieu.csv" not in text
    book = openpyxl.load_workbook(BytesIO(client.get(reverse("intake:export", args=["xlsx"])).content))
    names = {cell.value for row in book.worksheets[0].iter_rows() for cell in row}
    assert {"sai.csv", "so-lieu.csv"} <= names
    assert client.get(reverse("intake:export", args=["exe"])).status_code == 404
