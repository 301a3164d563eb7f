"""Files attached to readings, verifications and plans: never trusted, without the place, closed with what is closed."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document
from openpyxl import Workbook
from PIL import Image
from tests.apps.assessment.flow_making import brickworks
from tests.apps.assessment.test_quick_photos import picture

from sachhon.apps.assessment.documents.detailed.carried_out import carried_out
from sachhon.apps.assessment.documents.detailed.told import Told
from sachhon.apps.assessment.documents.evidence import evidence
from sachhon.apps.assessment.models import Attachment, Measurement, Option, OptionState
from sachhon.apps.assessment.services import attachments
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.apps.assessment.services.flow.secrets import keep_secret
from sachhon.apps.assessment.services.opening import remove_member
from sachhon.apps.people.models import AuditEntry
from sachhon.documents.compose import PhotosBlock


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def reading(cast):
    _assessment, streams = brickworks(cast)
    return Measurement.objects.get(stream=streams["coal"])


def sent(content: bytes, name="than.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def kept(cast, owner, content=None, name="than.jpg", **other):
    content = picture() if content is None else content
    return attachments.attach(
        cast.user("expert"), owner, sent(picture() if content is None else content, name), **other
    )


def test_a_photo_is_encoded_anew_without_the_place_but_with_the_moment(cast, reading):
    made = kept(cast, reading, caption="  Cân   xe than ")
    with made.file.open("rb") as file:
        image = Image.open(file)
        assert max(image.size) == 2000
        assert dict(image.getexif()) == {}
    assert made.taken_at.strftime("%d/%m/%Y") == "03/11/2026"
    assert (made.kind, made.caption, made.by_name) == (
        "photo",
        "Cân xe than",
        cast.user("expert").display_name(),
    )
    assert AuditEntry.objects.filter(verb="attachment.on").count() == 1


def test_a_pdf_is_kept_as_it_came_and_given_back_only_as_a_download(cast, reading, client):
    content = b"%PDF-1.7 <script>alert(1)</script>"
    made = kept(cast, reading, content, "..\\..\\hóa đơn\x00.pdf")
    assert made.name == "hóa đơn.pdf"
    assert ".." not in made.file.name
    client.force_login(cast.user("expert"))
    answer = client.get(f"/danh-gia/{reading.assessment_id}/tep/{made.pk}/lon")
    assert b"".join(answer.streaming_content) == content
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"<html><script>", "anh.jpg", "phải là ảnh"),
        (b"PK\x03\x04 zip", "so.xlsx", "phải là ảnh"),
        (b"\xff\xd8\xff\xe0 broken", "anh.jpg", "không phải là ảnh"),
        (b"%PDF" + b"0" * (10 * 1024 * 1024 + 1), "to.pdf", "10 MB"),
        (b"", "rong.jpg", "phải là ảnh"),
    ],
)
def test_what_is_no_photo_and_no_pdf_is_refused_and_nothing_is_written(
    cast, reading, media, content, name, words
):
    with pytest.raises(AssessmentError) as refused:
        kept(cast, reading, content, name)
    assert words in str(refused.value)
    assert not Attachment.objects.exists()
    assert not list(media.rglob("*.*")) if media.exists() else True


def test_the_same_file_twice_is_kept_once_and_too_many_are_refused(cast, reading, monkeypatch):
    assert kept(cast, reading) == kept(cast, reading)
    monkeypatch.setattr(attachments, "MOST", 2)
    kept(cast, reading, b"%PDF-1")
    with pytest.raises(AssessmentError, match="nhiều nhất 2 tệp"):
        kept(cast, reading, b"%PDF-2")


def test_who_was_taken_off_the_team_attaches_nothing_and_takes_nothing_off(cast, reading):
    made = kept(cast, reading)
    member = reading.assessment.members.get(user=cast.user("expert"))
    remove_member(cast.user("centre"), member)
    with pytest.raises(AssessmentError):
        kept(cast, reading, b"%PDF-1")
    with pytest.raises(AssessmentError):
        attachments.detach(cast.user("expert"), made, now=made.at)


def test_the_evidence_of_a_closed_stream_is_closed_and_that_of_others_is_not_found(cast, reading, client):
    made = kept(cast, reading)
    base = f"/danh-gia/{reading.assessment_id}/tep/"
    pages = (f"{base}measurement/{reading.pk}/", f"{base}{made.pk}/lon", f"{base}{made.pk}/nho")
    client.force_login(cast.user("department"))
    assert [client.get(page).status_code for page in pages] == [200, 200, 200]
    keep_secret(cast.user("factory"), reading.stream, price=False, quantity=True)
    assert [client.get(page).status_code for page in pages] == [404, 404, 404]
    assert evidence(cast.user("department"), reading.assessment, verified=False) == []
    client.force_login(cast.user("expert"))
    assert [client.get(page).status_code for page in pages] == [200, 200, 200]
    assert client.get(f"{base}cai-gi-do/{reading.pk}/").status_code == 404


def test_the_pages_attach_count_and_take_off(cast, reading, client):
    client.force_login(cast.user("expert"))
    page = f"/danh-gia/{reading.assessment_id}/tep/measurement/{reading.pk}/"
    answer = client.post(page + "gan/", {"file": [sent(picture()), sent(b"xin chao", "chao.txt")]})
    assert answer.status_code == 422
    assert "chao.txt: Tệp phải là ảnh" in answer.text
    assert client.post(page + "gan/").status_code == 422
    assert "1 tệp" in client.get(f"/danh-gia/{reading.assessment_id}/dong/so-do/").text
    made = Attachment.objects.get()
    client.post(f"/danh-gia/{reading.assessment_id}/tep/{made.pk}/bo/")
    assert "Chưa gắn tệp nào" in client.get(page).text
    assert client.get(f"/danh-gia/{reading.assessment_id}/tep/{made.pk}/lon").status_code == 404


def test_photos_of_a_plan_and_evidence_stand_in_the_report(cast, reading):
    assessment = reading.assessment
    option = Option.objects.create(
        assessment=assessment,
        number=1,
        name="Bọc lò",
        state=OptionState.IN_PROGRESS,
        group="equipment_modification",
    )
    kept(cast, option, caption="Sau khi bọc")
    kept(cast, reading, b"%PDF-1.7", "phieu-can.pdf")
    told = Told(cast.user("expert"), assessment, "vi", [option], {})
    (photos,) = [b for b in carried_out(told) if isinstance(b, PhotosBlock)]
    assert (
        photos.photos[0].caption.startswith("GP1: Sau khi bọc") or "Sau khi bọc" in photos.photos[0].caption
    )
    assert Image.open(io.BytesIO(photos.photos[0].jpeg)).size[0] <= 600
    (block,) = evidence(cast.user("expert"), assessment, verified=False)
    table = block.table
    assert evidence(cast.user("expert"), assessment, verified=True) == []
    assert table.rows[0][1] == "phieu-can.pdf"
    assert "Than cám" in table.rows[0][0]


def packed(**parts: str) -> bytes:
    """A zip of such parts."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return held.getvalue()


def workbook(**more: str) -> bytes:
    """A workbook as a program writes it, with further parts."""
    held = io.BytesIO()
    book = Workbook()
    book.active.append(["Tháng", "Than (tấn)"])
    book.active.append(["01/2025", 51.5])
    book.save(held)
    with zipfile.ZipFile(held, "a") as archive:
        for name, text in more.items():
            archive.writestr(name, text)
    return held.getvalue()


def document(template: str = "") -> bytes:
    held = io.BytesIO()
    made = Document()
    made.add_paragraph("Biên bản cân than")
    if template:
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
        made.part.relate_to(template, kind, is_external=True)
    made.save(held)
    return held.getvalue()


TABLE = "Tháng;Than (tấn);Chênh\n01/2025;51,5;-2,5\n02/2025;49;+1\n".encode()


@pytest.mark.parametrize(
    ("content", "name", "kind", "called"),
    [
        (workbook(), "sổ cân.xlsx", "xlsx", "sổ cân.xlsx"),
        (document(), "biên bản.docx", "docx", "biên bản.docx"),
        (TABLE, "can.CSV", "csv", "can.CSV"),
        ("\ufeffTháng,Than\n1,2\n".encode("utf-16-le"), "can.csv", "csv", "can.csv"),
        (workbook(), "so.exe", "xlsx", "so.exe.xlsx"),  # by its content, and called what it is
        (b"%PDF-1.7", "phieu.scr", "pdf", "phieu.scr.pdf"),
    ],
)
def test_workbooks_documents_and_tables_are_kept_as_they_came(
    cast, reading, client, content, name, kind, called
):
    made = kept(cast, reading, content, name)
    assert (made.kind, made.name) == (kind, called)
    client.force_login(cast.user("expert"))
    answer = client.get(f"/danh-gia/{reading.assessment_id}/tep/{made.pk}/lon")
    assert b"".join(answer.streaming_content) == content
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    page = client.get(f"/danh-gia/{reading.assessment_id}/tep/measurement/{reading.pk}/").content.decode()
    assert called in page
    (told,) = evidence(cast.user("expert"), reading.assessment, verified=False)
    assert told.table.rows[0][2] == str(made.get_kind_display())


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (workbook(**{"xl/vbaProject.bin": "x"}), "so.xlsx", "macro"),
        (workbook(**{"xl/embeddings/oleObject1.bin": "x"}), "so.xlsx", "nhúng"),
        (document("https://xau.example/mau.dotm"), "bien-ban.docx", "từ nơi khác"),
        (packed(**{"word/document.xml": "<!DOCTYPE x [<!ENTITY a 'b'>]><w/>"}), "a.docx", ""),
        (packed(**{"word/document.xml": "0" * 60_000_000}), "a.docx", ""),  # a thousand times its size
        (packed(**{"anh.txt": "x"}), "a.zip", "phải là ảnh"),
        (b'ten;so\nA;=HYPERLINK("http://xau")\n', "a.csv", "Dòng 2 có công thức"),
        (b"ten;so\nA;@SUM(1)\n", "a.csv", "Dòng 2"),
        (b"ten;so\nA;+cmd|' /C calc'!A0\n", "a.csv", "Dòng 2"),
        (b"mot dong chu\n", "a.csv", "phải là ảnh"),
        (b"MZ\x90\x00\x03;\x00\x00\n;", "a.csv", ""),
        (TABLE, "a.txt", "phải là ảnh"),
    ],
)
def test_what_could_do_harm_to_who_downloads_it_is_refused(cast, reading, media, content, name, words):
    with pytest.raises(AssessmentError) as refused:
        kept(cast, reading, content, name)
    assert words in str(refused.value)
    assert not Attachment.objects.exists()
