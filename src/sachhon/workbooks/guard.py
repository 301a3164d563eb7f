"""Look into a zipped workbook (.xlsx, .ods) before it is parsed: what could hurt, what would be lost.

The check streams every XML part once, with bounded memory, and finds zip bombs, macros, entity
declarations and cells so far apart that a dense table of them would not fit. On the way it notes what
the fast reader drops silently: formula errors and formulas that were never calculated.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from sachhon.workbooks.addresses import column_letters, column_number
from sachhon.workbooks.archive import Archive
from sachhon.workbooks.legacy import is_composed_modern
from sachhon.workbooks.problems import refuse

MB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What a file may weigh. The defaults admit a year of half-hourly readings many times over."""

    file_bytes: int = 30 * MB
    unpacked_bytes: int = 400 * MB
    ratio: int = 250
    ratio_from_bytes: int = 5 * MB
    entries: int = 3000
    cells: int = 4_000_000
    """Of one sheet as of all sheets together."""


LIMITS = Limits()


@dataclass
class Findings:
    """What the look inside brought up. Keys of the dicts are part names; values (address, text)."""

    kind: str = ""
    errors: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    uncalculated: dict[str, list[str]] = field(default_factory=dict)
    external_links: int = 0
    merged: bool = False
    """Any sheet may have merged cells."""
    composed: bool = False
    """All texts of the sheets are known to be as `legacy.is_composed_modern` says."""
    unpacked: bytes | None = None
    """The parts that were looked into, as an archive that is not packed; None where they are large."""


def inspect_zip(data: bytes, limits: Limits = LIMITS) -> Findings:
    """Refuse a harmful archive, else say what is in it. ``kind`` is "xlsx", "ods" or "" (another zip)."""
    try:
        with Archive(data) as archive:
            return _inspect(archive, limits)
    except _FAULTS as broken:
        raise refuse("file_corrupt") from broken


_FAULTS = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, ValueError, OSError)


def _inspect(archive: Archive, limits: Limits) -> Findings:
    parts = archive.infolist()
    if len(parts) > limits.entries:
        raise refuse("zip_entries", count=len(parts), limit=limits.entries)
    unpacked = sum(part.file_size for part in parts)
    if unpacked > limits.unpacked_bytes:
        raise refuse("zip_bomb", size_mb=unpacked // MB)
    for part in parts:
        if part.flag_bits & 1:
            raise refuse("encrypted")
        if part.file_size > limits.ratio_from_bytes and part.file_size > limits.ratio * max(
            part.compress_size, 1
        ):
            raise refuse("zip_bomb", size_mb=part.file_size // MB)
    names = {part.filename.lower(): part.filename for part in parts}
    findings = Findings(kind := _kind(names), composed=kind == "xlsx")
    if any(_is_macro(name) for name in names):
        raise refuse("macros_refused")
    findings.external_links = sum(1 for name in names if _EXTERNAL_LINK.fullmatch(name))
    for name, original in names.items():
        if not (name.endswith((".xml", ".rels")) or name == "mimetype") or name.startswith(_NEVER_READ):
            continue
        if kind == "ods" and name == "content.xml":
            _scan_ods(archive, original, findings, limits)
            continue
        is_sheet = name.startswith("xl/worksheets/") and name.endswith(".xml")
        if is_sheet or (_scan_part(archive, original, findings) and kind == "xlsx"):
            _scan_sheet(archive, original, findings, limits)
    findings.unpacked = archive.unpacked()
    return findings


_EXTERNAL_LINK = re.compile(r"xl/externallinks/[^/]+\.xml")
_NEVER_READ = (
    "docprops/",
    "xl/theme/",
    "xl/drawings/",
    "xl/media/",
    "xl/charts/",
    "customxml/",
    "thumbnails/",
)


def _kind(names: dict[str, str]) -> str:
    if "xl/workbook.xml" in names or any(re.fullmatch(r"xl/workbook\d*\.xml", n) for n in names):
        return "xlsx"
    return "ods" if "content.xml" in names and "mimetype" in names else ""


def _is_macro(name: str) -> bool:
    return (
        name.endswith("vbaproject.bin")
        or name.startswith(("xl/macrosheets/", "xl/dialogsheets/"))
        or (name.startswith(("basic/", "scripts/")) and name.endswith(_SCRIPTS) and "script-l" not in name)
    )


_SCRIPTS = (".xml", ".xlb", ".py", ".js", ".bsh")


def _chunks(archive: Archive, name: str, until: bytes, overlap: int) -> Iterator[bytes]:
    """The part in pieces (`Archive.chunks`), which declare no entities and are no UTF-16."""
    for number, block in enumerate(archive.chunks(name, until, overlap)):
        if _declares_entities(block):
            raise refuse("xml_entities")
        if not number and block[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise refuse("file_corrupt")  # no spreadsheet program writes parts in UTF-16
        yield block


def _declares_entities(block: bytes) -> bool:
    # A lone sign is looked for many times faster than two, and hardly any part has it.
    return b"!" in block and (b"<!DOCTYPE" in block or b"<!ENTITY" in block)


def _scan_part(archive: Archive, name: str, findings: Findings) -> bool:
    """Read a part whole: a false size or checksum shows, and so does a declaration of entities.

    True where it is a sheet: the archive itself says where its sheets are, and that may be anywhere.
    """
    lowered = name.lower()
    is_sheet = False
    for block in _chunks(archive, name, b"<", 4096):
        if lowered == "[content_types].xml" and b"macroEnabled" in block:
            raise refuse("macros_refused")
        is_sheet = is_sheet or b"sheetData" in block
        if lowered not in _WITHOUT_TEXTS:
            findings.composed = findings.composed and is_composed_modern(block)
    return is_sheet


# What they say stands in no cell; the names in the first ("_xlnm") would only raise doubts.
_WITHOUT_TEXTS = ("xl/workbook.xml", "xl/styles.xml")

# Any cell but those that give their own address in A1:CZ9999; so many fit in memory and need no counting.
_ODD_CELL = re.compile(rb'<c(?! r="[A-C]?[A-Z]\d{1,4}")[ >/]')
_ANY_CELL = re.compile(rb"<(row|c)\b([^>]*)>")
_REF = re.compile(rb'\br="([A-Z]{0,3})(\d+)"')
_ERROR = re.compile(rb'<c r="([A-Z]{1,3}\d+)"[^>]*\bt="e"[^>]*>(?:(?!</c>).)*?<v>([^<]*)</v>', re.DOTALL)
_UNCALCULATED = re.compile(
    rb'<c r="([A-Z]{1,3}\d+)"([^>]*)>\s*<f(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v>\s*</v>|<v\s*/>)?\s*</c>'
)
# The two ways a formula can end without a value; apart, each begins with letters that are quickly looked for.
_NO_VALUE = re.compile(rb"</f>\s*(?:</c>|<v></v>|<v\s*/>)")
_NO_VALUE_SHARED = re.compile(rb"<f[^>]*/>\s*(?:</c>|<v></v>|<v\s*/>)")
_PLAIN_CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d+)"(?:[^>]*[^/>])?>')


def _scan_sheet(archive: Archive, name: str, findings: Findings, limits: Limits) -> None:
    extent: _Extent | None = None  # counted only from the first odd cell on, then for the whole sheet
    for number, whole in enumerate(_sheet_blocks(archive, name)):
        end = whole.rfind(b"</sheetData>")
        if whole.find(b"<mergeCell", max(end, 0)) >= 0:
            findings.merged = True
        # What follows are checks, formats and print settings. Only the spread of the cells is not left to that:
        # the words may stand in a comment, with cells behind it.
        block = whole[:end] if end > 0 else whole
        findings.composed = findings.composed and is_composed_modern(block)
        if b't="e"' in block:
            found = [(a.decode(), t.decode("utf-8", "replace")) for a, t in _ERROR.findall(block)]
            if found:
                findings.errors.setdefault(name, []).extend(found)
        if b"<f" in block and (_NO_VALUE.search(block) or _NO_VALUE_SHARED.search(block)):
            empty = [a.decode() for a, attrs in _UNCALCULATED.findall(block) if b't="str"' not in attrs]
            if empty:
                findings.uncalculated.setdefault(name, []).extend(empty)
        if extent is None and _ODD_CELL.search(whole):
            extent = _Extent()
            for earlier in islice(_sheet_blocks(archive, name), number):
                extent.add(earlier)
        if extent:
            extent.add(whole)
            if extent.rows * extent.columns > limits.cells:
                shown = name.rsplit("/", 1)[-1].removesuffix(".xml")
                raise refuse(
                    "sheet_too_large",
                    name=shown,
                    rows=extent.rows,
                    cols=extent.columns,
                    limit=limits.cells,
                )


_PREFIXED = re.compile(rb"<\w+:(?:worksheet|sheetData)\b")


def _sheet_blocks(archive: Archive, name: str) -> Iterator[bytes]:
    prefixed: bool | None = None
    for block in _chunks(archive, name, b"<c ", 64 * 1024):
        if prefixed is None:
            start = block[:2048]
            prefixed = b"<worksheet" not in start and _PREFIXED.search(block[:8192]) is not None
        yield re.sub(rb"<(/?)\w+:", rb"<\1", block) if prefixed else block


class _Extent:
    """Rows and columns that the filled cells span."""

    def __init__(self) -> None:
        self.rows = self.columns = self._row = self._column = 0

    def add(self, block: bytes) -> None:
        if block.count(b"<c ") == block.count(b'<c r="') and b"<c>" not in block:
            self._add_plain(_PLAIN_CELL.findall(block))
            return
        for tag, attrs in _ANY_CELL.findall(block):
            ref = _REF.search(attrs)
            if tag == b"row":
                self._row, self._column = (int(ref[2]) if ref else self._row + 1), 0
                continue
            if ref and ref[1]:
                self._row, self._column = int(ref[2]), column_number(ref[1].decode())
            else:
                self._column += 1
            if not attrs.endswith(b"/"):
                self.rows, self.columns = max(self.rows, self._row), max(self.columns, self._column)

    def _add_plain(self, cells: list[tuple[bytes, bytes]]) -> None:
        """Every cell gives its address, so the spread is that of the distinct rows and columns."""
        if not cells:
            return
        self._row = int(cells[-1][1])
        self.rows = max(self.rows, max(int(row) for row in {row for _, row in cells}))
        columns = {column for column, _ in cells}
        self.columns = max(self.columns, max(column_number(column.decode()) for column in columns))


_ODS_TAG = re.compile(rb"<table:(table|table-row|table-cell|covered-table-cell)\b([^>]*)>")
_ODS_REPEAT = re.compile(rb'number-(?:rows|columns)-repeated="(\d+)"')


def _scan_ods(archive: Archive, name: str, findings: Findings, limits: Limits) -> None:
    """Count the extent of filled cells, repeats multiplied out, and note the error cells by table order."""
    row = column = rows = columns = table = 0
    row_repeat = 1
    findings.merged = True
    for block in _chunks(archive, name, b"<table:", 64 * 1024):
        for tag in _ODS_TAG.finditer(block):
            kind, attrs = tag[1], tag[2]
            match = _ODS_REPEAT.search(attrs)
            repeat = int(match[1]) if match else 1
            if kind == b"table":
                table, row, rows, columns, row_repeat = table + 1, 0, 0, 0, 1
            elif kind == b"table-row":
                row, column, row_repeat = row + row_repeat if row else 1, 0, repeat
            else:
                filled = b"office:value-type" in attrs or not attrs.endswith(b"/")
                if filled:
                    rows, columns = max(rows, row + row_repeat - 1), max(columns, column + repeat)
                    if b'value-type="error"' in attrs:
                        text = re.match(rb"[^<]*<text:p>([^<]*)", block[tag.end() : tag.end() + 200])
                        shown = text[1].decode("utf-8", "replace") if text else "#ERR"
                        address = f"{column_letters(column)}{row}"
                        findings.errors.setdefault(str(table - 1), []).append((address, shown))
                    if rows * columns > limits.cells:
                        raise refuse(
                            "sheet_too_large", name=str(table), rows=rows, cols=columns, limit=limits.cells
                        )
                column += repeat
