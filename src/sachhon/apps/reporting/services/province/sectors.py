"""The table of the country's targets by sector: an appendix of the report, and a part of the page of targets."""

from collections.abc import Sequence

from sachhon import reference
from sachhon.apps.programme.models import SectorResult
from sachhon.apps.programme.services.sectors import code_of
from sachhon.apps.programme.services.targets import target_text
from sachhon.apps.reporting.services.province.words import say
from sachhon.documents.numbers import format_interval
from sachhon.documents.shapes import Cell, Column, Lang, Table
from sachhon.documents.texts import words

CODE = "sector-targets"


def sector_table(results: Sequence[SectorResult], lang: Lang) -> Table | None:
    """A line for each sector that has facilities in the province; None where there is none."""
    present = [result for result in results if result.denominator]
    if not present:
        return None
    first = present[0]
    plan = next(p for p in reference.plans() if p.code == first.plan_code)
    target = next(t for t in reference.targets(plan.code) if t.code == first.target_code)
    names = {sector.code: sector.name(lang) for sector in reference.target_sectors(plan.code)}
    absent = [names[result.sector] for result in results if not result.denominator]
    note = say("sectors.note", lang, plan=plan.name(lang), document=plan.document)
    if absent:
        note += " " + say("sectors.absent", lang, sectors="; ".join(absent))
    return Table(
        CODE,
        say("sectors.title", lang, target=target.name(lang), value=target_text(target), year=target.year),
        (
            Column(say("sectors.col.sector", lang), width=2.6),
            Column(say("sectors.col.facilities", lang), "integer", width=1.2),
            Column(say("sectors.col.known", lang), "integer", width=1.4),
            Column(say("sectors.col.reached", lang), "integer", width=1.7),
            Column(say("sectors.col.fuel", lang), "percent", "%", width=1.5),
            Column(words(lang)("col.interval", level=95), width=2.1),
            Column(words(lang)("col.verdict"), width=1.6),
            Column(say("sectors.col.basis", lang), width=1.9),
        ),
        tuple(_row(result, names[result.sector], lang) for result in present),
        note=note,
        figure_codes=tuple(code_of(r.target_code, r.sector, r.province_code, r.year) for r in present),
    )


def _row(result: SectorResult, name: str, lang: Lang) -> tuple[Cell, ...]:
    basis = (
        say(f"sectors.basis.{result.basis}", lang) if result.known or result.estimate is not None else None
    )
    return (
        name,
        result.denominator,
        result.known,
        result.numerator,
        result.estimate,
        format_interval(result.low, result.high, lang, unit="%"),
        words(lang)(f"verdict.{result.met}"),
        basis,
    )
