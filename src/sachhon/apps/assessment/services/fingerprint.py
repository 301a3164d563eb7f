"""What a signature under a step stands for: the state of the step, as a digest of each of its parts.

A signature is of figures, not of a name. So what was signed is kept as digests, and whoever reads the signature
later is told which parts were changed since. Where a box stands on the canvas, and what is only ticked off as the
work goes on, is no part of it.
"""

import hashlib
import json
from collections.abc import Callable, Iterable

from django.db.models import Model

from sachhon.apps.assessment.models import (
    Assessment,
    Cause,
    Charter,
    Layer,
    Measurement,
    Meter,
    PlanTask,
    Process,
    Reconciliation,
    StockLevel,
    Stream,
    TransferShare,
)
from sachhon.apps.people import audit

Part = Callable[[Assessment], object]


def fingerprint(assessment: Assessment, step: int) -> dict[str, str]:
    """Part → digest of all parts of a step."""
    return {name: _digest(part(assessment)) for name, part in PARTS[step].items()}


def changed_parts(signed: dict[str, str], now: dict[str, str]) -> list[str]:
    """The parts that are not what was signed; nothing is known of a signature that kept none."""
    return [name for name, digest in now.items() if name in signed and signed[name] != digest]


def _digest(value: object) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _rows(model: type[Model], *names: str) -> Part:
    def read(assessment: Assessment) -> list[dict]:
        rows = model._default_manager.filter(assessment=assessment, removed=False).order_by("pk")
        return [audit.snapshot(row, ("code", *names)) for row in rows]

    return read


def _scope(a: Assessment) -> dict:
    return audit.snapshot(a, ("data_from", "data_to", "lead"))


def _team(a: Assessment) -> list:
    return list(a.members.order_by("user").values_list("user", "duty"))


def _balance(a: Assessment) -> list:
    latest = Reconciliation.objects.filter(assessment=a).values_list("content", "costs").first()
    if latest is None:
        return []
    content, costs = latest
    streams = {code: [row["value"], row["uncertainty"]] for code, row in content["streams"].items()}
    return [_rounded(streams), _rounded(costs)]


def _options(*names: str) -> Part:
    def read(a: Assessment) -> list[dict]:
        rows: Iterable[Model] = a.options.filter(deleted_at=None).order_by("number")
        return [_rounded(audit.snapshot(row, ("number", *names))) for row in rows]

    return read


def _runs(a: Assessment) -> list:
    return [_rounded([r.pk, r.calculator, r.inputs, r.saving]) for r in a.runs.order_by("pk")]


def _choices(a: Assessment) -> list:
    return [[p.pk, p.budget_vnd, p.rows, _rounded(p.totals)] for p in a.portfolios.order_by("pk")]


def _comparisons(a: Assessment) -> list[dict]:
    names = ("number", "name", "criteria", "alternatives", "cells", "result", "chosen", "chosen_reason")
    return [_rounded(audit.snapshot(row, names)) for row in a.comparisons.order_by("number")]


def _treatments(a: Assessment) -> list[dict]:
    names = (
        "number",
        "name",
        "medium",
        "basis",
        "contents",
        "cuts",
        "alternatives",
        "result",
        "chosen",
        "chosen_reason",
    )
    return [_rounded(audit.snapshot(row, names)) for row in a.treatments.order_by("number")]


def _verified(a: Assessment) -> list[dict]:
    names = ("resource", "meter", "who", "how_often", "baseline_from", "baseline_to", "report_from", "report_to",
             "confidence", "state", "result", "note")  # fmt: skip
    return [_rounded(audit.snapshot(row, names)) for row in a.verifications.order_by("pk")]


def _rounded(value: object) -> object:
    """Numbers to nine digits: the same balance drawn on another machine is the same state."""
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, dict):
        return {name: _rounded(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(inner) for inner in value]
    return value


PARTS: dict[int, dict[str, Part]] = {
    1: {
        "scope": _scope,
        "team": _team,
        "charter": _rows(Charter, "scope", "goal", "signer_title", "signer"),
        "meters": _rows(Meter, "name", "place", "measures", "accuracy", "calibrated_on"),
        "plan": _rows(PlanTask, "name", "person", "starts", "ends"),
    },
    2: {
        "processes": _rows(Process, "name", "parent", "energy_vnd", "system_vnd", "waste_vnd"),
        "streams": _rows(
            Stream, "name", "source", "target", "kind", "use", "resource", "unit", "layers", "price", "price_layer"
        ),
        "substances": _rows(Layer, "name"),
        "measurements": _rows(
            Measurement, "stream", "layer", "what", "period", "value", "unit", "spread_kind", "spread",
            "spread_at", "source"
        ),
        "stocks": _rows(
            StockLevel, "process", "layer", "moment", "period", "value", "unit", "spread_kind", "spread", "spread_at"
        ),
        "shares": _rows(TransferShare, "stream", "layer", "share", "spread"),
        "balance": _balance,
        "causes": _rows(Cause, "stream", "branch", "because", "name", "is_root"),
    },
    3: {
        "options": _options(
            "name", "group", "origin_code", "place", "cause", "description", "savings", "screening", "screening_reason"
        ),
        "runs": _runs,
    },
    4: {
        "worth": _options("economic", "technical", "environmental", "excludes", "needs", "result"),
        "comparisons": _comparisons,
        "treatments": _treatments,
        "choices": _choices,
    },
    5: {
        "plan_of_action": _options(
            "state", "responsible", "starts_on", "ends_on", "done_on", "budget_vnd", "spent_vnd"
        )
    },
    6: {"verifications": _verified},
}  # fmt: skip
