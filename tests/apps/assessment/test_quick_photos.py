"""Photos: looked at by content, encoded anew without the place, kept once, shown to those who may see."""

import io
import uuid

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from sachhon.apps.assessment.models import Photo
from sachhon.apps.assessment.services import quick_photos
from sachhon.apps.assessment.services.errors import AssessmentError, NotYours
from sachhon.apps.assessment.services.opening import remove_member
from sachhon.site.backup import backup, restore


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def picture(side=(3000, 1500), kind="JPEG", place=True) -> bytes:
    image = Image.new("RGB", side, (120, 80, 40))
    exif = image.getexif()
    if place:
        exif[0x0112] = 6  # lies on its side
        exif[0x010F] = "Máy ảnh"
        exif.get_ifd(0x8825)[1] = "N"
        exif.get_ifd(0x8825)[2] = (21.0, 51.0, 0.0)
        exif.get_ifd(0x8769)[36867] = "2026:11:03 09:15:00"
    out = io.BytesIO()
    image.save(out, kind, exif=exif)
    return out.getvalue()


def add(walk, content, **other):
    values = {
        "photo_id": uuid.uuid4(),
        "question": walk.codes[0],
        "file": io.BytesIO(content),
        "size": len(content),
    }
    return quick_photos.add_photo(walk.expert, walk.assessment, **(values | other))


def test_a_photo_is_turned_upright_made_smaller_and_loses_its_place(walk):
    content = picture()
    assert b"GPS" in content or Image.open(io.BytesIO(content)).getexif().get_ifd(0x8825)
    photo = add(walk, content)
    kept = Image.open(photo.image)
    assert kept.size == (1000, 2000)
    assert (photo.width, photo.height) == kept.size
    assert dict(kept.getexif()) == {}
    assert max(Image.open(photo.thumb).size) == quick_photos.THUMB_SIDE
    assert timezone.localtime(photo.taken_at).isoformat() == "2026-11-03T09:15:00+07:00"


def test_the_same_photo_sent_twice_is_kept_once(walk):
    photo_id = uuid.uuid4()
    assert add(walk, picture(), photo_id=photo_id) == add(walk, picture(), photo_id=photo_id)
    assert Photo.objects.count() == 1


@pytest.mark.parametrize(
    "content",
    [b"", b"%PDF-1.7 not a photo", b"GIF89a" + b"0" * 100, b"<svg onload='alert(1)'/>", picture()[:4000]],
)
def test_what_is_no_photo_is_refused_by_its_content(walk, content):
    with pytest.raises(AssessmentError, match="không phải là ảnh"):
        add(walk, content)
    assert not Photo.objects.exists()


def test_a_photo_of_50_mb_and_one_of_too_many_points_are_refused_with_words(walk):
    with pytest.raises(AssessmentError, match="50 MB"):
        add(walk, b"x", size=50 * 1024 * 1024)
    with pytest.raises(AssessmentError, match="điểm ảnh"):
        add(walk, picture((10_000, 7_000), "PNG", place=False))


def test_a_question_holds_a_bounded_number(walk):
    for _n in range(quick_photos.MOST_AT_A_QUESTION):
        add(walk, picture((40, 30), place=False))
    with pytest.raises(AssessmentError):
        add(walk, picture((40, 30), place=False))
    quick_photos.remove_photo(walk.expert, Photo.objects.first(), now=timezone.now())
    add(walk, picture((40, 30), place=False))


def test_who_was_taken_off_keeps_nothing_half_written(walk):
    remove_member(walk.centre, walk.member)
    with pytest.raises(NotYours):
        add(walk, picture())
    folder = settings.MEDIA_ROOT / "assessment"
    assert not folder.exists() or not [f for f in folder.rglob("*") if f.is_file()]


def test_a_photo_is_served_to_those_who_see_the_assessment_only(walk, client, cast):
    photo = add(walk, picture())
    url = reverse("assessment:quick_photo", args=[walk.assessment.pk, photo.pk, "lon"])
    client.force_login(cast.user("factory"))
    shown = client.get(url)
    assert shown["Content-Type"] == "image/jpeg"
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in shown["Content-Security-Policy"]
    assert "private" in shown["Cache-Control"]
    assert b"".join(shown)[:2] == b"\xff\xd8"
    client.force_login(cast.user("inspector"))
    assert client.get(url).status_code == 403
    stranger = cast.user("centre")
    stranger.province_code = "19"
    stranger.save()
    client.force_login(stranger)
    assert client.get(url).status_code == 404
    assert client.get(f"/khong-cong-khai/{photo.image.name}").status_code == 404


def test_the_plain_form_adds_a_photo_and_a_script_is_told_in_json(walk, client):
    client.force_login(walk.expert)
    url = reverse("assessment:quick_add_photo", args=[walk.assessment.pk])
    values = {"id": str(uuid.uuid4()), "question": walk.codes[0]}
    sent = client.post(url, values | {"photo": SimpleUploadedFile("a.jpg", picture())})
    assert sent.status_code == 302
    assert Photo.objects.count() == 1
    wrong = client.post(
        url,
        {"id": str(uuid.uuid4()), "question": walk.codes[0], "photo": SimpleUploadedFile("a.jpg", b"no")},
        headers={"Accept": "application/json"},
    )
    assert wrong.status_code == 422
    assert "ảnh" in wrong.json()["words"]


def test_a_backup_brings_the_photos_back(walk, tmp_path):
    photo = add(walk, picture())
    content = photo.image.read()
    backup(tmp_path / "b.tar.gz")
    photo.image.storage.delete(photo.image.name)
    photo.delete()
    restore(tmp_path / "b.tar.gz")
    assert Photo.objects.get().image.read() == content
