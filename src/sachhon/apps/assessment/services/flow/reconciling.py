"""Reconciling with one click: the balance is kept with the state of the flow-sheet it was drawn of."""

from dataclasses import asdict
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from sachhon.apps.assessment.models import Assessment, FlowChange, Reconciliation
from sachhon.apps.assessment.services.flow.balance import FUNCTION, VERSION, balance
from sachhon.apps.assessment.services.flow.disclosure import closed_of, edges_of
from sachhon.apps.assessment.services.flow.found import Balance, Found
from sachhon.apps.assessment.services.flow.net import Known, Link, Net, gather, unit_of
from sachhon.apps.assessment.services.opening import locked_for_edit
from sachhon.apps.people import audit
from sachhon.apps.people.models import User
from sachhon.apps.registry.models import Figure
from sachhon.reference import unit_label
from sachhon.reference.numbers import format_quantity

TOLD = (
    "value",
    "low",
    "high",
    "formula",
    "label_vi",
    "records",
)  # a figure is written anew where one differs
KEPT_RECORDS = 300  # of those a figure opens to
KEPT = 20  # balances of an assessment kept besides the last


def figure_code(assessment: int, stream: str) -> str:
    """Code of the reconciled quantity of a stream, by the key of its assessment."""
    return f"flow:{assessment}:{stream}"


@transaction.atomic
def reconcile(actor: User, assessment: Assessment) -> Reconciliation:
    """Balances the flow-sheet as it stands and keeps the answer; what is wrong with it stands in the answer."""
    stored = locked_for_edit(actor, assessment)
    net = gather(stored)
    found = balance(net)
    last = FlowChange.objects.filter(act__assessment=stored).order_by("-pk").first()
    kept = Reconciliation.objects.create(
        assessment=stored,
        by=actor,
        by_name=actor.display_name(),
        until=last.pk if last else 0,
        content=content_of(net, found),
    )
    _forget_old(stored, kept)
    _store_figures(stored, net, found)
    audit.record(
        actor,
        "flow.reconcile",
        stored,
        after={"streams": len(net.links), "suspicions": len(found.suspicions), "solved": found.solved},
    )
    return kept


def content_of(net: Net, found: Balance) -> dict:
    """A balance as JSON: streams in their own unit, layers in t and GJ, everything else by code."""
    streams = {}
    for link in net.links:
        of = found.layers.get(link.main, {}).get(link.code)
        if of is None or not link.per_unit:
            continue
        row = {
            name: None if (value := getattr(of, name)) is None else value / link.per_unit
            for name in ("measured", "measured_u", "value", "uncertainty")
        }
        streams[link.code] = row | {"status": of.status, "statistic": of.statistic, "unit": link.unit}
    return {
        "function": FUNCTION,
        "version": VERSION,
        "streams": streams,
        "edges": edges_of(net),
        "layers": {name: {c: asdict(f) for c, f in rows.items()} for name, rows in found.layers.items()},
        "months": found.months,
        "stocks": [asdict(s) for s in found.stocks],
        "shares": [asdict(s) for s in found.shares],
        "suspicions": [asdict(s) for s in found.suspicions],
        "advice": [{"measure": code, "tells": list(tells)} for code, tells in found.advice],
        "problems": [p.as_json() for p in found.problems],
        "chi2": found.chi2,
        "dof": found.dof,
        "p_value": found.p_value,
    }


def _forget_old(assessment: Assessment, kept: Reconciliation) -> None:
    older = (
        Reconciliation.objects.filter(assessment=assessment).exclude(pk=kept.pk).values_list("pk", flat=True)
    )
    Reconciliation.objects.filter(pk__in=list(older[KEPT:])).delete()


def _store_figures(assessment: Assessment, net: Net, found: Balance) -> None:
    """A figure for each quantity that is known; only those that moved are written.

    A confidential quantity has none, nor what would give it away: figures are open to the whole province.
    """
    closed = closed_of(assessment, net)
    known: dict[str, list[Known]] = {}
    for k in net.known:
        known.setdefault(k.stream, []).append(k)
    beside: dict[str, list[Link]] = {}
    for link in net.links:
        for end in {link.source, link.target} - {""}:
            beside.setdefault(end, []).append(link)
    names = {}
    for lang in ("vi", "en"):
        with override(lang):
            names[lang] = _("Reconciled quantity")
    figures = {}
    for link in net.links:
        of = found.layers.get(link.main, {}).get(link.code)
        if of is None or of.value is None or not link.per_unit or link.code in closed:
            continue
        near = [x.name for end in (link.source, link.target) for x in beside.get(end, ()) if x is not link]
        figure = _figure(assessment, link, of, known.get(link.code, []), near, names)
        figures[figure.code] = figure
    stored = Figure.objects.filter(code__startswith=f"flow:{assessment.pk}:")
    there = {code: kept for code, *kept in stored.values_list("code", *TOLD)}
    stored.filter(code__in=there.keys() - figures.keys()).delete()
    moved = [f for f in figures.values() if there.get(f.code) != [getattr(f, name) for name in TOLD]]
    columns = [f.name for f in Figure._meta.concrete_fields if f.name not in ("id", "code")]
    Figure.objects.bulk_create(moved, update_conflicts=True, unique_fields=["code"], update_fields=columns)


def _figure(
    assessment: Assessment, link: Link, of: Found, known: list[Known], near: list[str], names: dict[str, str]
) -> Figure:
    def nine(value: float) -> Decimal:
        return round(Decimal(value / link.per_unit), 9)

    half = 1.96 * of.uncertainty
    unit = unit_label(link.unit)
    value = format_quantity(of.value / link.per_unit)
    read = "–" if of.measured is None else format_quantity(of.measured / link.per_unit)
    terms = [
        {
            "symbol": k.code,
            "label_vi": link.name,
            "label_en": link.name,
            "unit": unit_of(k.layer),
            "value": k.value,
        }
        for k in known
        if k.layer == link.main
    ]
    facts = {f.code: f for f in [link.fact, *(k.fact for k in known)] if f}
    beside = ", ".join(dict.fromkeys(near))
    records = list(dict.fromkeys(pk for k in known if k.layer == link.main for pk in k.records))
    return Figure(
        code=figure_code(assessment.pk, link.code),
        label_vi=f"{names['vi']}: {link.name}"[:255],
        label_en=f"{names['en']}: {link.name}"[:255],
        value=nine(of.value),
        unit=link.unit,
        state=Figure.State.DERIVED,
        low=nine(max(of.value - half, 0.0)),
        high=nine(of.value + half),
        formula=f"min Σ((x − y)/u)², A·x = 0: y = {read}, x = {value} {unit}"[:512],
        terms=terms,
        facts=[
            {
                "code": f.code,
                "value": str(f.value),
                "unit": f.unit,
                "source": f.source,
                "valid_from": f.valid_from.isoformat() if f.valid_from else "",
                "confidence": f.confidence,
            }
            for f in facts.values()
        ],
        records={
            "count": len(records),
            "ids": records[:KEPT_RECORDS],
            "query": {"facility": assessment.facility.code},
        }
        if records
        else {},
        function=FUNCTION,
        function_version=VERSION,
        note_vi=f"Cân bằng cùng: {beside}"[:512] if beside else "",
        note_en=f"Balanced with: {beside}"[:512] if beside else "",
        province_code=assessment.facility.province_code,
        facility=assessment.facility,
    )
