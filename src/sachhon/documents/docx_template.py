"""Makes `templates/province_report.docx`, the layout of the report as a file a clerk can edit in Word.

Run `python -m sachhon.documents.docx_template` after a change here. Whoever edits the template in Word instead
keeps the placeholders ({{ … }}) and may move them, add words around them, and change any style: the writer
fills what it finds. Form: Decree 30/2020/NĐ-CP, appendix I.
"""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table
from docx.text.paragraph import Paragraph

from sachhon.documents.compose import OUTLINE

TEMPLATE = Path(__file__).parent / "templates" / "province_report.docx"
FONT = "Times New Roman"
FOOTNOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_LEFT, _RIGHT = Mm(68), Mm(97)
"""Widths of the two columns of the head; together the text's width."""


def build() -> Document:
    document = docx.Document()
    styles(document)
    page(document.sections[0])
    header(document.sections[0])
    _head(document)
    _body(document)
    _foot(document)
    _appendices(document)
    footnotes_part(document)
    document.core_properties.title = ""
    document.core_properties.author = ""
    document.core_properties.comments = ""
    return document


# --- styles: (name, size, bold, italic, alignment, first line mm, before pt, after pt, keep with next)

_STYLES: tuple[tuple[str, float, bool, bool, ALIGN, float, float, float, bool], ...] = (
    ("SH Body", 14, False, False, ALIGN.JUSTIFY, 10, 0, 6, False),
    ("SH Part", 14, True, False, ALIGN.JUSTIFY, 10, 8, 6, True),
    ("SH Section", 14, True, False, ALIGN.JUSTIFY, 10, 4, 6, True),
    ("SH Caption", 13, True, False, ALIGN.CENTER, 0, 6, 4, True),
    ("SH Picture", 13, False, False, ALIGN.CENTER, 0, 6, 0, True),
    ("SH Picture Caption", 13, False, True, ALIGN.CENTER, 0, 2, 10, False),
    ("SH Table Head", 11, True, False, ALIGN.CENTER, 0, 2, 2, True),
    ("SH Table Text", 11, False, False, ALIGN.LEFT, 0, 1.5, 1.5, False),
    ("SH Table Number", 11, False, False, ALIGN.RIGHT, 0, 1.5, 1.5, False),
    ("SH Table Note", 11, False, True, ALIGN.LEFT, 0, 3, 8, False),
    ("SH Head Capitals", 13, False, False, ALIGN.CENTER, 0, 0, 0, False),
    ("SH Head Bold", 13, True, False, ALIGN.CENTER, 0, 0, 0, False),
    ("SH Nation", 12.5, True, False, ALIGN.CENTER, 0, 0, 0, False),
    ("SH Motto", 14, True, False, ALIGN.CENTER, 0, 0, 0, False),
    ("SH Number", 13, False, False, ALIGN.CENTER, 0, 6, 0, False),
    ("SH Place", 14, False, True, ALIGN.CENTER, 0, 6, 0, False),
    ("SH Rule", 2, False, False, ALIGN.CENTER, 0, 0, 0, False),
    ("SH Title", 14, True, False, ALIGN.CENTER, 0, 16, 0, True),
    ("SH Subject", 14, True, False, ALIGN.CENTER, 0, 0, 0, True),
    ("SH To", 14, False, False, ALIGN.CENTER, 0, 12, 12, False),
    ("SH Copies Head", 12, True, True, ALIGN.LEFT, 0, 0, 0, True),
    ("SH Copies", 11, False, False, ALIGN.LEFT, 0, 0, 0, True),
    ("SH Signer", 14, True, False, ALIGN.CENTER, 0, 0, 0, True),
    ("SH Appendix Head", 14, True, False, ALIGN.CENTER, 0, 0, 0, True),
    ("SH Appendix Title", 14, True, False, ALIGN.CENTER, 0, 0, 0, True),
    ("SH Appendix Attached", 14, False, True, ALIGN.CENTER, 0, 0, 10, True),
    ("SH Banner", 11, True, False, ALIGN.CENTER, 0, 0, 0, False),
    ("SH Page Number", 13, False, False, ALIGN.CENTER, 0, 0, 0, False),
    ("SH Footnote", 10, False, False, ALIGN.JUSTIFY, 0, 0, 2, False),
)


def styles(document: Document) -> None:
    normal: Any = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(14)
    fonts = normal.element.rPr.rFonts
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), FONT)
    normal.element.rPr.append(parse_xml(f'<w:lang {nsdecls("w")} w:val="vi-VN" w:eastAsia="vi-VN"/>'))
    for name, size, bold, italic, align, first, before, after, keep in _STYLES:
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        assert isinstance(style, ParagraphStyle)
        style.base_style = normal
        style.quick_style = True
        style.font.size, style.font.bold, style.font.italic = Pt(size), bold, italic
        shape = style.paragraph_format
        shape.alignment, shape.first_line_indent = align, Mm(first)
        shape.space_before, shape.space_after = Pt(before), Pt(after)
        shape.line_spacing, shape.keep_with_next, shape.widow_control = 1.0, keep, True
    body: Any = document.styles["SH Body"]
    body.paragraph_format.line_spacing = 1.1
    for level, name in enumerate(("SH Part", "SH Section")):
        _outline_level(document, name, level)
    _outline_level(document, "SH Appendix Title", 0)
    banner: Any = document.styles["SH Banner"]
    banner.font.color.rgb = RGBColor(0xA3, 0x30, 0x1F)
    mark: Any = document.styles.add_style("SH Footnote Mark", WD_STYLE_TYPE.CHARACTER)
    mark.font.superscript = True


def _outline_level(document: Document, name: str, level: int) -> None:
    """So that Word's navigation pane shows the parts and sections."""
    shape: Any = document.styles[name].element.get_or_add_pPr()
    shape.append(parse_xml(f'<w:outlineLvl {nsdecls("w")} w:val="{level}"/>'))


# --- page, header


def page(section: Section, *, landscape: bool = False) -> None:
    section.page_width, section.page_height = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance, section.footer_distance = Mm(7.5), Mm(9)
    section.different_first_page_header_footer = True


def header(section: Section) -> None:
    """No number on the first page; from the second on, centred at the top. The banner on every page."""
    number = section.header.paragraphs[0]
    number.style = "SH Page Number"
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        run = number.add_run()
        if kind:
            run._r.append(parse_xml(f'<w:fldChar {nsdecls("w")} w:fldCharType="{kind}"/>'))
        else:
            run._r.append(
                parse_xml(f'<w:instrText {nsdecls("w")} xml:space="preserve"> {text} </w:instrText>')
            )
    section.header.add_paragraph("{{ head.banner }}", style="SH Banner")
    section.first_page_header.paragraphs[0].style = "SH Page Number"  # as high as the others, without number
    section.first_page_header.add_paragraph("{{ head.banner }}", style="SH Banner")


# --- head


def _head(document: Document) -> None:
    document.add_paragraph(style="SH Rule")  # LibreOffice sets a table that opens a document too low
    table = two_columns(document)
    left, right = table.rows[0].cells
    write(left.paragraphs[0], "{{ head.parent_body }}", "SH Head Capitals")
    write(left.add_paragraph(), "{{ head.issuing_body }}", "SH Head Bold")
    rule(left.add_paragraph(), Mm(24))
    write(right.paragraphs[0], "{{ head.nation }}", "SH Nation")
    write(right.add_paragraph(), "{{ head.motto }}", "SH Motto")
    rule(right.add_paragraph(), Mm(18.5))
    left, right = table.add_row().cells
    write(left.paragraphs[0], "{{ head.number }}", "SH Number")
    write(right.paragraphs[0], "{{ head.place_date }}", "SH Place")
    document.add_paragraph("{{ head.kind }}", style="SH Title")
    document.add_paragraph("{%p for line in subject %}")
    document.add_paragraph("{{ line }}", style="SH Subject")
    document.add_paragraph("{%p endfor %}")
    rule(document.add_paragraph(), Mm(58))
    document.add_paragraph("{%p if addressees|length == 1 %}")
    document.add_paragraph("{{ head.to }} {{ addressees[0] }}.", style="SH To")
    document.add_paragraph("{%p else %}")
    document.add_paragraph("{{ head.to }}", style="SH To")
    document.add_paragraph("{%p for addressee in addressees %}")
    several = document.add_paragraph(
        "- {{ addressee }}{% if loop.last %}.{% else %};{% endif %}", style="SH Body"
    )
    several.paragraph_format.left_indent = Mm(45)
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph("{%p endif %}")


def _body(document: Document) -> None:
    document.add_paragraph("{{ head.opening }}", style="SH Body")
    for part, sections in OUTLINE.items():
        document.add_paragraph(f"{{%p if heading.{part} %}}")
        document.add_paragraph(f"{{{{ heading.{part} }}}}", style="SH Part")
        document.add_paragraph("{%p endif %}")
        for section in sections:
            document.add_paragraph(f"{{%p if content.{section} %}}")
            if section != part:
                document.add_paragraph(f"{{{{ heading.{section} }}}}", style="SH Section")
            document.add_paragraph(f"{{{{p content.{section} }}}}", style="SH Body")
            document.add_paragraph("{%p endif %}")
    closing = document.add_paragraph("{{ closing }}", style="SH Body")
    closing.paragraph_format.keep_with_next = True


def _foot(document: Document) -> None:
    table = two_columns(document)
    left, right = table.rows[0].cells
    write(left.paragraphs[0], "{{ head.copies }}", "SH Copies Head")
    write(left.add_paragraph(), "{%p for line in copies %}", "SH Copies")
    write(left.add_paragraph(), "{{ line }}", "SH Copies")
    write(left.add_paragraph(), "{%p endfor %}", "SH Copies")
    write(right.paragraphs[0], "{%p for line in signer_titles %}", "SH Signer")
    write(right.add_paragraph(), "{{ line }}", "SH Signer")
    write(right.add_paragraph(), "{%p endfor %}", "SH Signer")
    name = right.add_paragraph()
    write(name, "{{ head.signer_name }}", "SH Signer")
    name.paragraph_format.space_before = Pt(72)
    name.paragraph_format.keep_with_next = False


def _appendices(document: Document) -> None:
    """Each appendix a landscape section of its own, numbered from 1.

    A section's properties stand on its last paragraph: the loop writes one before each appendix but the
    first, and the last appendix has the document's own.
    """
    document.add_paragraph("{%p for appendix in appendices %}")
    section = document.add_section(WD_SECTION.NEW_PAGE)
    page(section, landscape=True)
    properties: Any = section._sectPr
    properties.insert_element_before(parse_xml(f'<w:pgNumType {nsdecls("w")} w:start="1"/>'), "w:cols")
    document.add_paragraph("{%p if not loop.first %}")
    between: Any = document.add_paragraph(style="SH Rule")._p
    between.get_or_add_pPr().append(deepcopy(properties))
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{{ appendix.head }}", style="SH Appendix Head")
    document.add_paragraph("{{ appendix.title }}", style="SH Appendix Title")
    document.add_paragraph("{{ appendix.attached }}", style="SH Appendix Attached")
    document.add_paragraph("{{p appendix.content }}", style="SH Body")
    document.add_paragraph("{%p endfor %}")
    _move_break_before_loop(document)


def _move_break_before_loop(document: Document) -> None:
    """python-docx lets the body end in a paragraph after the loop's opening; the loop opens after it."""
    body = document.element.body
    opening = next(p for p in body.iterchildren(qn("w:p")) if "for appendix" in "".join(p.itertext()))
    broken = next(
        p for p in body.iterchildren(qn("w:p")) if p.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None
    )
    Paragraph(broken, document._body).style = "SH Rule"
    body.remove(opening)
    broken.addnext(opening)


# --- parts


def two_columns(document: Document) -> Table:
    table = document.add_table(rows=1, cols=2)
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    properties: Any = table._tbl.tblPr
    none = '<w:{side} w:w="0" w:type="dxa"/>'
    margins = "".join(none.format(side=side) for side in ("left", "right"))
    cell_margins = parse_xml(f"<w:tblCellMar {nsdecls('w')}>{margins}</w:tblCellMar>")
    properties.insert_element_before(cell_margins, "w:tblLook")
    for row in table.rows:
        row._tr.get_or_add_trPr().append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))
    for column, width in zip(table.columns, (_LEFT, _RIGHT), strict=True):
        column.width = width
        for cell in column.cells:
            cell.width = width
    return table


def write(paragraph: Paragraph, text: str, style: str) -> None:
    paragraph.style = style
    paragraph.add_run(text)


def rule(paragraph: Paragraph, indent: Any) -> None:
    """The line under a head, drawn as the border of a low paragraph drawn in from both sides."""
    paragraph.style = "SH Rule"
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = indent
    border = (
        f'<w:pBdr {nsdecls("w")}><w:bottom w:val="single" w:sz="6" w:space="1" w:color="000000"/></w:pBdr>'
    )
    shape: Any = paragraph._p.get_or_add_pPr()
    shape.insert_element_before(parse_xml(border), "w:spacing", "w:ind", "w:jc", "w:rPr")


def footnotes_part(document: Document) -> None:
    """The part that holds footnotes; the writer adds one for each figure it cites."""
    text = (
        f"<w:footnotes {nsdecls('w')}>"
        '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
        '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p>'
        "</w:footnote></w:footnotes>"
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    package: Any = document.part.package
    part = Part(PackURI("/word/footnotes.xml"), FOOTNOTES_TYPE, (head + text).encode(), package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


if __name__ == "__main__":
    TEMPLATE.parent.mkdir(exist_ok=True)
    build().save(str(TEMPLATE))
