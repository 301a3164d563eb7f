"""A format of the tests' own, so that the inbox is tried without any report: two lines name a facility and figures."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from sachhon.apps.intake import formats
from sachhon.apps.intake.formats import Read
from sachhon.apps.registry.models import Resource
from sachhon.apps.registry.services.records import RecordRow, write_records
from sachhon.workbooks.grid import Sheet
from sachhon.workbooks.problems import Problem

FILES = Path(__file__).parents[2] / "workbooks" / "files"


class SimpleFormat:
    """A text file: "SIMPLE;year;tax code;facility code;name", then "month;kWh" lines."""

    key = "simple"

    def score(self, workbook) -> float:
        return 1.0 if workbook.sheets[0].cell(0, 0) == "SIMPLE" else 0.0

    def read(self, workbook, *, profile=None) -> Read:
        sheet = workbook.sheets[0]
        values, problems = [], []
        for row in range(1, len(sheet.rows)):
            month, text = sheet.cell(row, 0), sheet.cell(row, 1)
            if text == "crash":
                raise RuntimeError("a fault of the reader")
            try:
                quantity = Decimal(str(text))
            except ArithmeticError:
                problems.append(
                    Problem("error", "number_unreadable", sheet.name, Sheet.address(row, 1), {"value": text})
                )
                continue
            if quantity < 0:
                problems.append(
                    Problem(
                        "warning", "quantity_negative", sheet.name, Sheet.address(row, 1), {"value": text}
                    )
                )
                continue
            values.append((int(float(month)), quantity, Sheet.address(row, 1)))
        year = int(float(sheet.cell(0, 1)))
        return Read(
            payload=(year, values),
            problems=problems,
            year=year,
            tax_code=str(sheet.cell(0, 2)),
            facility_code=str(sheet.cell(0, 3)),
            facility_name=str(sheet.cell(0, 4)),
            values=len(values),
            slot=f"simple:{year}",
            digest=repr(values),
        )

    def write(self, actor, facility, read, *, batch, file_name):
        year, values = read.payload
        electricity = Resource.objects.get(code="electricity")
        rows = [
            RecordRow(
                year=year,
                month=month,
                flow="consumption",
                quantity=quantity,
                resource=electricity,
                file_name=file_name,
                sheet="CSV",
                cell=cell,
            )
            for month, quantity, cell in values
        ]
        write_records(actor, facility, rows, batch=batch)
        if any(quantity == 666 for _month, quantity, _cell in values):
            raise RuntimeError("a fault of the writer, after it wrote")
        return []

    def undo(self, actor, batch) -> None:
        """Only records were written, and intake takes those back."""

    def followed(self, file):
        return ()

    def link(self, file):
        return "kết quả", "/ket-qua/"


@pytest.fixture
def simple_format(monkeypatch):
    """Adds the tests' own format to the inbox."""
    monkeypatch.setitem(formats._formats, "simple", SimpleFormat())


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    """Uploads of a test go to a folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"


def simple(
    *months: tuple[int, object], year=2025, tax="", code="", name="", file="so-lieu.csv"
) -> ContentFile:
    """A file of the tests' own format."""
    head = f"SIMPLE;{year};{tax};{code};{name}\n"
    text = head + "".join(f"{month};{value}\n" for month, value in months)
    return ContentFile(text.encode(), name=file)
