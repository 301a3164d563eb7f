"""Step 1: scope and aims, meters, the plan of eighteen tasks, and the letter that is signed."""

import io
import itertools

import pytest
from docx import Document
from openpyxl import load_workbook
from tests.apps.assessment.flow_making import opened

from sachhon.apps.assessment.documents import detailed
from sachhon.apps.assessment.models import Charter, Meter, PlanTask
from sachhon.apps.assessment.services import signing


@pytest.fixture
def base(cast, client):
    """The expert before a new detailed assessment."""
    client.force_login(cast.user("expert"))
    return f"/danh-gia/{opened(cast).pk}/dong/"


def words_of(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def test_what_is_agreed_at_the_start_stands_in_the_letter(client, base):
    client.post(
        f"{base}them/charter/",
        {"scope": "Lò nung và sấy\nKhông gồm mỏ đất", "goal": "Giảm 8% than", "signer": "Nguyễn Văn An"},
    )
    client.post(f"{base}them/meter/", {"name": "Cân ô tô", "accuracy": "0,5", "calibrated_on": "05/03/2025"})
    client.post(f"{base}khoi-dau/ke-hoach/")
    assert Charter.objects.get().scope == "Lò nung và sấy\nKhông gồm mỏ đất"
    assert float(Meter.objects.get().accuracy) == 0.5
    assert PlanTask.objects.count() == 18
    page = client.get(f"{base}khoi-dau/")
    for words in ("Không gồm mỏ đất", "Cân ô tô", "05/03/2025", "Thành lập nhóm SXSH"):
        assert words in page.text
    letter = words_of(client.get(f"{base}khoi-dau/cam-ket.docx").content)
    for words in (
        "THƯ CAM KẾT",
        "Không gồm mỏ đất",
        "Giảm 8% than",
        "Cân ô tô",
        "Thành lập nhóm SXSH",
        "Nguyễn Văn An",
    ):
        assert words in letter


def test_a_plan_is_drafted_once_and_its_days_run_forward(client, base):
    client.post(f"{base}khoi-dau/ke-hoach/")
    client.post(f"{base}khoi-dau/ke-hoach/")
    tasks = list(PlanTask.objects.all())
    assert len(tasks) == 18
    assert all(t.starts <= t.ends for t in tasks)
    assert all(a.ends < b.starts for a, b in itertools.pairwise(tasks))
    wrong = client.post(
        f"{base}sua/task/{tasks[0].pk}/",
        {"version": 1, "name": "x", "starts": "02/02/2026", "ends": "01/02/2026"},
    )
    assert "Nhiệm vụ kết thúc trước khi bắt đầu" in wrong.text
    assert (
        "không phải là ngày"
        in client.post(f"{base}sua/task/{tasks[0].pk}/", {"version": 1, "starts": "mai"}).text
    )
    client.post(f"{base}hoan-tac/")
    assert not PlanTask.objects.filter(removed=False).exists()


def test_a_letter_of_an_empty_start_holds_only_what_is_known(client, base):
    letter = words_of(client.get(f"{base}khoi-dau/cam-ket.docx").content)
    assert "Cam kết của lãnh đạo" in letter
    assert "Mục tiêu" not in letter


def test_the_report_tells_what_was_agreed_and_who_signed_which_step(cast, client, base):
    client.post(f"{base}them/charter/", {"scope": "Lò nung và sấy\nKhông gồm mỏ đất", "goal": "Giảm 8% than"})
    client.post(f"{base}them/meter/", {"name": "Cân ô tô", "accuracy": "0,5"})
    client.post(f"{base}khoi-dau/ke-hoach/")
    assessment = Charter.objects.get().assessment
    signing.sign_step(cast.user("centre"), assessment, 1)
    text = words_of(detailed.report(cast.user("centre"), assessment, "vi", "docx"))
    for words in ("Không gồm mỏ đất", "Giảm 8% than", "Cân ô tô", "Thành lập nhóm SXSH", "đúng như khi ký"):
        assert words in text
    book = load_workbook(io.BytesIO(detailed.report(cast.user("centre"), assessment, "vi", "xlsx")))
    sheets = {name: [[c.value for c in row] for row in book[name].iter_rows()] for name in book.sheetnames}
    assert "Giảm 8% than" in str(sheets["Thông tin chung"])
    plan = next(rows for name, rows in sheets.items() if name.startswith("Kế hoạch"))
    assert str(plan).count("Không") >= 18  # none of the eighteen is done
    signed = next(rows for name, rows in sheets.items() if name.startswith("Ký xác nhận"))
    assert cast.user("centre").display_name() in str(signed)
    assert [row[3] for row in signed].count("Chưa ký xác nhận") == 5
