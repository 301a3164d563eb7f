"""The part of the quick report on use and money: quantities, cost, specific consumption against benchmarks."""

from decimal import Decimal

from sachhon.apps.assessment.queries.quick_shown import EnergyShown, Shown, UseShown
from sachhon.documents.compose import Block, Paragraph, TableBlock
from sachhon.documents.numbers import UNKNOWN, format_number, format_quantity
from sachhon.documents.shapes import Column, Lang, Table
from sachhon.documents.texts import words

MILLION = Decimal(1_000_000)


def figures(result: Shown, lang: Lang) -> tuple[Block, ...]:
    """What the facility uses and pays, and its specific consumption against the benchmarks."""
    say = words(lang)
    rows, strong, marked = [], [], False
    for use in result.uses:
        strong.append(len(rows))
        star = "*" if use.cost_is_reference else ""
        marked = marked or use.cost_is_reference
        rows.append(
            (
                use.name,
                format_quantity(use.quantity, lang),
                use.unit,
                million(use.cost, lang) + star,
                "",
            )
        )
        for one in use.resources:
            source = say("quick.from.typed" if one["typed"] else "quick.from.records")
            rows.append(
                (
                    f"– {one['name']}",
                    format_quantity(one["quantity"], lang),
                    one["unit"],
                    million(one["cost"], lang),
                    source,
                )
            )
    columns = (
        Column(say("quick.c.resource"), width=2.4),
        Column(say("quick.c.quantity"), "number", width=1.3),
        Column(say("quick.c.unit"), width=1),
        Column(say("quick.c.cost"), "number", width=1.2),
        Column(say("quick.c.from"), width=1.6),
    )
    note = say("quick.note.reference") if marked else ""
    use_table = Table("use", say("quick.t.use"), columns, tuple(rows), note=note, strong_rows=tuple(strong))
    blocks: list[Block] = [TableBlock(say("quick.t.use"), use_table)]
    blocks.append(TableBlock(say("quick.t.specific"), _specific(result, lang)))
    return (*blocks, *(Paragraph(f"{u.name}: {u.remark}") for u in _told(result) if u.remark))


def _specific(result: Shown, lang: Lang) -> Table:
    say = words(lang)
    columns = (
        Column(say("quick.c.resource"), width=1.2),
        Column(say("quick.c.specific"), "number", width=1.4),
        Column(say("quick.c.levels"), width=2.6),
        Column(say("quick.c.level"), width=1.2),
    )
    rows = []
    for use in _told(result):
        value = (
            UNKNOWN if use.specific is None else f"{format_quantity(use.specific, lang)} {use.specific_unit}"
        )
        levels = " – ".join(format_quantity(v, lang) for _n, v in use.levels)
        rows.append(
            (
                use.name,
                value,
                f"{levels} ({use.benchmark})" if use.benchmark else UNKNOWN,
                use.level or UNKNOWN,
            )
        )
    return Table("specific", say("quick.t.specific"), columns, tuple(rows))


def _told(result: Shown) -> list[UseShown | EnergyShown]:
    """What is held against a benchmark: each kind of resource, and all energy together where that is chosen."""
    return [*result.uses, *([result.energy] if result.energy else [])]


def million(vnd: int | None, lang: Lang) -> str:
    """An amount of VND in millions, with a decimal below ten."""
    if vnd is None:
        return UNKNOWN
    amount = Decimal(vnd) / MILLION
    return format_number(amount, lang, 0 if amount >= 10 else 1)


def millions(vnd: tuple[int, int] | None, lang: Lang) -> str:
    """A range of VND in millions; one number where both ends read the same."""
    return UNKNOWN if vnd is None else "–".join(dict.fromkeys(million(v, lang) for v in vnd))
