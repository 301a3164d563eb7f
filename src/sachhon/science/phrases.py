"""The Vietnamese of the few phrases that errors are put together from: what is spoken of, before its name.

Numbers stand in them as `comma`, those whose size is not known beforehand as `number`. Not for whole messages, which
stand in both languages where they are raised.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class comma:
    """A number as Vietnamese text writes it, with a decimal comma, in whatever format is asked; a word as it is."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __format__(self, form: str) -> str:
        text = format(self.value, form)
        return text if isinstance(self.value, str) else text.replace(".", ",")


def number(value: float, digits: int, lang: str) -> str:
    """To so many digits in plain writing: 1,500,000 and 0.25 in English, 1.500.000 and 0,25 in Vietnamese.

    Only what is nearer to 0 than 0.0001 keeps its power of ten.
    """
    text = f"{value:.{digits}g}"
    if "e+" in text or abs(value) >= 1000:
        text = f"{float(text):,.{max(digits, 1)}f}".rstrip("0").rstrip(".")
    return text.translate(str.maketrans(",.", ".,")) if lang == "vi" else text


def vi(phrase: str) -> str:
    """A known phrase, alone or before a name: "stream" or "stream S1"; what is not known is a name, and stays."""
    if phrase in PHRASES:
        return PHRASES[phrase]
    known = max((key for key in PHRASES if phrase.startswith(key + " ")), key=len, default="")
    return f"{PHRASES[known]}{phrase[len(known) :]}" if known else phrase


PHRASES: Mapping[str, str] = {
    # parts of a flow-sheet
    "stream": "dòng",
    "process": "công đoạn",
    "layer": "lớp",
    "factor": "hệ số",
    "period": "kỳ",
    "relation": "liên hệ",
    "level": "mức tồn",
    "change": "mức thay đổi tồn",
    "the reading of": "số đọc của",
    "the transfer to": "hệ số chuyển đến",
    "the fixed streams": "các dòng cố định",
    "the readings, tied to each other by their covariance,": "các số đọc, bị ràng buộc với nhau bởi hiệp phương sai,",
    # comparisons
    "input": "đầu vào",
    "output": "đầu ra",
    "use": "mức sử dụng",
    "that is not a number": "không phải là số",
    "that is negative": "là số âm",
    "correct it or leave the unit out": "hãy sửa hoặc bỏ đơn vị ấy ra",
    "correct it; an unwanted output counts as an input": "hãy sửa; đầu ra không mong muốn được tính là đầu vào",
    "consumption of": "mức tiêu thụ của",
    "output of": "sản lượng của",
    "the comparison": "phép so sánh",
    "the group": "nhóm",
    # emissions
    "quantity": "lượng",
    "gwp": "tiềm năng nóng lên",
    # a choice of options
    "an interaction": "một tương tác",
    "the limits": "các giới hạn",
    "sector": "ngành",
    "resource": "tài nguyên",
    "item": "câu hỏi",
    "option": "giải pháp",
    "budget": "vốn",
    "staff": "nhân lực",
    "a share from 0 to below 1: 0.001 stops within 0.1 % of the best": (
        "một phần từ 0 đến dưới 1: 0,001 dừng khi cách mức tốt nhất không quá 0,1 %"
    ),
    "a number of options, 0 or more": "số giải pháp, từ 0 trở lên",
    "seconds above 0": "số giây lớn hơn 0",
    "a fraction a year above −1: 0.08 for 8 %": "một phân số mỗi năm lớn hơn −1: 0,08 cho 8 %",
    # samples
    "x adds up to zero": "x cộng lại bằng 0",
    "the weights add up to zero": "các trọng số cộng lại bằng 0",
    "the sample": "mẫu",
    "the list": "danh sách",
    "stratum": "tầng",
    "total": "tổng",
    "mean": "trung bình",
    "ratio": "tỷ số",
    "none": "không có",
}
