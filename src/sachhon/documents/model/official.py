"""The form around an official report: head, foot, and the lineage of its figures."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class OfficialLetterhead:
    """Head and foot of an official document (Decree 30/2020/NĐ-CP, appendix I)."""

    parent_body: str
    """Body above the issuing one, "UBND TỈNH LẠNG SƠN"."""
    issuing_body: str
    """In capitals, "SỞ CÔNG THƯƠNG"."""
    issuing_body_name: str
    """The same inside running text, "Sở Công Thương"."""
    symbol: str
    """Sign after the number, "BC-SCT"."""
    place: str
    """Before the date: "Lạng Sơn"."""
    addressees: tuple[str, ...]
    """After "Kính gửi:", "Ủy ban nhân dân tỉnh Lạng Sơn"."""
    copies_to: tuple[str, ...]
    """Lines of "Nơi nhận:", without the dash and the semicolon: "Như trên", "Lãnh đạo Sở"."""
    archive_line: str
    """Last line of "Nơi nhận:", "Lưu: VT, KTAT&MT"."""
    signer_title_lines: tuple[str, ...]
    """As printed: "GIÁM ĐỐC", or ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC")."""
    signer_name: str
    number: str | None = None
    """Given by the clerk when the report is issued; empty in a draft ("Số:      /BC-SCT")."""
    date: dt.date | None = None
    """Day of issue; empty in a draft ("ngày … tháng … năm 2026")."""


@dataclass(frozen=True)
class Footnote:
    """Lineage of one figure ("Số này từ đâu?"). The document gives the mark; here stands what it says."""

    figure_code: str
    text: str
    """What the figure is, one sentence."""
    formula: str = ""
    """Formula with the numbers put in, "62 ÷ 137 × 100 = 45,3%"."""
    sources: tuple[str, ...] = ()
    """Records and reference facts with source and date."""
    function_version: str = ""
    """Function and version that computed it, "science.survey.proportion 1.0"."""
