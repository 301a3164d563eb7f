"""What a solved flow-sheet tells: every flow, content, stock and share with its uncertainty, and how it is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from sachhon.science.balance import flowsheet_diagnosis, repeated, report
from sachhon.science.balance.diagnosis import GrossError
from sachhon.science.balance.elsewhere import Endless
from sachhon.science.balance.flowsheet import GOODS, Flowsheet
from sachhon.science.balance.flowsheet_advice import Advice, advise
from sachhon.science.balance.flowsheet_parts import Assembly, Key
from sachhon.science.balance.flowsheet_told import Arrow, Quantity, Suspected
from sachhon.science.balance.holding import Held
from sachhon.science.balance.linear import LinearResult, chance, holm
from sachhon.science.balance.network import Floats
from sachhon.science.balance.quadratic import Solution
from sachhon.science.balance.settings import DEFAULT, Settings
from sachhon.science.uncertainty import ScienceError


@dataclass(frozen=True)
class FlowsheetResult:
    """Look quantities up by name; χ² and degrees of freedom are of all parts together, given what is held at zero:
    readings that can be had only by a flow or content below zero show in them (see `holding`)."""

    sheet: Flowsheet
    assembly: Assembly
    kept: tuple[Held, ...]  # each part within its bounds
    settings: Settings = DEFAULT

    def __repr__(self) -> str:
        known = sum(one.status != "unobservable" for one in self.quantities)
        return (
            f"FlowsheetResult({known} of {len(self.quantities)} quantities known, chi2={self.chi2:.6g}, "
            f"dof={self.dof}, p_value={self.p_value:.3g}, {len(self.held)} held at zero)"
        )

    @cached_property
    def results(self) -> tuple[LinearResult, ...]:
        """Least squares over the unknowns of each part."""
        return tuple(solution.result for solution in self.solutions)

    @property
    def solutions(self) -> tuple[Solution, ...]:
        """Each part with what is held at zero fixed there."""
        return tuple(part.solution for part in self.kept)

    @cached_property
    def held_keys(self) -> frozenset[Key]:
        return frozenset(
            part.keys[k]
            for part, held in zip(self.assembly.parts(), self.kept, strict=True)
            for k in np.flatnonzero(held.side)
            if not any(k in one.grows for one in held.endless)
        )

    @cached_property
    def place(self) -> dict[Key, tuple[int, int]]:
        """(part, number in it) of every unknown."""
        return {
            key: (p, k) for p, part in enumerate(self.assembly.parts()) for k, key in enumerate(part.keys)
        }

    @property
    def chi2(self) -> float:
        return sum(part.conditional[0] for part in self.kept)

    @property
    def dof(self) -> int:
        return sum(part.conditional[1] for part in self.kept)

    @cached_property
    def p_value(self) -> float:
        """Probability of a χ² this large without any gross error."""
        return chance(self.chi2, self.dof)

    def flow(self, stream: str, layer: str = GOODS, period: str | None = None) -> Quantity:
        return self.quantity(("flow", layer, stream, self.period_of(period)))

    def change(self, process: str, layer: str = GOODS, period: str | None = None) -> Quantity:
        """What the stock of a process took up over the period."""
        return self.quantity(("change", layer, process, self.period_of(period)))

    def level(self, process: str, layer: str = GOODS, period: str | None = None) -> Quantity:
        """The stock at the end of the period ("opening": before the first)."""
        return self.quantity(("level", layer, process, self.period_of(period)))

    def transfer(self, stream: str, layer: str = GOODS) -> Quantity:
        return self.quantity(("transfer", layer, stream))

    def factor(self, name: str) -> Quantity:
        return self.quantity(("factor", name))

    def content(self, stream: str, layer: str, period: str | None = None) -> Quantity:
        """As read and adjusted; where it was not read, the flow of the layer over that of the goods."""
        when = self.period_of(period)
        key = ("content", layer, stream, when)
        if key in self.place or key in self.assembly.known:
            return self.quantity(key)
        of, goods = ("flow", layer, stream, when), ("flow", GOODS, stream, when)
        x, f = self.quantity(of), self.quantity(goods)
        name = self.assembly.label(key)
        if not np.isfinite(x.uncertainty + f.uncertainty) or f.value == 0:
            return Quantity(name, x.value / f.value if f.value else 0.0, float("inf"), "unobservable")
        c = x.value / f.value
        slope = np.array([1 / f.value, -c / f.value])
        u = float(np.sqrt(max(slope @ self.covariance([of, goods]) @ slope, 0.0)))
        return Quantity(name, c, u, "observable")

    def total(self, stream: str, layer: str = GOODS) -> Quantity:
        """Over all periods, with what their errors have in common."""
        return self._sum(stream, [("flow", layer, stream, period) for period in self.sheet.periods])

    def total_change(self, process: str, layer: str = GOODS) -> Quantity:
        """What the stock of a process took up over all periods."""
        return self._sum(process, [("change", layer, process, period) for period in self.sheet.periods])

    def _sum(self, name: str, keys: list[Key]) -> Quantity:
        each = [self.quantity(key) for key in keys]
        value = sum(q.value for q in each)
        if not all(np.isfinite(q.uncertainty) for q in each):
            return Quantity(f"{name}, all periods", value, float("inf"), "unobservable")
        u = float(np.sqrt(max(self.covariance(keys).sum(), 0.0)))
        return Quantity(f"{name}, all periods", value, u, "observable")

    def covariance(self, keys: Sequence[Key]) -> Floats:
        """Covariance of quantities by key: ("flow", layer, stream, period) and so on."""
        out = np.zeros((len(keys), len(keys)))
        where = [self.place.get(key) for key in keys]
        for p in {place[0] for place in where if place is not None}:
            inside = [k for k, place in enumerate(where) if place is not None and place[0] == p]
            columns = np.array([where[k][1] for k in inside])  # pyright: ignore[reportOptionalSubscript]
            out[np.ix_(inside, inside)] = self.results[p].model.covariance(columns)
        return out

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """Everything, in the order of the flow-sheet."""
        return tuple(self.quantity(key) for key in self.assembly.keys if key[0] != "reading")

    def arrows(self, layer: str = GOODS, period: str | None = None) -> tuple[Arrow, ...]:
        """The streams of a layer, for a Sankey diagram; over all periods where none is named."""
        whole = period is None and len(self.sheet.periods) > 1
        when = self.sheet.periods[0] if whole else self.period_of(period)
        return tuple(
            Arrow(
                s.source,
                s.target,
                s.name,
                self.total(s.name, layer) if whole else self.flow(s.name, layer, when),
            )
            for s in self.sheet.streams
            if ("flow", layer, s.name, when) in self.place
        )

    @cached_property
    def held(self) -> tuple[Quantity, ...]:
        """What is held at zero because it would come out below: look at its data."""
        return tuple(self.quantity(key) for key in self.assembly.keys if key in self.held_keys)

    @property
    def endless(self) -> tuple[Endless, ...]:
        """What fits the readings the better the larger it is, so that they do not tell it (see `elsewhere`)."""
        return tuple(one for part in self.kept for one in part.endless)

    @cached_property
    def held_chi2(self) -> float:
        """What holding flows at zero adds to χ²: much, where readings speak against it."""
        return sum(part.added_chi2 for part in self.kept)

    def diagnose(self) -> tuple[GrossError, ...]:
        """Gross errors of all parts, the most certain first (see `flowsheet_diagnosis`)."""
        return flowsheet_diagnosis.diagnose(self.assembly, self.kept, self.settings)

    def departures(self, lang: str = "vi") -> tuple[str, ...]:
        """Every setting that is not the usual method's, in words."""
        return self.settings.departures(lang)

    def words(self, lang: str = "vi") -> tuple[str, ...]:
        """Whether the readings agree, or nothing checks them; what comes out below zero; what to look at; what nothing
        tells, in this order."""
        below = [
            (
                (bound.name, part.free.result.model.names.stream(bound.stream, "vi")),
                float(part.free.result.estimate[bound.stream]),
            )
            for part in self.kept
            for bound in part.active
            if part.free.result.observable[bound.stream]
        ]
        together = [
            (bound.name, bound.name_vi)
            for part in self.kept
            for bound in part.active
            if not part.free.result.observable[bound.stream]
        ]
        checked = self.p_value if self.dof else None
        suspected = repeated.lines(self.diagnose(), self.sheet.periods, lang)
        words = report.words(checked, below, together, suspected, self.settings.significance, lang)
        hidden = [self.assembly.label(key, lang) for key in self.place if self._hides(key)]
        return (*words, *(one.words(lang) for one in self.endless), *report.unknown(hidden, lang))

    def _hides(self, key: Key) -> bool:
        p, k = self.place[key]
        return key not in self.held_keys and not self.results[p].observable[k]

    @cached_property
    def suspects(self) -> tuple[Suspected, ...]:
        """Readings by the measurement test, the most suspected first, given what is held at zero."""
        found = [
            Suspected(self.assembly.label(part.keys[one]), part.keys[one], one.statistic, one.p_value, 1.0)
            for part, result in zip(self.assembly.parts(), self.results, strict=True)
            for one in result.suspects
        ]
        found.sort(key=lambda one: -one.statistic)
        corrected = holm(np.array([one.p_value for one in found]))
        level = self.settings.significance
        return tuple(
            replace(one, p_holm=float(p), level=level) for one, p in zip(found, corrected, strict=True)
        )

    @cached_property
    def to_measure(self) -> tuple[Advice, ...]:
        """Measurements that would make every unknown known, each chosen for how many it tells."""
        out: list[Advice] = []
        for part, held in zip(self.assembly.parts(), self.kept, strict=True):
            if not held.solution.result.observable.all():
                out += advise(part.keys, self.assembly, held)
        return tuple(out)

    def period_of(self, period: str | None) -> str:
        if period is None:
            if len(self.sheet.periods) > 1:
                raise ScienceError(
                    f"which period? One of {', '.join(self.sheet.periods[:6])}, or `total` for all.",
                    f"kỳ nào? Một trong {', '.join(self.sheet.periods[:6])}, hoặc dùng `total` cho cả các kỳ.",
                )
            return self.sheet.periods[0]
        return period

    def quantity(self, key: Key) -> Quantity:
        """By key, as `covariance` takes them."""
        name = self.assembly.label(key)
        if key in self.assembly.known:
            return Quantity(name, self.assembly.known[key], 0.0, "fixed", self.assembly.known[key])
        if key not in self.place:
            raise ScienceError(
                f"{name} is not in this flow-sheet; check the names.",
                f"{name} không có trong sơ đồ này; hãy xem lại tên.",
            )
        p, k = self.place[key]
        r = self.results[p]
        readings = r.model.readings
        status = (
            "held" if key in self.held_keys
            else "unobservable" if not r.observable[k]
            else "fixed" if readings.fixed[k]
            else "redundant" if r.redundant[k]
            else "measured" if readings.measured[k]
            else "observable"
        )  # fmt: skip
        read = self.kept[p].free.result.model.readings  # as read, also of what is held
        measured = None if read.unmeasured[k] else float(read.value[k])
        return Quantity(name, float(r.estimate[k]), float(np.sqrt(r.variance[k])), status, measured)
