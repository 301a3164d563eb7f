"""The parts of an archive: unpacked once and proven, the large ones streamed."""

import io
import zipfile

import pytest

from sachhon.workbooks import archive as archives
from sachhon.workbooks.archive import Archive


def zipped(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return out.getvalue()


def whole(archive, name):
    return b"".join(archive.chunks(name, b"<", 4096))


def test_the_parts_asked_for_are_an_archive_of_their_own():
    parts = {
        "xl/a.xml": b"<a/>" * 900,
        "xl/Bảng.xml": "<b>Tấn</b>".encode(),
        "empty.xml": b"",
        "c.bin": b"\0",
    }
    with Archive(zipped(parts)) as archive:
        for name in ("xl/a.xml", "xl/Bảng.xml", "empty.xml"):
            assert whole(archive, name) == parts[name]
        stored = archive.unpacked()
    with zipfile.ZipFile(io.BytesIO(stored)) as again:
        assert again.testzip() is None
        assert {name: again.read(name) for name in again.namelist()} == {
            name: content for name, content in parts.items() if name != "c.bin"
        }
        assert {part.compress_type for part in again.infolist()} == {zipfile.ZIP_STORED}


def test_a_large_part_is_streamed_in_pieces_and_not_kept():
    cell = b'<c r="A1"><v>1</v></c>'
    large = cell * (3 * 1024 * 1024 // len(cell))
    with Archive(zipped({"a.xml": b"<a/>", "large.xml": large})) as archive:
        assert whole(archive, "a.xml") == b"<a/>"
        pieces = list(archive.chunks("large.xml", b"<c ", 64 * 1024))
        assert archive.unpacked() is None
    assert len(pieces) > 2
    assert b"".join(pieces) == large
    assert all(piece.startswith(b"<c ") for piece in pieces)


def test_many_small_parts_are_not_kept_together_beyond_a_limit(monkeypatch):
    monkeypatch.setattr(archives, "_KEPT", 1000)
    with Archive(zipped({f"{number}.xml": bytes(300) for number in range(4)})) as archive:
        for number in range(3):
            assert whole(archive, f"{number}.xml") == bytes(300)
        assert archive.unpacked() is not None
        assert whole(archive, "3.xml") == bytes(300)
        assert archive.unpacked() is None


def test_a_part_whose_checksum_or_size_is_false_is_a_fault():
    good = zipped({"a.xml": b"<a>1</a>" * 50})
    with Archive(good) as archive:
        # Once found good, it is still proven for each archive.
        assert whole(archive, "a.xml") == b"<a>1</a>" * 50
    entry = good.rfind(b"PK\x01\x02")
    for at in (entry + 16, entry + 24):  # the checksum, the size unpacked
        data = bytearray(good)
        data[at] ^= 1
        with Archive(bytes(data)) as archive, pytest.raises(zipfile.BadZipFile):
            whole(archive, "a.xml")
