"""What others than the factory and its assessors may not see: what was marked confidential, and what gives it away.

A flow that is closed follows from the others of its process where they are all open. So further streams are closed
with it (`science.balance.disclosure`), over every balance it stands in: as few as can be, those between processes
before losses, losses before what is bought and made. That holds for the flow-sheet as it stands and as it was when
the balance shown was drawn, since the quantities on the pages are those of then.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from sachhon.apps.assessment.models import Assessment, Reconciliation, StockLevel, Stream, TransferShare
from sachhon.apps.assessment.services.flow.net import Net, gather
from sachhon.apps.assessment.services.flow.whole import drawn
from sachhon.apps.people.models import User
from sachhon.science.balance import close_besides

WORTH = {"internal": 0.0, "recycle": 0.1, "loss": 0.4, "emission": 0.4, "open": 0.5,
         "input": 0.7, "byproduct": 0.8, "product": 0.9}  # fmt: skip
Edges = dict[str, dict[str, list[str]]]  # layer → code → the processes at its ends that hold this balance


@dataclass(frozen=True)
class Closed:
    """`own`: streams whose quantity is confidential; `beside`: closed with them, so that they stay so."""

    own: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()

    @property
    def all(self) -> frozenset[str]:
        return self.own | self.beside

    def __contains__(self, code: str) -> bool:
        return code in self.own or code in self.beside


def sees_secrets(user: User) -> bool:
    """Whether this person works with the factory on its figures."""
    return user.may("assessment.secrets")


def closed_for(user: User, assessment: Assessment, net: Net | None = None) -> Closed:
    """What is closed for this person."""
    return Closed() if sees_secrets(user) else closed_of(assessment, net)


def closed_of(assessment: Assessment, net: Net | None = None) -> Closed:
    """What is closed for those who do not work with the factory; `net` where it was gathered already."""
    own = frozenset(Stream.objects.filter(assessment=assessment, secret=True).values_list("code", flat=True))
    if not own:
        return Closed()
    net = net or gather(assessment)
    content = Reconciliation.objects.filter(assessment=assessment).values_list("content", flat=True).first()
    worth = {s.code: WORTH[s.use] for s in Stream.objects.filter(assessment=assessment)}
    closed: frozenset[str] = own
    for edges in (edges_of(net), (content or {}).get("edges", {})):
        for layer, rows in edges.items():
            sizes = _sizes(net, content or {}, layer)
            closed |= _beside(rows, own, closed, worth, sizes)
    return Closed(own, closed - own)


def places_of(assessment: Assessment, closed: Closed) -> frozenset[int]:
    """Keys of the processes that a closed stream begins or ends at: their stocks and shares stay closed with it."""
    ends = Stream.objects.filter(assessment=assessment, code__in=closed.all).values_list("source", "target")
    return frozenset(end for pair in ends for end in pair if end)


def at_closed(row: StockLevel | TransferShare, places: frozenset[int]) -> bool:
    """Whether a closed stream could be worked out from this row together with the open ones."""
    return (row.process_id if isinstance(row, StockLevel) else row.stream.source_id) in places


def any_secret(assessment: Assessment) -> tuple[bool, bool]:
    """Whether any quantity, and any price, is confidential: what would give one away is then not shown to all.

    A stream that was taken away counts as long as it stands in the last balance, which the pictures are drawn of.
    """
    content = Reconciliation.objects.filter(assessment=assessment).values_list("content", flat=True).first()
    drawn_of = list((content or {}).get("streams", ()))
    rows = Stream.objects.filter(Q(removed=False) | Q(code__in=drawn_of), assessment=assessment)
    return rows.filter(secret=True).exists(), rows.filter(price_secret=True).exists()


def secret_prices(assessment: Assessment) -> frozenset[str]:
    """Codes of the resources whose price the factory keeps to itself: of streams marked so, in any of its assessments,
    since all of them are valued at the price of the same records."""
    rows = _priced_in_secret().filter(assessment__facility=assessment.facility_id)
    return frozenset(rows.values_list("resource__code", flat=True))


def secret_costs(facilities: Collection[int]) -> dict[int, frozenset[int]]:
    """The same of several facilities, by keys: what their records cost would tell those prices."""
    rows = _priced_in_secret().filter(assessment__facility__in=facilities)
    found: dict[int, set[int]] = {}
    for facility, resource in rows.values_list("assessment__facility", "resource"):
        found.setdefault(facility, set()).add(resource)
    return {facility: frozenset(resources) for facility, resources in found.items()}


def secret_cost_figures() -> Q:
    """The figures of quick assessments that are costs, or from which one follows, where a price is secret."""
    money = Q()
    for what in ("cost", "potential", "saving"):
        money |= Q(code__contains=f":{what}:")
    return (
        Q(code__startswith="quick:", facility__in=_priced_in_secret().values("assessment__facility")) & money
    )


def _priced_in_secret() -> QuerySet[Stream]:
    marked = Q(price_secret=True) | Q(secret=True)
    return Stream.objects.filter(marked, removed=False).exclude(resource=None)


def edges_of(net: Net) -> Edges:
    """The balances a flow-sheet has, as the ends of each stream in each layer; kept with a balance."""
    edges: Edges = {}
    for layer in net.carried:
        nodes = {c.code for c in net.centres if layer in net.held[c.code]}
        edges[layer] = {
            x.code: [end if end in nodes else "" for end in (x.source, x.target)]
            for x in drawn(net)
            if layer in x.layers
        }
    return edges


def _beside(
    rows: dict[str, list[str]],
    own: frozenset[str],
    closed: frozenset[str],
    worth: dict[str, float],
    sizes: dict[str, float],
) -> frozenset[str]:
    codes = list(rows)
    at = {name: k for k, name in enumerate(sorted({end for ends in rows.values() for end in ends} - {""}))}
    found = close_besides(
        [(at.get(tail, -1), at.get(head, -1)) for tail, head in rows.values()],
        [k for k, code in enumerate(codes) if code in own],
        hidden=[k for k, code in enumerate(codes) if code in closed - own],
        worth=[worth.get(code, 0.5) for code in codes],
        size=[sizes.get(code) for code in codes],
    )
    return frozenset(codes[k] for k in found)


def _sizes(net: Net, content: dict, layer: str) -> dict[str, float]:
    """What each stream carries of a layer: as last balanced, else as measured."""
    sizes: dict[str, float] = {}
    for k in net.known:
        if k.layer == layer and k.what == "flow":
            sizes[k.stream] = sizes.get(k.stream, 0.0) + k.value
    balanced = content.get("layers", {}).get(layer, {})
    return sizes | {code: row["value"] for code, row in balanced.items() if row["value"] is not None}
