"""From the report's data to what stands on paper, in order: headings, sentences, tables, pictures, notes.

Word and PDF print the same `Composed`, so they cannot say different things. The wording is in
`texts/report.csv`; this module decides which sentence is said, never how it looks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sachhon.documents import lineage_tables
from sachhon.documents import report_tables as tables
from sachhon.documents.charts import report_charts
from sachhon.documents.model import ProvinceReportData
from sachhon.documents.narrative import Narrative
from sachhon.documents.numbers import format_count, format_date_long
from sachhon.documents.shapes import ChartSpec, Lang, Note, Table
from sachhon.documents.texts import clean, words

_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")


@dataclass(frozen=True)
class Paragraph:
    """Running text. A figure's note is cited inside it, see `cites.split_cites`."""

    text: str


@dataclass(frozen=True)
class Heading:
    """A heading inside a section; it stays with what stands under it."""

    text: str


@dataclass(frozen=True)
class TableBlock:
    """A table with its caption above (none where the appendix's title says it)."""

    caption: str
    table: Table


@dataclass(frozen=True)
class FigureBlock:
    caption: str
    chart: ChartSpec


@dataclass(frozen=True)
class Photo:
    """A photo as JPEG, and what it shows."""

    jpeg: bytes
    width: int
    height: int
    caption: str


@dataclass(frozen=True)
class PhotosBlock:
    """Photos beside each other, each with its caption below."""

    photos: tuple[Photo, ...]


Block = Paragraph | Heading | TableBlock | FigureBlock | PhotosBlock


def stays_with_next(blocks: Sequence[Block], index: int) -> bool:
    """Whether a sentence leads into the table under it: alone at the foot of a page it would announce nothing."""
    after = blocks[index + 1 : index + 2]
    return isinstance(blocks[index], Paragraph) and any(isinstance(b, TableBlock) for b in after)


@dataclass(frozen=True)
class Appendix:
    head: str
    title: str
    attached: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Composed:
    """The report, ready to be laid out. Empty sections are not in `content`, nor have they a heading."""

    head: dict[str, str]
    subject: tuple[str, ...]
    """Lines of the title, broken where they are read well."""
    addressees: tuple[str, ...]
    copies: tuple[str, ...]
    signer_titles: tuple[str, ...]
    headings: dict[str, str]
    content: dict[str, tuple[Block, ...]]
    closing: str
    appendices: tuple[Appendix, ...]
    notes: dict[str, Note] = field(default_factory=dict)
    """Text of the note of each figure code that may be cited."""


def compose(data: ProvinceReportData, lang: Lang) -> Composed:
    return _Composer(data, lang).composed()


class _Composer:
    def __init__(self, data: ProvinceReportData, lang: Lang) -> None:
        self.data = data
        self.lang: Lang = lang
        self.say = words(lang)
        self.tell = Narrative(data, lang)
        self.tables = 0
        self.printed: list[tuple[str, Table]] = []
        self.figures = 0
        self.charts = report_charts(data, lang)

    def composed(self) -> Composed:
        content = {key: blocks for key, blocks in self._content().items() if blocks}
        return Composed(
            head=self._head(),
            subject=tuple(
                self.say("head.subject", year=self.data.year, province=clean(self.data.province)).split("|")
            ),
            addressees=tuple(clean(a) for a in self.data.letterhead.addressees),
            copies=self._copies(),
            signer_titles=tuple(clean(t) for t in self.data.letterhead.signer_title_lines),
            headings=self._headings(content),
            content=content,
            closing=self.tell.closing(),
            appendices=self._appendices(),
            notes={note.figure_code: self.tell.note(note) for note in self.data.footnotes},
        )

    # --- head and foot

    def _head(self) -> dict[str, str]:
        data, head, say = self.data, self.data.letterhead, self.say
        date = format_date_long(head.date, self.lang, data.reporting.as_of.year)
        banners = [say("demo.banner")] * data.demo + [say("draft.banner")] * data.draft
        return {
            "parent_body": clean(head.parent_body).upper(),
            "issuing_body": clean(head.issuing_body).upper(),
            "nation": say("head.nation"),
            "motto": say("head.motto"),
            "number": say("head.number", number=head.number or "       ", symbol=head.symbol),
            "place_date": say("head.place_date", place=clean(head.place), date=date),
            "kind": say("head.kind"),
            "to": say("head.to"),
            "copies": say("head.copies"),
            "signer_name": clean(head.signer_name),
            "banner": "  •  ".join(banners),
            "opening": self.tell.opening(),
        }

    def _copies(self) -> tuple[str, ...]:
        """Lines of "Nơi nhận:": each with its dash, ending in semicolons, the archive's in a full stop."""
        head = self.data.letterhead
        return (*(f"- {clean(c)};" for c in head.copies_to), f"- {clean(head.archive_line).rstrip('.')}.")

    def _headings(self, content: dict[str, tuple[Block, ...]]) -> dict[str, str]:
        """Parts I, II … and sections 1, 2 …, counted over what is there."""
        values = {"next": self.data.year + 1, "body": clean(self.data.letterhead.issuing_body_name)}
        headings: dict[str, str] = {}
        number = 0
        for part, sections in OUTLINE.items():
            present = [s for s in sections if s in content]
            if not present:
                continue
            headings[part] = f"{_ROMAN[number]}. {self.say(f'part.{part}', **values)}"
            number += 1
            if sections != (part,):
                for place, section in enumerate(present, 1):
                    headings[section] = f"{place}. {self.say(f'sub.{section}', **values)}"
        return headings

    # --- body

    def _content(self) -> dict[str, tuple[Block, ...]]:
        data, tell, lang = self.data, self.tell, self.lang
        appendix = self._appendix_numbers()
        return {
            "general": self._paragraphs(tell.general()),
            "reporting": (
                *self._paragraphs(tell.reporting(appendix.get("late"))),
                self._table(tables.reporting_table(data, lang)),
            ),
            "targets": (
                *self._paragraphs(tell.targets(appendix["lineage"])),
                self._table(tables.targets_table(data, lang)),
                *self._chart("targets"),
            ),
            "solutions": (
                *self._paragraphs(tell.solutions()),
                *(
                    [self._table(tables.solutions_table(data, lang))]
                    if data.solutions.total.solutions
                    else []
                ),
            ),
            "savings": (
                *self._paragraphs(tell.savings()),
                *([self._table(tables.savings_table(data, lang))] if data.savings else []),
                *self._chart("savings"),
            ),
            "cuts": self._cuts(appendix.get("area")),
            "consumption": (
                *self._paragraphs(tell.consumption()),
                self._table(tables.consumption_table(data, lang)),
                *self._chart("consumption"),
            )
            if data.consumption.rows
            else (),
            "difficulties": (
                *self._paragraphs(tell.voices("difficulties", data.difficulties)),
                *self._voices("difficulties"),
            ),
            "requests": (
                *self._paragraphs(tell.voices("requests", data.requests)),
                *self._voices("requests"),
            ),
            "tasks": self._paragraphs([f"- {clean(t)}" for t in data.next_tasks]),
            "proposals": self._paragraphs([f"- {clean(p)}" for p in data.proposals]),
        }

    def _cuts(self, area_appendix: str | None) -> tuple[Block, ...]:
        data, lang = self.data, self.lang
        blocks: list[Block] = [*self._paragraphs(self.tell.cuts(area_appendix))]
        if sector := data.breakdown("sector"):
            blocks += [self._table(tables.breakdown_table(sector, lang)), *self._chart("sectors")]
        if size := data.breakdown("size"):
            blocks.append(self._table(tables.breakdown_table(size, lang)))
        return tuple(blocks)

    def _voices(self, kind: str) -> list[Block]:
        rows = self.data.difficulties if kind == "difficulties" else self.data.requests
        return [self._table(tables.voices_table(kind, rows, self.lang))] if rows else []

    # --- appendices

    def _appendix_numbers(self) -> dict[str, str]:
        """Which appendix is which: areas, late reporters, further tables and pictures, lineage last."""
        data = self.data
        names = ["area"] if data.breakdown("area") else []
        names += ["late"] if data.reporting.rows else []
        names += [f"table-{i}" for i, _ in enumerate(data.appendix_tables)]
        names += [f"chart-{i}" for i, _ in enumerate(data.charts)]
        names += ["lineage"]
        return {name: _ROMAN[i] for i, name in enumerate(names)}

    def _appendices(self) -> tuple[Appendix, ...]:
        data, lang = self.data, self.lang
        blocks: dict[str, tuple[str, tuple[Block, ...]]] = {}
        if area := data.breakdown("area"):
            table = tables.breakdown_table(area, lang, wide=True)
            blocks["area"] = (table.title, (TableBlock("", table),))
        table = tables.late_table(data, lang)
        blocks["late"] = (table.title, (TableBlock("", table),))
        for i, table in enumerate(data.appendix_tables):
            blocks[f"table-{i}"] = (table.title, (TableBlock("", table),))
        for i, chart in enumerate(data.charts):
            blocks[f"chart-{i}"] = (chart.title, (FigureBlock(clean(chart.title), chart),))
        rules = lineage_tables.with_codes(tables.rules_table(data, lang), lang, on_paper=True)
        origins = lineage_tables.origins_table(data, self.printed, lang)
        last: list[Block] = [TableBlock(rules.title, rules)]
        if origins.rows:
            count = format_count(len(data.footnotes), lang)
            last += [Paragraph(self.say("lineage.intro", count=count)), TableBlock(origins.title, origins)]
        blocks["lineage"] = (self.say("appendix.lineage"), tuple(last))
        return tuple(
            Appendix(self.say("appendix.head", number=number), clean(title).upper(), self._attached(), inside)
            for name, number in self._appendix_numbers().items()
            for title, inside in [blocks[name]]
        )

    def _attached(self) -> str:
        head = self.data.letterhead
        return self.say(
            "appendix.attached",
            number=head.number or "       ",
            symbol=head.symbol,
            date=format_date_long(head.date, self.lang, self.data.reporting.as_of.year),
            body=clean(head.issuing_body_name),
        )

    # --- blocks

    @staticmethod
    def _paragraphs(texts: list[str]) -> tuple[Block, ...]:
        return tuple(Paragraph(text) for text in texts)

    def _table(self, table: Table) -> TableBlock:
        self.tables += 1
        self.printed.append((self.say("caption.number", number=self.tables), table))
        return TableBlock(self.say("caption.table", number=self.tables, title=clean(table.title)), table)

    def _chart(self, name: str) -> list[Block]:
        if name not in self.charts:
            return []
        self.figures += 1
        chart = self.charts[name]
        return [FigureBlock(self.say("caption.figure", number=self.figures, title=clean(chart.title)), chart)]


OUTLINE: dict[str, tuple[str, ...]] = {
    "situation": ("general", "reporting"),
    "targets": ("targets",),
    "results": ("solutions", "savings", "cuts", "consumption"),
    "difficulties": ("difficulties",),
    "outlook": ("requests", "tasks", "proposals"),
}
"""Parts and their sections in order; a part that is its own section has no subheadings."""
