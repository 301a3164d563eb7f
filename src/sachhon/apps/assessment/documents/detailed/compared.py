"""Step 4 in the detailed report: technologies compared, and how firm the order is."""

from django.utils import timezone
from django.utils.translation import gettext as _

from sachhon.apps.assessment import comparison_pages as pages
from sachhon.apps.assessment.documents.detailed.told import Told, decimal, told_table
from sachhon.apps.assessment.models import Comparison
from sachhon.documents.compose import Block, FigureBlock, Heading, Paragraph
from sachhon.documents.numbers import format_date_short
from sachhon.documents.shapes import Column


def compared(told: Told) -> list[Block]:
    """Each comparison: figures and scores, who is ruled out, how firm the order is, what was chosen."""
    found: list[Block] = []
    for row in Comparison.objects.visible_to(told.user).filter(assessment=told.assessment):
        found += [Heading(f"{row.code}. {row.name}"), *_one(told, row)]
    return found


def _one(told: Told, row: Comparison) -> list[Block]:
    names = pages.alternative_names(told.user, row)
    problem = pages.problem_of(row)
    blocks: list[Block] = [Paragraph(words) for words in (row.purpose, problem) if words]
    if row.alternatives and row.criteria:
        blocks.append(_table(told, row))
    if row.result.get("scores"):
        first = ", ".join(names[a] for a in row.result["tied"])
        said = [
            _("%(first)s comes first.") % {"first": first},
            pages.critical_words(row, names),
            *pages.remarks(row, names, told.lang),
        ]
        blocks.append(Paragraph(" ".join(s for s in said if s)))
    blocks += [Paragraph(words) for words in pages.out_words(row, names)]
    if row.chosen:
        on = format_date_short(timezone.localtime(row.chosen_at).date(), told.lang)
        what = {"chosen": names[row.chosen], "who": row.chosen_by_name, "on": on}
        blocks.append(
            Paragraph(
                _("Chosen: %(chosen)s (%(who)s, %(on)s).") % what
                + f" {pages.why_chosen(told.user, row)}".rstrip()
            )
        )
    return blocks + [FigureBlock(c.title, c) for c in pages.charts(told.user, row, told.lang)]


def _table(told: Told, row: Comparison):
    columns = pages.columns(told.user, row)
    rows = [
        (
            f"{r['name']} ({r['unit']})" if r["unit"] else r["name"],
            r["direction"],
            r["weight"],
            r["limits"] or "–",
            *(decimal(cell["value"]) for cell in r["cells"]),
        )
        for r in pages.criterion_rows(told.user, row)
    ]
    scores = [(_("Score of 100"), "", decimal(100), "", *(decimal(c["score"]) for c in columns))]
    heads = [
        Column(_("Criterion"), width=2),
        Column(_("Direction"), width=1.2),
        Column(_("Weight"), "number", "%"),
        Column(_("Hard limit")),
        *(Column(c["name"], "quantity") for c in columns),
    ]
    return told_table(f"compared-{row.number}", _("Criteria and alternatives"), heads, rows + scores)
