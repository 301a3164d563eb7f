"""The one fold of the project, and the legacy TCVN3 coding."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sachhon.reference import decode_tcvn3, fold, looks_tcvn3

VIETNAMESE = "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệghiìíỉĩịklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvxyỳýỷỹỵ"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đồng Đăng", "dong dang"),
        ("  XI   MĂNG\n\tĐồng Bành ", "xi mang dong banh"),
        ("Ệ", "e"),
        ("Straße", "strasse"),
        ("Suất\u00a0tiêu hao", "suat tieu hao"),
        ("", ""),
    ],
)
def test_fold_takes_marks_case_and_spare_space_off(text, folded):
    assert fold(text) == folded


def test_fold_is_plain_ascii_for_every_vietnamese_letter():
    assert fold(VIETNAMESE + VIETNAMESE.upper()).isascii()


@given(st.text())
def test_fold_twice_is_fold_once(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet=VIETNAMESE + " "))
def test_fold_does_not_mind_how_marks_are_stored(text):
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))


@pytest.mark.parametrize(
    ("legacy", "text"),
    [
        ("§iÖn n¨ng", "Điện năng"),
        ("B¸o c¸o", "Báo cáo"),
        ("N\u00ad\u00edc", "Nước"),
        ("S¶n l\u00adîng", "Sản lượng"),
    ],
)
def test_tcvn3_is_known_and_decoded(legacy, text):
    assert looks_tcvn3(legacy)
    assert decode_tcvn3(legacy) == text


@pytest.mark.parametrize("text", ["Điện năng", "Nước", "Báo cáo", "kWh", "Xi măng PCB40", "Số lượng"])
def test_real_vietnamese_is_not_taken_for_tcvn3(text):
    assert not looks_tcvn3(text)
