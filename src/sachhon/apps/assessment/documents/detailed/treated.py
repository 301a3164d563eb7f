"""Step 4 in the detailed report: what is left after cleaner production, and how it is treated."""

from django.utils import timezone
from django.utils.translation import gettext as _

from sachhon.apps.assessment import treatment_pages as pages
from sachhon.apps.assessment import treatment_words as words
from sachhon.apps.assessment.documents.detailed.told import Told, decimal, told_table
from sachhon.apps.assessment.models import Treatment
from sachhon.apps.assessment.services.treatment_stream import is_closed
from sachhon.documents.compose import Block, FigureBlock, Heading, Paragraph
from sachhon.documents.numbers import format_date_short, format_quantity
from sachhon.documents.shapes import Column


def treated(told: Told) -> list[Block]:
    """Each discharge: outlets against the limits, cost, what cleaner production spares, what was chosen."""
    found: list[Block] = []
    for row in Treatment.objects.visible_to(told.user).filter(assessment=told.assessment):
        found += [Heading(f"{row.code}. {row.name}"), *_one(told, row)]
    return found


def _one(told: Told, row: Treatment) -> list[Block]:
    if is_closed(told.user, row):
        return [Paragraph(_("confidential"))]
    lines = [words.problem_of(row), *words.warnings(row, told.lang)]
    blocks: list[Block] = [Paragraph(line) for line in lines if line]
    for when in words.WHENS:
        if when in row.result:
            blocks += _when(told, row, when)
    if spared := pages.spared(row):
        blocks.append(_spared(row, spared))
        if row.cuts.get("source"):
            blocks.append(Paragraph(row.cuts["source"]))
    blocks += [Paragraph(line) for line in words.remarks(row, told.lang)]
    if row.chosen:
        on = format_date_short(timezone.localtime(row.chosen_at).date(), told.lang)
        what = {"chosen": words.name_of(row, row.chosen), "who": row.chosen_by_name, "on": on}
        blocks.append(
            Paragraph(_("Chosen: %(chosen)s (%(who)s, %(on)s).") % what + f" {row.chosen_reason}".rstrip())
        )
    return blocks + [FigureBlock(c.title, c) for c in pages.charts(row, told.lang)]


def _when(told: Told, row: Treatment, when: str) -> list[Block]:
    t = pages.table(row, when, told.lang)
    flow = f"{t['title']}: {format_quantity(t['flow'], told.lang)} {t['flow_unit']}."
    chains = (
        [Paragraph(f"{c['name']}: {' → '.join(c['steps'])}.") for c in t["columns"]] if when == "now" else []
    )
    heads = [
        Column(_("Parameter"), width=1.6),
        Column(_("At the inlet"), "quantity"),
        Column(_("Limit"), "quantity"),
        *(Column(c["name"], width=1.6) for c in t["columns"]),
    ]
    rows: list[tuple] = [
        (
            f"{r['name']} ({r['unit']})",
            decimal(r["mean"]),
            decimal(r["limit"]),
            *(_cell(c, told.lang) for c in r["cells"]),
        )
        for r in t["rows"]
    ]
    if t["ph"]:
        ph = t["ph"]
        rows.append((_("pH (not computed)"), ph["given"], ph["limit"], *(c["word"] for c in ph["cells"])))
    rows.append(
        (
            _("All limits met at most"),
            None,
            None,
            *(
                "–"
                if m["often"] is None
                else _("%(share)s of the time (weakest: %(name)s)")
                % {"share": m["often"], "name": m["weakest"]}
                for m in t["met"]
            ),
        )
    )
    for money in t["money"]:
        ends = [
            " ".join(
                (
                    format_quantity(c["value"], told.lang),
                    f"({format_quantity(c['low'], told.lang)}–{format_quantity(c['high'], told.lang)})",
                )
            )
            for c in money["cells"]
        ]
        rows.append((money["label"], None, None, *ends))
    return [Paragraph(flow), *chains, told_table(f"treated-{row.number}-{when}", t["title"], heads, rows)]


def _cell(cell: dict, lang: str) -> str:
    mean, low, high = (format_quantity(cell[k], lang) for k in ("mean", "low", "high"))
    said = f"{mean} ({low}–{high})"
    if cell["met"] is None:
        return said
    return said + "; " + _("met %(met)s of the time") % {"met": cell["often"]}


def _spared(row: Treatment, spared: list[dict]):
    million = _("million VND")
    heads = [
        Column(_("Alternative"), width=2),
        Column(_("Investment"), "quantity", million),
        Column(_("Running a year"), "quantity", million),
        Column(_("Cost a year"), "quantity", million),
    ]
    rows = [(s["name"], *(decimal(s[k]) for k in ("investment", "running", "yearly"))) for s in spared]
    return told_table(f"spared-{row.number}", _("What cleaner production spares"), heads, rows)
