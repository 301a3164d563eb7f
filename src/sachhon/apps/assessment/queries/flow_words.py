"""What a balance says in sentences: which meter or leak to look at, what to measure."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sachhon.apps.assessment.services.flow.disclosure import Closed
from sachhon.apps.assessment.services.flow.found import Balance, Suspicion
from sachhon.apps.assessment.services.flow.net import Net, unit_of
from sachhon.reference.numbers import format_quantity


def told_suspicions(found: Balance, closed: Closed) -> list[Suspicion]:
    """The suspicions that no closed stream is in."""
    return [
        s
        for s in found.suspicions
        if not any(at in closed for at in (s.at, *(at for _kind, at, _size in s.alternatives)))
    ]


def suspicion_lines(net: Net, told: list[Suspicion]) -> list[tuple[str, str]]:
    """(code, sentence) of what to look at: a meter or process that is off in several periods stands in one line."""
    groups: dict[tuple[str, str, str], list[Suspicion]] = {}
    for s in told:
        groups.setdefault((s.kind, s.at, s.layer), []).append(s)
    return [
        (at, suspicion_words(net, group[0]) if len(group) == 1 else _repeated_words(net, group))
        for (_kind, at, _layer), group in groups.items()
    ]


def _repeated_words(net: Net, group: list[Suspicion]) -> str:
    """One meter, stock or process with the periods in which it is off."""
    first, names = group[0], _names(net)
    stock = any(c.code == first.at for c in net.centres)
    parts = []
    for s in sorted(group, key=lambda one: one.period):
        if s.kind == "meter":
            part = _("%(period)s too high by %(size)s") if s.size > 0 else _("%(period)s too low by %(size)s")
        else:
            part = _("%(period)s loses %(size)s") if s.size > 0 else _("%(period)s gains %(size)s")
        parts.append(part % {"period": s.period, "size": _size(s)})
    text = (
        _("Check “%(name)s”, past the meters: %(periods)s.")
        if first.kind != "meter"
        else _("Check the stock readings of “%(name)s”: %(periods)s.")
        if stock
        else _("Check the meter of “%(name)s”: %(periods)s.")
    ) % {"name": names.get(first.at, first.at), "periods": "; ".join(parts)}
    return text + _alternatives(names, [one for s in group for one in s.alternatives])


def _names(net: Net) -> dict[str, str]:
    return {x.code: x.name for x in net.links} | {c.code: c.name for c in net.centres}


def _size(s: Suspicion) -> str:
    return f"{number(abs(s.size))} ± {number(1.96 * s.uncertainty)} {unit_of(s.layer)}"


def _alternatives(names: dict[str, str], found: list[tuple[str, str, float]]) -> str:
    """What the balances cannot tell it from, each once."""
    others = dict.fromkeys(
        (_("the meter of “%(name)s”") if kind == "meter" else _("a leak at “%(name)s”"))
        % {"name": names.get(at, at)}
        for kind, at, _size in found
    )
    if not others:
        return ""
    return " " + _("The balances cannot rule out: %(others)s.") % {"others": ", ".join(others)}


def suspicion_words(net: Net, s: Suspicion) -> str:
    """Which meter or leak to look at, and what the balances cannot tell it from."""
    names = _names(net)
    words = {"name": names.get(s.at, s.at), "size": _size(s), "when": f" ({s.period})" if s.period else ""}
    if s.kind == "meter" and any(c.code == s.at for c in net.centres):
        text = (
            _("Check the stock readings of “%(name)s”%(when)s: one is too high by %(size)s.")
            if s.size > 0
            else _("Check the stock readings of “%(name)s”%(when)s: one is too low by %(size)s.")
        )
    elif s.kind == "meter":
        text = (
            _("Check the meter of “%(name)s”%(when)s: it reads too high by %(size)s.")
            if s.size > 0
            else _("Check the meter of “%(name)s”%(when)s: it reads too low by %(size)s.")
        )
    else:
        text = (
            _("Check “%(name)s”%(when)s: %(size)s is lost there past the meters.")
            if s.size > 0
            else _("Check “%(name)s”%(when)s: %(size)s comes in there past the meters.")
        )
    return text % words + _alternatives(names, s.alternatives)


def advice_words(net: Net, found: Balance) -> list[str]:
    """Measurements to add, and what each makes known."""
    names = {x.code: x.name for x in net.links}
    stores = {c.code: c.name for c in net.centres if c.code in net.stocked}
    out = []
    for code, tells in found.advice:
        if code in stores:
            out.append(
                _("Read the stock of “%(name)s” at the beginning and at the end.") % {"name": stores[code]}
            )
            continue
        name = names.get(code, code)
        told = ", ".join(f"“{names.get(t, t)}”" for t in tells[:5])
        out.append(
            _("Measure “%(name)s”: then %(told)s is known too.") % {"name": name, "told": told}
            if told
            else _("Measure “%(name)s”.") % {"name": name}
        )
    return out


def number(value: float) -> str:
    """A number as people read it."""
    return format_quantity(round(value, 9), "en" if get_language() == "en" else "vi")
