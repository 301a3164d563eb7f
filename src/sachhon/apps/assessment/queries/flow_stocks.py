"""Stocks and transfer coefficients of a flow-sheet as its pages show them: as read, and as the balance left them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import (
    Assessment,
    Process,
    Reconciliation,
    StockLevel,
    Stream,
    TransferShare,
)
from sachhon.apps.assessment.queries.flow_words import number
from sachhon.apps.assessment.services.flow.disclosure import Closed, at_closed, closed_for, places_of
from sachhon.apps.assessment.services.flow.net import unit_of
from sachhon.reference import unit_label


@dataclass(frozen=True)
class StockFound:
    """A stock on one layer: at the beginning, at the end, what it took up; each as read → reconciled ± (95 %)."""

    name: str
    layer: str
    opening: str
    closing: str
    change: str
    unit: str


@dataclass(frozen=True)
class ShareFound:
    """A transfer coefficient in %, as given and as reconciled."""

    stream: str
    process: str
    layer: str
    given: str
    value: str


def stock_rows(user, assessment: Assessment) -> list[StockLevel]:
    """Every stock reading but those at a process that a closed stream touches."""
    places = places_of(assessment, closed_for(user, assessment))
    rows = StockLevel.objects.visible_to(user).filter(
        assessment=assessment, removed=False, process__removed=False
    )
    return [
        row
        for row in rows.select_related("process").order_by("process__pk", "layer", "-moment", "period", "pk")
        if not at_closed(row, places)
    ]


def share_rows(user, assessment: Assessment) -> list[TransferShare]:
    """Every transfer coefficient but those at such a process."""
    places = places_of(assessment, closed_for(user, assessment))
    rows = TransferShare.objects.visible_to(user).filter(
        assessment=assessment, removed=False, stream__removed=False
    )
    return [
        row
        for row in rows.select_related("stream", "stream__source").order_by("stream__source__pk", "pk")
        if not at_closed(row, places)
    ]


def found(
    assessment: Assessment, latest: Reconciliation | None, closed: Closed
) -> tuple[list[StockFound], list[ShareFound]]:
    """What the last balance told of stocks and shares, for somebody for whom `closed` streams are closed."""
    content = latest.content if latest else {}
    shut = places_of(assessment, closed)
    processes = {p.code: p for p in Process.objects.filter(assessment=assessment)}
    streams = {s.code: s for s in Stream.objects.filter(assessment=assessment).select_related("source")}
    stocks = [
        StockFound(
            processes[row["process"]].name, layer_word(row["layer"]),
            _both(row["opening"]), _both(row["closing"]), _both(row["change"], signed=True),
            unit_label(unit_of(row["layer"]), _lang()),
        )
        for row in content.get("stocks", ())
        if row["process"] in processes and processes[row["process"]].pk not in shut
    ]  # fmt: skip
    shares = [
        ShareFound(
            s.name, s.source.name if s.source else "", layer_word(row["layer"]),
            "–" if row["given"] is None else number(row["given"] * 100),
            "–" if row["value"] is None
            else f"{number(row['value'] * 100)} ± {number(1.96 * row['uncertainty'] * 100)}",
        )
        for row in content.get("shares", ())
        if (s := streams.get(row["stream"])) and s.source_id not in shut
    ]  # fmt: skip
    return stocks, shares


def stocked(assessment: Assessment) -> frozenset[int]:
    """Keys of the processes with a stock."""
    rows = StockLevel.objects.filter(assessment=assessment, removed=False)
    return frozenset(rows.values_list("process", flat=True))


def layer_word(layer: str) -> str:
    return {"goods": _("mass"), "energy": _("energy")}.get(layer, layer)


def _both(given: Sequence[float | None], signed: bool = False) -> str:
    """ "120 → 118 ± 4"; what is not known is a dash."""
    read, value, spread = given

    def word(amount: float) -> str:
        return f"+{number(amount)}" if signed and amount > 0 else number(amount)

    before = "–" if read is None else word(read)
    after = "–" if value is None or spread is None else f"{word(value)} ± {number(1.96 * spread)}"
    return f"{before} → {after}"


def _lang() -> str:
    return "en" if get_language() == "en" else "vi"
