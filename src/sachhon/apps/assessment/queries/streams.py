"""The streams of an assessment as its later steps need them: quantity, cost of what is lost, causes.

    for stream in streams(user, assessment): stream.code, stream.quantity, stream.cost_vnd, stream.causes

Quantities are those of the last reconciliation, in the stream's own unit, over the period of the figures.
"""

from dataclasses import dataclass
from decimal import Decimal

from sachhon.apps.assessment.models import Assessment, Cause, Reconciliation, Stream
from sachhon.apps.assessment.services.flow.disclosure import any_secret, closed_for, sees_secrets


@dataclass(frozen=True)
class StreamCause:
    """Why a stream is lost. `chain`: the answers to "why?" from the first down to this one."""

    code: str
    branch: str  # Cause.Branch
    name: str
    is_root: bool
    chain: tuple[str, ...]


@dataclass(frozen=True)
class StreamFact:
    """One stream as it was reconciled; what is not known, or not for this person's eyes, is None."""

    code: str
    name: str
    kind: str  # Stream.Kind
    use: str  # Stream.Use
    resource: str  # code of reference.resources, "" where none was chosen
    source: str  # name of the process it comes from, "" outside
    target: str
    quantity: Decimal | None
    unit: str
    standard_uncertainty: Decimal | None
    cost_vnd: Decimal | None  # of a loss: all that was paid for it; of an input: its purchase
    is_loss: bool
    is_secret: bool  # confidential, or closed so that a confidential one cannot be worked out
    causes: tuple[StreamCause, ...]

    @property
    def place(self) -> str:
        """What a comment or a lineage calls it by."""
        return f"stream:{self.code}"


def streams(user, assessment: Assessment) -> tuple[StreamFact, ...]:
    """Every stream of the flow-sheet, in its order."""
    latest = Reconciliation.objects.visible_to(user).filter(assessment=assessment).first()
    found = latest.content["streams"] if latest else {}
    costs = (latest.costs or {}).get("streams", {}) if latest else {}
    open_eyes, closed = sees_secrets(user), closed_for(user, assessment)
    closed_costs = not open_eyes and any(any_secret(assessment))
    causes = _causes(user, assessment)
    rows = Stream.objects.visible_to(user).filter(assessment=assessment, removed=False)
    facts = []
    for s in rows.select_related("source", "target", "resource"):
        figures = {} if s.code in closed else found.get(s.code, {})
        cost = None if closed_costs else costs.get(s.code)
        facts.append(
            StreamFact(
                code=s.code,
                name=s.name,
                kind=s.kind,
                use=s.use,
                resource=s.resource.code if s.resource else "",
                source=s.source.name if s.source else "",
                target=s.target.name if s.target else "",
                quantity=_decimal(figures.get("value")),
                unit=s.unit,
                standard_uncertainty=_decimal(figures.get("uncertainty")),
                cost_vnd=_decimal(cost),
                is_loss=s.is_loss,
                is_secret=s.secret or s.code in closed,
                causes=tuple(causes.get(s.pk, ())),
            )
        )
    return tuple(facts)


def losses(user, assessment: Assessment) -> tuple[StreamFact, ...]:
    """The streams that are bought and not sold, the dearest first; those whose cost is not known last."""
    lost = [s for s in streams(user, assessment) if s.is_loss]
    return tuple(sorted(lost, key=lambda s: -(s.cost_vnd if s.cost_vnd is not None else Decimal(-1))))


def _causes(user, assessment: Assessment) -> dict[int, list[StreamCause]]:
    rows = list(Cause.objects.visible_to(user).filter(assessment=assessment, removed=False))
    by_key = {c.pk: c for c in rows}
    out: dict[int, list[StreamCause]] = {}
    for c in rows:
        chain, above = [c.name], by_key.get(c.because_id)
        while above is not None and len(chain) < 12:
            chain.insert(0, above.name)
            above = by_key.get(above.because_id)
        out.setdefault(c.stream_id, []).append(StreamCause(c.code, c.branch, c.name, c.is_root, tuple(chain)))
    return out


def _decimal(value) -> Decimal | None:
    return None if value is None else Decimal(str(value))
