"""Writes the demo's annual workbooks to a folder, one a report; every tenth is messy in the ways people are."""

import hashlib
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from sachhon.demo.reports import Sent
from sachhon.documents.files import write_atomic
from sachhon.workbooks.annual.mess import KINDS, make_messy
from sachhon.workbooks.annual.template import write_template

MESSY_EVERY = 10


def write_all(sent: Iterable[Sent], folder: Path, tick: Callable[[], None]) -> int:
    """Writes what is not there yet; returns how many files were written. Safe to break off and run again."""
    wanted = [one for one in sent if not any(folder.glob(f"{one.year}/{_stem(one)}.*"))]
    with ProcessPoolExecutor() as pool:
        for _path in pool.map(_write, wanted, [folder] * len(wanted), chunksize=8):
            tick()
    return len(wanted)


def _stem(sent: Sent) -> str:
    return f"{sent.facility.code}_bao-cao-{sent.year}"


def _write(sent: Sent, folder: Path) -> Path:
    content = write_template(sent.data, demo=True)
    extension = "xlsx"
    draw = int.from_bytes(hashlib.sha256(_stem(sent).encode()).digest()[:4], "big")
    if draw % MESSY_EVERY == 0:
        content, extension = make_messy(content, KINDS[draw // MESSY_EVERY % len(KINDS)], draw)
    target = folder / str(sent.year) / f"{_stem(sent)}.{extension.lstrip('.')}"
    target.parent.mkdir(parents=True, exist_ok=True)
    return write_atomic(target, content)
