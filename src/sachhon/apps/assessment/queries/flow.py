"""A flow-sheet as its pages show it: rows with what the last balance found, what changed since, the live look."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from math import isclose

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import (
    Assessment,
    FlowChange,
    Layer,
    Measurement,
    Process,
    Reconciliation,
    Stream,
)
from sachhon.apps.assessment.queries import flow_records, flow_stocks
from sachhon.apps.assessment.queries.flow_words import (
    advice_words,
    number,
    suspicion_lines,
    told_suspicions,
)
from sachhon.apps.assessment.queries.freshness import latest_balance, stale_since, stale_words
from sachhon.apps.assessment.services.flow import problems
from sachhon.apps.assessment.services.flow.balance import SIGNIFICANCE, balance
from sachhon.apps.assessment.services.flow.disclosure import Closed, closed_for, closed_of, sees_secrets
from sachhon.apps.assessment.services.flow.net import gather
from sachhon.apps.assessment.services.flow.reconciling import content_of, figure_code
from sachhon.documents.numbers import format_number
from sachhon.reference import unit_label

MOST_NEWS = 500


@dataclass(frozen=True)
class StreamLine:
    """A stream with its figures in words; `closed`: not for this person, being confidential or giving that away."""

    stream: Stream
    measured: str
    value: str
    spread: str
    adjustment: str
    residual: str
    status: str  # code of site/states.py
    status_word: str
    why: str
    figure: str
    closed: bool

    @property
    def suspect(self) -> bool:
        return self.status == "suspect"


@dataclass
class FlowPage:
    """What the pages of one flow-sheet need."""

    assessment: Assessment
    processes: list[Process]
    lines: list[StreamLine]
    layers: list[Layer]
    seq: int
    latest: Reconciliation | None
    problems: list[tuple[str, str, str, str]]  # level, place, what, cure
    suspicions: list[str]
    advice: list[str]
    counts: dict[str, int] = field(default_factory=dict)
    stale_since: datetime | None = None  # when the balance was drawn, if the sheet was changed after it
    closed: Closed = field(default_factory=Closed)  # for this person
    stocked: frozenset[int] = frozenset()  # keys of the processes with a stock

    @property
    def stale_words(self) -> str:
        """That the figures are older than the sheet; empty where they are not."""
        return stale_words(self.stale_since)

    @property
    def agrees(self) -> bool:
        """Whether the readings agree with the balances, by the balance that is shown and the sheet as it stands."""
        content = self.latest.content if self.latest else {}
        fits = content.get("p_value", 1.0) >= SIGNIFICANCE
        return bool(content.get("dof")) and fits and not self.suspicions and self.stale_since is None

    @property
    def chance_words(self) -> str:
        """The chance of so large a χ² by the readings' own errors: "p = 0,213", "p < 0,001"."""
        p, least = self.latest.content["p_value"], 0.001
        return f"p {'<' if p < least else '='} {format_number(Decimal(str(round(max(p, least), 3))), _lang(), 3)}"

    @property
    def closed_words(self) -> str:
        """That streams are closed which nobody marked, and why."""
        names = [line.stream.name for line in self.lines if line.stream.code in self.closed.beside]
        return _(
            "Closed besides what the factory marked as confidential, since it could be worked out from them: %(names)s."
        ) % {"names": ", ".join(names)}


def last_change(assessment: Assessment) -> int:
    """The place in the sequence of changes that a page is at."""
    last = FlowChange.objects.filter(act__assessment=assessment).order_by("-pk").first()
    return last.pk if last else 0


def flow_page(user, assessment: Assessment) -> FlowPage:
    """Everything of the flow-sheet as it stands; figures are those of the last balance, the look is live."""
    mine = {"assessment": assessment, "removed": False}
    net = gather(assessment)
    found = balance(net)
    latest = latest_balance(user, assessment)
    seq = last_change(assessment)
    streams = Stream.objects.visible_to(user).filter(**mine).select_related("source", "target", "resource")
    content = content_of(net, found)
    kept_back = closed_of(assessment, net)
    closed = Closed() if sees_secrets(user) else kept_back
    told = told_suspicions(found, closed)
    suspected = suspicion_lines(net, told)
    figures = latest.content["streams"] if latest else {}
    lines = [
        _line_closed(s, closed)
        if s.code in closed
        else _line(
            s,
            figures.get(s.code),
            content["streams"].get(s.code),
            told,
            net,
            bool(latest),
            s.code in kept_back,
        )
        for s in streams
    ]
    counts: dict[str, int] = {}
    for line in lines:
        counts[line.status] = counts.get(line.status, 0) + 1
    return FlowPage(
        assessment=assessment,
        processes=list(Process.objects.visible_to(user).filter(**mine).select_related("parent")),
        lines=lines,
        layers=list(Layer.objects.visible_to(user).filter(**mine)),
        seq=seq,
        latest=latest,
        problems=[
            (p.level, p.place, *problems.words(p.as_json(), _lang()))
            for p in problems.open_ones(found.problems, closed.all, net)
        ]
        + flow_records.moved_words(user, assessment, measurements(user, assessment)),
        suspicions=[words for _code, words in suspected],
        advice=advice_words(net, found),
        counts=counts,
        stale_since=stale_since(latest),
        closed=closed,
        stocked=flow_stocks.stocked(assessment),
    )


def measurements(user, assessment: Assessment) -> Iterable[Measurement]:
    """Every measurement in the order it was typed; confidential ones only for those who may see them."""
    rows = Measurement.objects.visible_to(user).filter(
        assessment=assessment, removed=False, stream__removed=False
    )
    if closed := closed_for(user, assessment).all:
        rows = rows.exclude(stream__code__in=closed)
    return rows.select_related("stream", "stream__resource").order_by("stream__pk", "layer", "period", "pk")


def graph(user, page: FlowPage) -> dict:
    """The canvas: boxes and arrows with the words on them."""
    return {
        "seq": page.seq,
        "processes": [process_json(p, p.pk in page.stocked) for p in page.processes],
        "streams": [stream_json(line) for line in page.lines],
    }


def process_json(p: Process, stocked: bool) -> dict:
    return {
        "stock": stocked,
        "id": p.pk, "code": p.code, "name": p.name, "parent": p.parent_id, "x": p.x, "y": p.y,
        "version": p.version, "removed": p.removed,
    }  # fmt: skip


def stream_json(line: StreamLine) -> dict:
    s = line.stream
    return {
        "id": s.pk, "code": s.code, "name": s.name, "source": s.source_id, "target": s.target_id,
        "kind": s.kind, "use": s.use, "version": s.version, "removed": s.removed,
        "amount": line.value, "status": line.status, "word": line.status_word,
    }  # fmt: skip


def changes_since(user, assessment: Assessment, seq: int) -> list[FlowChange]:
    """What was changed after `seq`, oldest first."""
    return list(
        FlowChange.objects.visible_to(user)
        .filter(act__assessment=assessment, pk__gt=seq)
        .select_related("act")
        .order_by("pk")[:MOST_NEWS]
    )


def _line_closed(stream: Stream, closed: Closed) -> StreamLine:
    """A line whose figures this person may not see, and why."""
    if stream.code in closed.own:
        return StreamLine(
            stream, "", _("confidential"), "", "", "", "locked", _("confidential"), "", "", closed=True
        )
    why = _("Closed so that a confidential figure cannot be worked out from it.")
    return StreamLine(
        stream,
        "",
        _("confidential"),
        "",
        "",
        "",
        "locked",
        _("closed with a confidential one"),
        why,
        "",
        closed=True,
    )


def _line(stream, figures, live, suspicions, net, reconciled: bool, kept_back: bool) -> StreamLine:
    shown = figures if reconciled else None
    unit = unit_label(stream.unit, _lang())
    accused = {s.at for s in suspicions if s.kind == "meter"}
    status, word = _status((live or {}).get("status", ""), stream.code in accused)
    why = next((words for code, words in suspicion_lines(net, suspicions) if code == stream.code), "")
    figures = shown or {}
    value, measured, u = figures.get("value"), figures.get("measured"), figures.get("uncertainty")
    seen = (live or {}).get("measured") if measured is None else measured
    return StreamLine(
        stream=stream,
        measured="" if seen is None else f"{number(seen)} {unit}",
        value="" if value is None else f"{number(value)} {unit}",
        spread="" if u is None else f"± {number(1.96 * u)}",
        adjustment="" if None in (value, measured) else _signed(_moved(value, measured)),
        residual=f"{figures['statistic']:.1f}".replace(".", "," if _lang() == "vi" else ".")
        if figures.get("statistic")
        else "",
        status=status,
        status_word=word,
        why=why,
        figure="" if value is None or kept_back else figure_code(stream.assessment_id, stream.code),
        closed=False,
    )


def _status(code: str, accused: bool) -> tuple[str, str]:
    if accused:
        return "suspect", _("Suspect")
    return {
        "redundant": ("good", _("Measured and checked")),
        "measured": ("measured", _("Measured, not checked")),
        "observable": ("derived", _("Computed")),
        "fixed": ("locked", _("Taken as exact")),
        "held": ("warning", _("Held at 0")),
    }.get(code, ("unknown", _("Not known")))


def _moved(value: float, measured: float) -> float:
    """The adjustment; what is left of the arithmetic alone is none."""
    return 0.0 if isclose(value, measured, rel_tol=1e-6) else value - measured


def _signed(value: float) -> str:
    return f"+{number(value)}" if value > 0 else number(value)


def _lang() -> str:
    return "en" if get_language() == "en" else "vi"
