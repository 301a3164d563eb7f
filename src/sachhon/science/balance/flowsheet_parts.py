"""Unknowns and balances of a flow-sheet, put together as parts that share no unknown, each ready to solve."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from sachhon.science.balance import quadratic
from sachhon.science.balance.elsewhere import best
from sachhon.science.balance.flowsheet import GOODS, OPENING, Flowsheet
from sachhon.science.balance.holding import Held, Within
from sachhon.science.balance.network import ContradictionError, Names, read_readings

Key = tuple[str, ...]  # kind, layer, stream or process, period; or kind, name


LABELS = {
    "transfer": ("the share of ", "tỷ lệ chuyển vào "),
    "factor": ("the factor ", "hệ số "),
    "flow": ("the flow of ", "lưu lượng "),
    "level": ("the level of ", "tồn kho "),
    "change": ("the change of ", "thay đổi tồn kho "),
}


@dataclass(frozen=True)
class Part:
    """Unknowns that hang together, ready to solve."""

    keys: tuple[Key, ...]
    rows: tuple[tuple[str, Key | None], ...]  # name of each balance, and of the process balance its key
    system: quadratic.System
    value: np.ndarray
    variance: np.ndarray
    unit: np.ndarray
    names: Names

    def solve(self) -> quadratic.Solution:
        return self._solve(self.value, self.variance)

    @property
    def lower(self) -> np.ndarray:
        """0 for what cannot be below it: flows, contents, levels and shares; else −inf."""
        bound = np.array([key[0] in ("flow", "content", "level", "transfer") for key in self.keys])
        return np.where(bound, 0.0, -np.inf)

    def keep(self, free: quadratic.Solution) -> Held:
        """The same with no flow, content, level or share below zero."""
        high = np.full(len(self.keys), np.inf)
        return best(Within(self._solve, free, self.variance, self.lower, high, self.names))

    def _solve(
        self, value: np.ndarray, variance: np.ndarray, start: quadratic.Solution | None = None
    ) -> quadratic.Solution:
        readings = read_readings(len(self.keys), value, variance, self.names)
        return quadratic.reconcile(self.system, readings, self.names, self.unit, start)


@dataclass
class Assembly:
    """Unknowns with what was read of them, and balances as lists of terms."""

    sheet: Flowsheet
    keys: dict[Key, int] = field(default_factory=dict)
    value: list[float] = field(default_factory=list)
    sd: list[float] = field(default_factory=list)
    common: dict[str, list[tuple[int, float]]] = field(default_factory=dict)
    rows: list[tuple[str, Key | None]] = field(default_factory=list)
    rows_vi: list[str] = field(default_factory=list)  # their names in Vietnamese
    linear: list[tuple[int, int, float]] = field(default_factory=list)
    products: list[tuple[int, int, int, float]] = field(default_factory=list)
    constant: list[float] = field(default_factory=list)
    known: dict[Key, float] = field(default_factory=dict)  # contents, shares and factors that are certain

    def at(self, key: Key) -> int:
        """The number of an unknown, made when first asked for."""
        if key not in self.keys:
            self.keys[key] = len(self.keys)
            self.value.append(np.nan)
            self.sd.append(1.0)
        return self.keys[key]

    def row(
        self, name: str, process: Key | None = None, constant: float = 0.0, name_vi: str | None = None
    ) -> int:
        """A balance; `name_vi` where its name is made of words."""
        self.rows.append((name, process))
        self.rows_vi.append(name if name_vi is None else name_vi)
        self.constant.append(constant)
        return len(self.rows) - 1

    def term(self, row: int, key: Key, factor: float = 1.0) -> None:
        at = self.at(key)
        if factor:
            self.linear.append((row, at, factor))

    def label(self, key: Key, lang: str = "en", dated: bool = True) -> str:
        """What an unknown is called in messages; not `dated` without its period."""
        vi = lang == "vi"
        if key[0] == "reading":
            return f"số đọc {key[1]}, của {key[2]}" if vi else f"reading {key[1]}, of {key[2]}"
        if key[0] in ("transfer", "factor"):
            return LABELS[key[0]][vi] + key[-1]
        kind, layer, name, period = key
        when = f", {period}" if len(self.sheet.periods) > 1 or period == OPENING else ""
        if vi and period == OPENING:
            when = ", đầu kỳ"
        when = when if dated else ""
        if kind == "content":
            return f"hàm lượng {layer} trong {name}{when}" if vi else f"{layer} in {name}{when}"
        what = name if layer == GOODS else f"{layer} trong {name}" if vi else f"{layer} in {name}"
        return f"{LABELS[kind][vi]}{what}{when}"

    def parts(self) -> Iterator[Part]:
        """Connected unknowns: what shares no balance and no error is solved apart."""
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        n, m = len(self.keys), len(self.rows)
        ends = [(j, n + r) for r, j, _ in self.linear]
        ends += [(k, n + r) for r, i, j, _ in self.products for k in (i, j)]
        ends += [(group[0][0], at) for group in self.common.values() for at, _ in group[1:]]
        a, b = np.array(ends, dtype=np.int64).reshape(-1, 2).T
        graph = coo_array((np.ones(len(a)), (a, b)), shape=(n + m, n + m))
        count, label = connected_components(graph, directed=False)
        keys = list(self.keys)
        unit = self._units(keys)
        linear: list[list[tuple[int, int, float]]] = [[] for _ in range(count)]
        products: list[list[tuple[int, int, int, float]]] = [[] for _ in range(count)]
        for term in self.linear:
            linear[label[term[1]]].append(term)
        for product in self.products:
            products[label[product[1]]].append(product)
        for p in range(count):
            unknowns, rows = np.flatnonzero(label[:n] == p), np.flatnonzero(label[n:] == p)
            if len(unknowns):
                yield self._part(keys, unit, unknowns, rows, linear[p], products[p])
            elif any(abs(self.constant[r]) > 0 for r in rows):
                raise ContradictionError(
                    f"{self.rows[int(rows[0])][0]} holds no unknown and does not close.",
                    f"{self.rows_vi[int(rows[0])]} không có ẩn số nào mà cũng không khép.",
                )

    def _part(
        self,
        keys: list[Key],
        unit: np.ndarray,
        unknowns: np.ndarray,
        rows: np.ndarray,
        terms: list[tuple[int, int, float]],
        products: list[tuple[int, int, int, float]],
    ) -> Part:
        place = {int(j): k for k, j in enumerate(unknowns)}
        place_row = {int(r): k for k, r in enumerate(rows)}
        linear = np.zeros((len(rows), len(unknowns)))
        for r, j, f in terms:
            linear[place_row[r], place[j]] += f
        inside = [(place_row[r], place[i], place[j], f) for r, i, j, f in products]
        r, i, j, f = (
            (np.array(x) for x in zip(*inside, strict=True)) if inside else (np.zeros(0, np.int64),) * 4
        )
        variance = np.diag(np.square(np.array(self.sd)[unknowns]))
        for group in self.common.values():
            at = [(place[k], u) for k, u in group if k in place]
            for one, u in at:
                for other, w in at:
                    variance[one, other] += u * w
        spread = (
            variance if np.count_nonzero(variance - np.diag(variance.diagonal())) else variance.diagonal()
        )
        named = tuple(keys[k] for k in unknowns)
        chosen = tuple(self.rows[k] for k in rows)
        return Part(
            named,
            chosen,
            quadratic.System(linear, r, i, j, f.astype(float), np.array(self.constant)[rows]),
            np.array(self.value)[unknowns],
            spread,
            unit[unknowns],
            Names(
                [name for name, _ in chosen],
                [self.label(key) for key in named],
                nodes_vi=[self.rows_vi[k] for k in rows],
                streams_vi=[self.label(key, "vi") for key in named],
            ),
        )

    def _units(self, keys: list[Key]) -> np.ndarray:
        """A size for every unknown, so that tonnes and parts per million count alike."""
        read, doubt = np.abs(np.nan_to_num(np.array(self.value))), np.array(self.sd)
        measured = ~np.isnan(np.array(self.value))
        kinds = [_kind(key) for key in keys]

        def typical(kind: tuple[bool, str] | None) -> float:
            of = measured & np.array([k == kind for k in kinds], dtype=bool)
            found = [
                *read[of & (read > 0)],
                *(abs(v) for k, v in self.known.items() if _kind(k) == kind and v),
            ]
            found = found or [*doubt[of & (doubt > 0)]]
            return float(np.median(found)) if found else 0.0

        # a rough reading tells little of the size of what it reads
        usual = {kind: typical(kind) or np.inf for kind in set(kinds)}
        cap = np.array([usual[kind] for kind in kinds])
        size = np.where(measured, np.maximum(read, np.minimum(doubt, cap)), 0.0)
        goods = typical((False, GOODS)) or 1.0
        out = np.ones(len(keys))
        for layer in self.sheet.all_layers:
            content = typical((True, layer)) or 1.0
            flow = goods if layer == GOODS else typical((False, layer)) or goods * content
            for k, key in enumerate(keys):
                if kinds[k] in ((True, layer), (False, layer)):
                    out[k] = content if key[0] == "content" else flow
        return np.where(size > 0, size, out)


def _kind(key: Key) -> tuple[bool, str] | None:
    """(is it a content, of which layer); None for what belongs to no layer."""
    return None if key[0] in ("transfer", "factor", "reading") else (key[0] == "content", key[1])
