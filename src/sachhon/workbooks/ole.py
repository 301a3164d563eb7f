"""Look into an old binary workbook (.xls) before it is parsed: macros, passwords, extent, error cells.

Reads just enough of the OLE container to reach the workbook stream, and just enough of the BIFF records
to see where cells are. Cell values are read elsewhere.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from sachhon.workbooks.addresses import column_letters
from sachhon.workbooks.guard import LIMITS, Limits
from sachhon.workbooks.problems import refuse

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass
class XlsFindings:
    """Error cells by position of the sheet in the file: (address, text)."""

    errors: dict[int, list[tuple[str, str]]] = field(default_factory=dict)


def inspect_xls(data: bytes, limits: Limits = LIMITS) -> XlsFindings:
    """Refuse an encrypted, macro-carrying, broken or over-wide .xls; else the error cells."""
    try:
        streams = _Container(data)
        names = set(streams.entries)
        if "encryptedpackage" in names:
            raise refuse("encrypted")
        if names & {"_vba_project_cur", "vba", "_vba_project", "macros"}:
            raise refuse("macros_refused")
        stream = streams.read("workbook") or streams.read("book")
    except (struct.error, IndexError, ValueError, OverflowError) as broken:
        raise refuse("file_corrupt") from broken
    if not stream:
        raise refuse("format_unknown", found="OLE")
    return _scan(stream, limits)


_BOF, _EOF, _BOUNDSHEET, _FILEPASS, _FORMULA, _BOOLERR, _MULRK = 0x809, 0x0A, 0x85, 0x2F, 0x06, 0x205, 0xBD
_CELLS = frozenset({_FORMULA, _BOOLERR, _MULRK, 0x203, 0x27E, 0xFD, 0x204, 0xD6})
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


def _scan(stream: bytes, limits: Limits) -> XlsFindings:
    findings = XlsFindings()
    offsets: list[int] = []
    sheet, depth, rows, columns = -1, 0, 0, 0
    for position, kind, body in _records(stream):
        if kind == _BOF:
            depth += 1
            sheet = offsets.index(position) if position in offsets else sheet
            rows = columns = 0
        elif kind == _EOF:
            depth = max(0, depth - 1)
        elif kind == _FILEPASS:
            raise refuse("encrypted")
        elif kind == _BOUNDSHEET and len(body) >= 6:
            if body[5] in (1, 6):
                raise refuse("macros_refused")
            offsets.append(struct.unpack_from("<I", body)[0])
        elif kind in _CELLS and len(body) >= 6:
            row, column = struct.unpack_from("<HH", body)
            last = struct.unpack_from("<H", body, len(body) - 2)[0] if kind == _MULRK else column
            rows, columns = max(rows, row + 1), max(columns, last + 1)
            if rows * columns > limits.cells:
                raise refuse(
                    "sheet_too_large", name=str(sheet + 1), rows=rows, cols=columns, limit=limits.cells
                )
            code = _error_code(kind, body)
            if code is not None:
                address = f"{column_letters(column)}{row + 1}"
                findings.errors.setdefault(sheet, []).append((address, _ERRORS.get(code, "#ERR")))
    return findings


def _error_code(kind: int, body: bytes) -> int | None:
    if kind == _BOOLERR and len(body) >= 8 and body[7] == 1:
        return body[6]
    if kind == _FORMULA and len(body) >= 14 and body[12:14] == b"\xff\xff" and body[6] == 2:
        return body[8]
    return None


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    position = 0
    while position + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, position)
        if kind == 0 and size == 0:
            return
        yield position, kind, stream[position + 4 : position + 4 + size]
        position += 4 + size


class _Container:
    """The OLE directory: lower-case names to (first sector, size), and their bytes on request."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if not 7 <= shift <= 16 or not 4 <= mini_shift < shift:
            raise ValueError("sector size")
        self._sector, self._mini = 1 << shift, 1 << mini_shift
        fat_count, directory = struct.unpack_from("<II", data, 44)
        mini_start, _, difat, difat_count = struct.unpack_from("<IIII", data, 60)
        fat_sectors = [s for s in struct.unpack_from("<109I", data, 76) if s < 0xFFFFFFFA]
        for _ in range(min(difat_count, len(data) // self._sector)):
            values = struct.unpack_from(f"<{self._sector // 4}I", self._at(difat))
            fat_sectors += [s for s in values[:-1] if s < 0xFFFFFFFA]
            difat = values[-1]
        table = b"".join(self._at(s) for s in fat_sectors[: fat_count or None])
        self._fat = struct.unpack(f"<{len(table) // 4}I", table[: len(table) // 4 * 4])
        self.entries: dict[str, tuple[int, int]] = {}
        root = (0, 0)
        listing = self._chain(directory)
        for at in range(0, len(listing) - 127, 128):
            length = struct.unpack_from("<H", listing, at + 64)[0]
            start, size = struct.unpack_from("<II", listing, at + 116)
            name = listing[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace").lower()
            if listing[at + 66] == 5:
                root = (start, size)
            elif name:
                self.entries[name] = (start, size)
        self._mini_fat_bytes = self._chain(mini_start)
        self._mini_stream = self._chain(root[0])

    def read(self, name: str) -> bytes:
        start, size = self.entries.get(name, (0, 0))
        if size >= 4096:
            return self._chain(start)[:size]
        out = b""
        while size and start * self._mini < len(self._mini_stream) and len(out) < size:
            out += self._mini_stream[start * self._mini : (start + 1) * self._mini]
            start = struct.unpack_from("<I", self._mini_fat_bytes, start * 4)[0]
        return out[:size]

    def _at(self, sector: int) -> bytes:
        start = (sector + 1) * self._sector
        return self._data[start : start + self._sector].ljust(self._sector, b"\0")

    def _chain(self, sector: int) -> bytes:
        pieces = []
        while sector < len(self._fat) and len(pieces) <= len(self._fat):
            pieces.append(self._at(sector))
            sector = self._fat[sector]
        if len(pieces) > len(self._fat):
            raise ValueError("sector loop")
        return b"".join(pieces)
