"""What may be sent as evidence, known by its content: a photo, a PDF, an Excel workbook, a Word document, a CSV table.

Nothing of it is opened for the sender's own purposes: files are kept as they came and given back as downloads. Refused
is what could do harm on the machine of whoever downloads it: macros, embedded programs, a template fetched from
elsewhere, formulas in a text table, archives that unpack to more than they may.
"""

import re
import zipfile
from io import BytesIO
from pathlib import PurePath
from typing import Literal

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sachhon.workbooks.delimited import decode, parse_delimited
from sachhon.workbooks.guard import MB, Limits, inspect_zip
from sachhon.workbooks.problems import WorkbookRefused

Kind = Literal["jpg", "png", "pdf", "xlsx", "docx", "csv"]
LIMIT = 10 * MB
STARTS: tuple[tuple[bytes, Kind], ...] = (
    (b"%PDF", "pdf"), (b"\xff\xd8\xff", "jpg"), (b"\x89PNG\r\n\x1a\n", "png"),
)  # fmt: skip
OFFICE = Limits(file_bytes=LIMIT, unpacked_bytes=200 * MB, cells=1_000_000)
_ACTIVE = re.compile(r"(?:word|xl)/(?:embeddings|activex|ctrlprops)/|\.(?:bin|exe|dll|js|vbs)$")
_FETCHED = re.compile(
    rb'<Relationship\b(?=[^>]*\bTargetMode="External")(?=[^>]*/(?:attachedTemplate|oleObject|frame)")'
)
_PRINTER = re.compile(
    r"xl/printersettings/"
)  # how a sheet was printed last: Excel writes it beside every sheet
_FORMULA = re.compile(r"^\s*(?:[=@]|[+-]\s*[^\d\s.,(])")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def check_evidence(upload: UploadedFile) -> Kind:
    """What a file is, by content and size, as the ending of its name; ValidationError says what to send instead."""
    start = upload.read(8)
    upload.seek(0)
    kind = next((kind for sign, kind in STARTS if start.startswith(sign)), None)
    named_csv = PurePath(upload.name or "").suffix.lower() == ".csv"
    if kind is None and not start.startswith(b"PK") and not (named_csv and start):
        raise ValidationError(_no_evidence())
    if (upload.size or 0) > LIMIT:
        raise ValidationError(_("The evidence is larger than 10 MB."))
    if kind is not None:
        return kind
    data = upload.read()
    upload.seek(0)
    try:
        return _office(data) if start.startswith(b"PK") else _table(data)
    except WorkbookRefused as refused:
        raise ValidationError(refused.problem.message("en" if get_language() == "en" else "vi")) from refused


def _no_evidence() -> str:
    return _(
        "The file must be a photo (JPEG, PNG), a PDF, an Excel workbook (.xlsx), a Word document (.docx) or a CSV "
        "table: choose another one."
    )


def _office(data: bytes) -> Kind:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = [name.lower() for name in archive.namelist()]
    except zipfile.BadZipFile as broken:
        raise ValidationError(_no_evidence()) from broken
    inside = inspect_zip(data, OFFICE)  # bombs, macros, entities, broken parts
    kind: Kind | None = "docx" if "word/document.xml" in names else "xlsx" if inside.kind == "xlsx" else None
    if kind is None:
        raise ValidationError(_no_evidence())
    if any(_ACTIVE.search(name) for name in names if not _PRINTER.match(name)):
        raise ValidationError(
            _("The file has another program or object inside: save it without, or print it as a PDF.")
        )
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = [name for name in archive.namelist() if name.lower().endswith(".rels")]
        if any(_FETCHED.search(archive.read(name)) for name in parts):
            raise ValidationError(
                _("The file fetches a template or an object from elsewhere: print it as a PDF and send that.")
            )
    return kind


def _table(data: bytes) -> Kind:
    text, _coding, _guessed = decode(data)
    rows, _delimiter = parse_delimited(text)
    if _CONTROL.search(text) or max((len(row) for row in rows), default=0) < 2:
        raise ValidationError(_no_evidence())
    for number, row in enumerate(rows, 1):
        for cell in row:
            if _FORMULA.match(cell):
                raise ValidationError(
                    _(
                        "Row %(n)d has a formula (%(cell)s): put its value in its place and send the table again."
                    )
                    % {"n": number, "cell": cell.strip()[:30]}
                )
    return "csv"
