"""The history names fields and values in the language of the page, not in that of the program."""

import ast
from pathlib import Path

import pytest
from django.utils import translation

import sachhon.apps
from sachhon.apps.people.field_words import field_text, value_text, words
from sachhon.apps.people.models import AuditEntry
from sachhon.apps.people.templatetags.access import differences

ROOT = Path(sachhon.apps.__file__).parent


def written_names():
    """The names that services write into the history themselves: keys of a dict given as before= or after=."""
    for path in ROOT.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            for keyword in call.keywords:
                if keyword.arg not in ("before", "after"):
                    continue
                for made in (d for d in ast.walk(keyword.value) if isinstance(d, ast.Dict)):
                    yield from (k.value for k in made.keys if isinstance(k, ast.Constant))


def test_every_name_a_service_writes_has_its_words():
    names = set(written_names())
    assert {"reason", "lead", "member"} <= names
    assert sorted(names - set(words())) == []
    assert all(row["vi"] and row["en"] for row in words().values())


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "vi",
            [("Lý do", None, "Sai số"), ("Trạng thái", "Đã nộp", "Đã chấp nhận"), ("Đã chọn", "Không", "Có")],
        ),
        ("en", [("Reason", None, "Sai số"), ("State", "Submitted", "Accepted"), ("Chosen", "No", "Yes")]),
    ],
)
def test_fields_choices_and_answers_are_in_words(db, language, said):
    entry = AuditEntry(
        object_type="reporting.annualreport",
        before={"state": "submitted", "chosen": False},
        after={"reason": "Sai số", "state": "accepted", "chosen": True},
    )
    with translation.override(language):
        assert differences(entry) == said


def test_a_field_is_called_as_its_form_calls_it_and_a_part_keeps_its_name(db):
    with translation.override("vi"):
        assert field_text("reporting.annualreport", "employees") == "Số lao động"
        assert field_text("assessment.assessment", "benchmark.fuel") == "Mức tham khảo: fuel"
        assert field_text("assessment.assessment", "BRK-01") == "BRK-01"
        assert value_text("registry.assignment", "since", "2026-12-01") == "01/12/2026"
        assert value_text("assessment.assessment", "opened_at", "2026-12-01T15:09:06+00:00") == "01/12/2026"
