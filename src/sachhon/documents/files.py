"""Writing a document to disk: whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from pathlib import Path

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class DocumentNotWritten(OSError):
    """The file could not be written; what stood there before is untouched."""


class DiskFull(DocumentNotWritten):
    """No room left for the file."""


def is_disk_full(error: OSError) -> bool:
    """Whether a file could not be written because there is no room for it."""
    return error.errno in _FULL


def write_atomic(path: Path | str, content: bytes) -> Path:
    """Write `content` beside `path` and move it into place in one step.

    A reader sees the old file or the new one, never half of one, also when the disk runs full or the
    process is killed.
    """
    path = Path(path)
    partial: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        partial = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.chmod(0o644)
        partial.replace(path)
    except OSError as error:
        if partial is not None:
            with contextlib.suppress(OSError):
                partial.unlink(missing_ok=True)
        size = f"{len(content) / 1e6:.1f} MB"
        if is_disk_full(error):
            raise DiskFull(
                error.errno,
                f"no room for {path.name} ({size}): free space in {path.parent} and write it again",
            ) from error
        raise DocumentNotWritten(
            error.errno,
            f"{path} cannot be written ({error.strerror}): check that the folder exists and is yours",
        ) from error
    return path
