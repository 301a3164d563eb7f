"""The parts of a zipped workbook that is held in memory: each unpacked once, its size and checksum proven.

A form has many parts and each is short. Such parts are unpacked whole and kept, so that what was looked into is
also what is parsed (`Archive.unpacked`): nothing is unpacked twice, and no second reader can find other parts
behind the same names. A large part is streamed instead, in pieces of about a megabyte.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO

_MB = 1024 * 1024
_SMALL = _MB // 2
"""Bytes of a part, unpacked, that is held whole."""
_KEPT = 8 * _MB
"""Bytes of all the parts that are kept together."""

_RECURRENT = 16 * 1024
"""Bytes of a part, unpacked, up to which it is kept for the next archive."""

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_VERSION, _UTF8, _FIRST_DAY = 20, 0x800, 0x21  # zip 2.0; the names are UTF-8; 1 January 1980


class Archive(zipfile.ZipFile):
    """A zip file in memory. Faults of it are raised as by `zipfile`."""

    def __init__(self, data: bytes) -> None:
        super().__init__(BytesIO(data))
        self._data = data
        self._kept: dict[str, tuple[bytes, int]] = {}
        self._room = _KEPT
        self._is_whole = True

    def chunks(self, name: str, until: bytes, overlap: int) -> Iterator[bytes]:
        """A part whole if it is small, else in pieces, each cut before the last `until` of its final `overlap`."""
        small = self._small_part(name)
        if small is not None:
            yield small
            return
        self._is_whole = False
        rest = b""
        with self.open(name) as handle:
            while block := handle.read(_MB):
                block = rest + block
                cut = block.rfind(until, max(0, len(block) - overlap))
                if cut <= 0:
                    cut = len(block)
                yield block[:cut]
                rest = block[cut:]
        if rest:
            yield rest

    def unpacked(self) -> bytes | None:
        """An archive of the parts asked for so far, stored without packing; None where one was too large to keep."""
        if not self._is_whole:
            return None
        parts: list[bytes] = []
        directory: list[bytes] = []
        at = 0
        for name, (block, checksum) in self._kept.items():
            known = name.encode()
            size = len(block)
            about = (_VERSION, _UTF8, 0, 0, _FIRST_DAY, checksum, size, size, len(known), 0)
            parts += (_LOCAL.pack(b"PK\x03\x04", *about), known, block)
            directory += (_CENTRAL.pack(b"PK\x01\x02", _VERSION, *about, 0, 0, 0, 0, at), known)
            at += _LOCAL.size + len(known) + size
        listed = b"".join(directory)
        count = len(self._kept)
        end = _END.pack(b"PK\x05\x06", 0, 0, count, count, len(listed), at, 0)
        return b"".join((*parts, listed, end))

    def _small_part(self, name: str) -> bytes | None:
        """The part, its size and checksum proven; None where it is too large to be held whole."""
        if name in self._kept:
            return self._kept[name][0]
        part = self.getinfo(name)
        if part.file_size > _SMALL or part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            return None
        head = self._data[part.header_offset : part.header_offset + 30]
        if len(head) < 30 or not head.startswith(b"PK\x03\x04"):
            raise zipfile.BadZipFile("no part where the directory says")
        start = part.header_offset + 30 + int.from_bytes(head[26:28], "little")
        start += int.from_bytes(head[28:30], "little")
        block = self._data[start : start + part.compress_size]
        prove = _proven if part.file_size > _RECURRENT else _proven_recurrent
        block = prove(block, part.compress_type, part.file_size, part.CRC)
        self._room -= len(block)
        if self._room >= 0:
            self._kept[name] = block, part.CRC
        else:
            self._is_whole = False
            self._kept.clear()
        return block


def _proven(block: bytes, packing: int, size: int, checksum: int) -> bytes:
    """The block unpacked; a fault unless it has that size and checksum."""
    if packing == zipfile.ZIP_DEFLATED:
        # One byte more than the directory says is enough to see that it lies.
        block = zlib.decompressobj(-zlib.MAX_WBITS).decompress(block, size + 1)
    if len(block) != size or zlib.crc32(block) != checksum:
        raise zipfile.BadZipFile("size or checksum of a part is false")
    return block


# Workbooks of one form have parts in common, byte for byte: their lists, their guide, their styles.
_proven_recurrent = lru_cache(maxsize=64)(_proven)
