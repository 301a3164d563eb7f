"""The chapters of the detailed report on steps 1 and 2: flow-sheet, balance, where mass, energy and money go, causes.

`sections` gives headings with their blocks, in the language of the report and for the eyes of one person: what the
factory keeps to itself is not in a report that is made for somebody else.
"""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from sachhon.apps.assessment.documents.evidence import evidence
from sachhon.apps.assessment.documents.head import period
from sachhon.apps.assessment.models import Assessment
from sachhon.apps.assessment.queries import flow as flow_queries
from sachhon.apps.assessment.queries import flow_results as results
from sachhon.apps.assessment.queries import flow_stocks, freshness
from sachhon.apps.assessment.queries.streams import losses
from sachhon.apps.assessment.services.flow import pictures
from sachhon.apps.assessment.services.flow.disclosure import closed_for
from sachhon.documents.compose import Block, FigureBlock, Paragraph, TableBlock
from sachhon.documents.paper import Section
from sachhon.documents.shapes import ChartSpec, Column, Lang, Table

MOST_FISHBONES = 3  # the dearest losses have their picture, the others their row


def sections(assessment: Assessment, lang: Lang, user) -> tuple[Section, ...]:
    """Every chapter there is something to say in."""
    with override(lang):
        latest = freshness.latest_balance(user, assessment)
        stale = freshness.stale_words(freshness.stale_since(latest))
        chapters = [
            (_("Flow-sheet"), _sheet(assessment, latest, lang, user)),
            (_("Material and energy balance"), _balance(assessment, user)),
            (_("Where mass, energy and money go"), _sankeys(assessment, user)),
            (_("Cost of losses"), _costs(assessment, user)),
            (_("Energy by user"), _energy(assessment, user)),
            (_("Losses and causes"), _losses(assessment, user)),
        ]
        older = [Paragraph(stale)] if stale else []
        return tuple(Section(heading, (*older, *blocks)) for heading, blocks in chapters if blocks)


def _sheet(assessment: Assessment, latest, lang: Lang, user) -> list[Block]:
    page = flow_queries.flow_page(user, assessment)
    if not page.processes:
        return []
    closed = closed_for(user, assessment).all
    parts = pictures.sheet_parts(assessment, latest.content if latest else None, closed)
    first, last = period(assessment, lang)
    processes = ngettext("%(n)d process", "%(n)d processes", len(page.processes)) % {"n": len(page.processes)}
    streams = ngettext("%(n)d stream", "%(n)d streams", len(page.lines)) % {"n": len(page.lines)}
    said = _("The flow-sheet has %(p)s and %(s)s over the period %(first)s – %(last)s.") % {
        "p": processes,
        "s": streams,
        "first": first,
        "last": last,
    }
    title = _("Flow-sheet of %(name)s") % {"name": assessment.facility.name}
    drawn = [
        _picture(
            f"flow-sheet-{n}",
            f"{title} ({_('part')} {n}/{len(parts)})" if len(parts) > 1 else title,
            said,
            svg,
        )
        for n, svg in enumerate(parts, 1)
    ]
    return [Paragraph(said), *drawn]


def _balance(assessment: Assessment, user) -> list[Block]:
    page = flow_queries.flow_page(user, assessment)
    if page.latest is None:
        return []
    content = page.latest.content
    blocks: list[Block] = []
    if content["dof"]:
        checked = ngettext(
            "%(n)d balance checks the readings.", "%(n)d balances check the readings.", content["dof"]
        ) % {"n": content["dof"]}
        fits = _("The readings agree with the balances.")
        off = _("The readings do not agree with the balances; these are to be looked at first:")
        told = off if page.suspicions else fits if page.agrees else ""
        blocks.append(Paragraph(f"{checked} {told}".rstrip()))
    blocks += [Paragraph(f"- {words}") for words in page.suspicions]
    blocks += [Paragraph(f"- {what} {cure}") for _level, _place, what, cure in page.problems]
    blocks += [Paragraph(f"- {words}") for words in page.advice]
    if page.closed.beside:
        blocks.append(Paragraph(page.closed_words))
    rows = tuple(
        (
            line.stream.code,
            line.stream.name,
            line.measured or "–",
            line.value or "–",
            line.spread or "–",
            line.adjustment or "–",
            line.status_word,
        )
        for line in page.lines
    )
    columns = (
        Column(_("Code"), width=0.6),
        Column(_("Stream"), width=2),
        Column(_("Measured"), "quantity", width=1.3),
        Column(_("Reconciled"), "quantity", width=1.3),
        Column("±", "quantity", width=0.9),
        Column(_("Adjustment"), "quantity", width=0.9),
        Column(_("State"), width=1.4),
    )
    title = _("Measured and reconciled quantities of each stream")
    return [
        *blocks,
        TableBlock(title, Table("flow-balance", title, columns, rows)),
        *_codes(page),
        *_stocks(assessment, page),
        *evidence(user, assessment, verified=False),
    ]


def _codes(page: flow_queries.FlowPage) -> list[Block]:
    """How a quantity of the table is looked up on the site, where each opens to its readings and records."""
    figure = next((line.figure for line in page.lines if line.figure), "")
    if not figure:
        return []
    words = _(
        "Each reconciled quantity opens on the site by its code: %(before)s and the code of the stream, "
        "such as %(code)s."
    )
    return [Paragraph(words % {"before": figure.rpartition(":")[0] + ":", "code": figure})]


def _stocks(assessment: Assessment, page: flow_queries.FlowPage) -> list[Block]:
    """Stocks and transfer coefficients that the balance was drawn with."""
    stocks, shares = flow_stocks.found(assessment, page.latest, page.closed)
    blocks: list[Block] = []
    if stocks:
        title = _("Stocks: read → reconciled, ± in 95 of 100 cases")
        columns = (
            Column(_("Process"), width=2),
            Column(_("Of what")),
            Column(_("At the beginning"), "quantity", width=1.8),
            Column(_("At the end"), "quantity", width=1.8),
            Column(_("Taken up"), "quantity", width=1.8),
            Column(_("Unit"), width=0.8),
        )
        told = tuple((s.name, s.layer, s.opening, s.closing, s.change, s.unit) for s in stocks)
        blocks.append(TableBlock(title, Table("flow-stocks", title, columns, told)))
    if shares:
        title = _("Transfer coefficients in percent of what enters the process, ± in 95 of 100 cases")
        columns = (
            Column(_("Stream"), width=2),
            Column(_("Process"), width=2),
            Column(_("Of what")),
            Column(_("Given"), "quantity"),
            Column(_("Reconciled"), "quantity", width=1.4),
        )
        told = tuple((h.stream, h.process, h.layer, h.given, h.value) for h in shares)
        blocks.append(TableBlock(title, Table("flow-shares", title, columns, told)))
    return blocks


def _sankeys(assessment: Assessment, user) -> list[Block]:
    blocks: list[Block] = []
    for layer in pictures.LAYERS:
        view = results.sankey_view(user, assessment, layer)
        if view.svg:
            said = "; ".join(f"{name}: {value} {view.unit}" for name, _a, _b, value in view.rows[:5])
            columns = (
                Column(_("Stream"), width=2),
                Column(_("Comes from"), width=1.5),
                Column(_("Goes to"), width=1.5),
                Column(_("Quantity"), "quantity", view.unit),
            )
            table = Table(f"sankey-{layer}", view.title, columns, view.rows)
            blocks.append(_picture(f"sankey-{layer}", view.title, said, view.svg, table))
    return blocks


def _costs(assessment: Assessment, user) -> list[Block]:
    view = results.cost_view(user, assessment)
    if not view.there:
        return []
    if view.closed:
        kept = _(
            "The factory keeps a price or a quantity to itself: neither costs nor their share are shown."
        )
        return [Paragraph(kept)]
    said = _("%(share)s per cent of what was paid went into losses.") % {"share": view.share}
    title = _("Cost matrix (million VND)")
    columns = (
        Column(_("Part"), width=1.6),
        *(
            Column(c, "quantity")
            for c in (
                _("Materials"),
                _("Energy"),
                _("Labour, depreciation, upkeep"),
                _("Managing waste"),
                _("Total"),
            )
        ),
    )
    rows = tuple((part, *amounts) for part, amounts, _spread in view.matrix)
    lost = _("Losses by stream (million VND)")
    by_stream = Table(
        "flow-losses",
        lost,
        (Column(_("Code"), width=0.6), Column(_("Stream"), width=3), Column(_("Cost"), "quantity")),
        tuple(view.streams),
    )
    return [
        Paragraph(said),
        TableBlock(title, Table("flow-costs", title, columns, rows)),
        *([TableBlock(lost, by_stream)] if view.streams else []),
    ]


def _energy(assessment: Assessment, user) -> list[Block]:
    users = results.energy_by_user(user, assessment)
    if not users:
        return []
    title = _("Energy by user")
    columns = (
        Column(_("Process"), width=2),
        Column(_("Energy in"), "quantity", "GJ"),
        Column(_("Share"), "quantity", "%"),
        Column(_("Comes from"), width=2.5),
    )
    rows = tuple((u.name, u.gj, u.share, u.parts) for u in users)
    return [TableBlock(title, Table("flow-energy", title, columns, rows))]


def _losses(assessment: Assessment, user) -> list[Block]:
    lost = results.characterised(user, assessment, losses(user, assessment))
    if not lost:
        return []
    title = _("Losses and causes")
    columns = (
        Column(_("Code"), width=0.6),
        Column(_("Stream"), width=1.8),
        Column(_("Quantity"), "quantity", width=1.2),
        Column(_("Holds"), width=1.9),
        Column(_("Cost"), "quantity", _("million VND")),
        Column(_("Causes"), width=2.2),
    )
    rows = tuple(
        (
            loss.fact.code,
            loss.fact.name,
            loss.amount or "–",
            loss.holds or "–",
            loss.cost or "–",
            "; ".join(c.name for c in loss.fact.causes if c.is_root or len(c.chain) == 1) or "–",
        )
        for loss in lost
    )
    blocks: list[Block] = [TableBlock("", Table("flow-lost", title, columns, rows))]
    drawn = [loss for loss in lost if loss.fact.causes][:MOST_FISHBONES]
    for loss in drawn:
        head = _("Causes of “%(name)s”") % {"name": loss.fact.name}
        said = "; ".join(" ← ".join(c.chain) for c in loss.fact.causes)
        svg = pictures.fishbone_svg(loss.stream, loss.amount)
        blocks.append(_picture(f"causes-{loss.fact.code}", head, said, svg))
    return blocks


def _picture(code: str, title: str, said: str, svg: str, table: Table | None = None) -> FigureBlock:
    return FigureBlock(title, ChartSpec(code, title, said, {}, table, svg=svg))
