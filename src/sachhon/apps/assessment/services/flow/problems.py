"""What is odd about a flow-sheet before and after it is balanced, as rules with figures; words are made when shown."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from sachhon.apps.assessment.models.flow import GOODS
from sachhon.apps.assessment.services.flow.net import Net
from sachhon.reference.numbers import format_quantity

ERROR, WARNING = "error", "warning"
TELLS_NO_AMOUNT = ("lost_end", "no_end", "no_use", "stream_unit", "above")
APART = 3.0  # standard uncertainties of the difference beyond which two readings of one thing contradict each other


@dataclass(frozen=True)
class Problem:
    """One finding at a place (code of a stream, process or measurement)."""

    rule: str
    place: str
    level: str = WARNING
    params: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict:
        return asdict(self)


def look(net: Net) -> list[Problem]:
    """What can be told without solving anything."""
    found = [Problem("lost_end", code, ERROR, {"name": net.link(code).name}) for code in net.lost_ends]
    found += [Problem("unit", code, ERROR, {"why": why}) for code, why in net.unreadable]
    found += [Problem("zero_percent", code, ERROR, {"code": code}) for code in net.unsure]
    for link in net.links:
        if not link.source and not link.target and link.code not in net.lost_ends:
            found.append(Problem("no_end", link.code, ERROR, {"name": link.name}))
        if link.use == "open":
            found.append(Problem("no_use", link.code, WARNING, {"name": link.name}))
        if link.per_unit is None:
            found.append(Problem("stream_unit", link.code, WARNING, {"name": link.name, "unit": link.unit}))
    for centre in net.centres:
        comes = [x for x in net.links if x.target == centre.code and GOODS in x.layers]
        leaves = [x for x in net.links if x.source == centre.code and GOODS in x.layers]
        if bool(comes) != bool(leaves) and centre.code not in net.stocked:
            rule = "only_in" if comes else "only_out"
            found.append(Problem(rule, centre.code, WARNING, {"name": centre.name}))
    found += _twice(net)
    found += _above(net)
    periods = {k.period for k in net.known} | {k.period for k in net.stocks if k.period}
    if "" in periods and len(periods) > 1:
        whole = [k for k in net.known if not k.period]
        names = ", ".join(dict.fromkeys(net.link(k.stream).name for k in whole[:6]))
        found.append(Problem("mixed_periods", whole[0].code, ERROR, {"names": names}))
    made = [k for k in net.known if net.link(k.stream).use == "product" and k.what == "flow"]
    if made and all(k.value == 0 for k in made):
        found.append(
            Problem("no_production", made[0].stream, WARNING, {"name": net.link(made[0].stream).name})
        )
    if not net.known:
        found.append(Problem("nothing_measured", "", ERROR))
    return found


def _above(net: Net) -> list[Problem]:
    """Streams led to a process that is split into sub-processes: they belong to one of those."""
    above = {c.parent for c in net.centres if c.parent}
    names = {c.code: c.name for c in net.centres}
    return [
        Problem("above", x.code, WARNING, {"name": x.name, "process": names[end]})
        for x in net.links
        for end in (x.source, x.target)
        if end in above
    ]


def open_ones(found: Sequence[Problem], closed: Collection[str], net: Net) -> list[Problem]:
    """What may be told to somebody for whom some streams are closed: nothing that says what they carry."""
    theirs = {k.code for k in net.known if k.stream in closed} | set(closed)
    return [p for p in found if p.place not in theirs or p.rule in TELLS_NO_AMOUNT]


def _twice(net: Net) -> list[Problem]:
    seen, found = {}, []
    for k in net.known:
        key = (k.stream, k.layer, k.what, k.period)
        other = seen.setdefault(key, k)
        if other is k:
            continue
        spread = (k.uncertainty**2 + other.uncertainty**2) ** 0.5
        if abs(k.value - other.value) > APART * spread:
            params = {
                "name": net.link(k.stream).name,
                "one": other.value,
                "two": k.value,
                "codes": f"{other.code}, {k.code}",
            }
            found.append(Problem("disagree", k.stream, WARNING if spread else ERROR, params))
    return found


def words(problem: dict, lang: str) -> tuple[str, str]:
    """(what is wrong, what to do) of a stored problem."""
    params = {
        key: format_quantity(value, lang) if isinstance(value, float) else value
        for key, value in problem["params"].items()
    }
    params["why"] = params.get(f"why_{lang}", params.get("why", ""))
    what, cure = {
        "lost_end": (
            _("“%(name)s” has lost an end: its process was taken away."),
            _("Choose where it comes from and where it goes, or take the stream away too."),
        ),
        "no_end": (_("“%(name)s” has no process at either end."), _("Choose where it goes.")),
        "no_use": (
            _("“%(name)s” leaves the system, and it is not said as what: it counts neither as product nor as loss."),
            _("Choose at the stream: product, by-product, loss or emission. Costs are told after that."),
        ),
        "unit": ("%(why)s", _("Correct the unit of this measurement; it is left out until then.")),
        "zero_percent": (
            _("Measurement %(code)s reads 0, and its uncertainty is a share of it: that is none."),
            _("Give the uncertainty in the unit of the reading; it is left out until then."),
        ),
        "stream_unit": (
            _("The quantity of “%(name)s” cannot be shown in %(unit)s."),
            _("Choose a unit of mass or energy, or a resource with a density."),
        ),
        "only_in": (
            _("“%(name)s” takes in and gives nothing out: its balance is left open."),
            _("Add what leaves it: product, waste, vapour."),
        ),
        "only_out": (
            _("“%(name)s” gives out and takes nothing in: its balance is left open."),
            _("Add what goes into it."),
        ),
        "above": (
            _("“%(name)s” is led to “%(process)s” as a whole, which is split into sub-processes."),
            _("Lead it to the sub-process that it goes into or comes from."),
        ),
        "disagree": (
            _("Two measurements of “%(name)s” contradict each other: %(one)s and %(two)s (%(codes)s)."),
            _("Find out which one is right and take the other away, or give both a wider uncertainty."),
        ),
        "mixed_periods": (
            _("Some measurements are by month, these are of the whole period: %(names)s."),
            _("Give them by month too, or all of the whole period."),
        ),
        "no_production": (
            _("Production of the period is 0 (“%(name)s”): nothing can be said for a unit of product."),
            _("Check the figure, or choose a period in which the factory worked."),
        ),
        "nothing_measured": (
            _("Nothing is measured yet."),
            _("Type or paste the first measurements: what is bought, what is sold, what is thrown away."),
        ),
        "contradiction": (
            _("The values given as exact (uncertainty 0) contradict each other: %(names)s."),
            _("Give at least one of them an uncertainty."),
        ),
        "held": (
            _("“%(name)s” would come out below zero and is held at 0."),
            _("Check the direction of the stream and the readings around it."),
        ),
    }[problem["rule"]]  # fmt: skip
    return what % params, cure % params
