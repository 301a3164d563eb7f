"""The pages of a draft as pictures, set by typst and kept in the media folder while nothing changes."""

import hashlib
import shutil
from pathlib import Path
from typing import cast

from django.conf import settings

from sachhon.apps.reporting.models import ProvinceReport
from sachhon.apps.reporting.services.province.reading import report_data
from sachhon.documents.files import write_atomic
from sachhon.documents.pdf import preview_pages
from sachhon.documents.shapes import Lang
from sachhon.documents.snapshot import to_json

DONE = "pages"  # its presence says that all pages are there; it holds their number


def preview(report: ProvinceReport) -> list[Path]:
    """The pages of the report as PNG files, in order; made where they are not there yet."""
    data = report_data(report)
    key = hashlib.sha256(to_json(data).encode()).hexdigest()[:24]
    root = Path(settings.MEDIA_ROOT) / "previews" / str(report.pk)
    folder = root / key
    if not (folder / DONE).is_file():
        pages = preview_pages(data, cast(Lang, report.language))
        for number, page in enumerate(pages, 1):
            write_atomic(folder / f"{number}.png", page)
        write_atomic(folder / DONE, str(len(pages)).encode())
        _forget_older(root, key)
    count = int((folder / DONE).read_text())
    return [folder / f"{number}.png" for number in range(1, count + 1)]


def _forget_older(root: Path, key: str) -> None:
    for folder in root.iterdir():
        if folder.is_dir() and folder.name != key:
            shutil.rmtree(folder, ignore_errors=True)
