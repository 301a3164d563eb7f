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


def suspicion_words(net: Net, s: Suspicion) -> str:
    """Which meter or leak to look at, and what the balances cannot tell it from."""
    names = {x.code: x.name for x in net.links} | {c.code: c.name for c in net.centres}
    size = f"{number(abs(s.size))} ± {number(1.96 * s.uncertainty)} {unit_of(s.layer)}"
    words = {"name": names.get(s.at, s.at), "size": size, "when": f" ({s.period})" if s.period else ""}
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
    text %= words
    others = [
        (_("the meter of “%(name)s”") if kind == "meter" else _("a leak at “%(name)s”"))
        % {"name": names.get(at, at)}
        for kind, at, _size in s.alternatives
    ]
    if others:
        text += " " + _("The balances cannot rule out: %(others)s.") % {"others": ", ".join(others)}
    return text


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
