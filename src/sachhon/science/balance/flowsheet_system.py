"""From a flow-sheet to a system of balances with products, in parts that share no unknown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from sachhon.science.balance import quadratic
from sachhon.science.balance.flowsheet import GOODS, OPENING, Flowsheet, Reading
from sachhon.science.balance.holding import Held, hold
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

    def keep(self, free: quadratic.Solution) -> Held:
        """The same with no flow, content, level or share below zero."""
        bound = np.array([key[0] in ("flow", "content", "level", "transfer") for key in self.keys])
        low, high = np.where(bound, 0.0, -np.inf), np.full(len(bound), np.inf)
        return hold(self._solve, free, self.variance, low, high, self.names)

    def _solve(self, value: np.ndarray, variance: np.ndarray) -> quadratic.Solution:
        readings = read_readings(len(self.keys), value, variance, self.names)
        return quadratic.reconcile(self.system, readings, self.names, self.unit)


@dataclass
class Assembly:
    """Unknowns with what was read of them, and balances as lists of terms."""

    sheet: Flowsheet
    keys: dict[Key, int] = field(default_factory=dict)
    value: list[float] = field(default_factory=list)
    sd: list[float] = field(default_factory=list)
    common: dict[str, list[tuple[int, float]]] = field(default_factory=dict)
    rows: list[tuple[str, Key | None]] = field(default_factory=list)
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

    def row(self, name: str, process: Key | None = None, constant: float = 0.0) -> int:
        self.rows.append((name, process))
        self.constant.append(constant)
        return len(self.rows) - 1

    def term(self, row: int, key: Key, factor: float = 1.0) -> None:
        at = self.at(key)
        if factor:
            self.linear.append((row, at, factor))

    def label(self, key: Key, lang: str = "en") -> str:
        """What an unknown is called in messages."""
        vi = lang == "vi"
        if key[0] == "reading":
            return f"số đọc {key[1]}, của {key[2]}" if vi else f"reading {key[1]}, of {key[2]}"
        if key[0] in ("transfer", "factor"):
            return LABELS[key[0]][vi] + key[-1]
        kind, layer, name, period = key
        when = f", {period}" if len(self.sheet.periods) > 1 or period == OPENING else ""
        if vi and period == OPENING:
            when = ", đầu kỳ"
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
                    f"{self.rows[int(rows[0])][0]} không có ẩn số nào mà cũng không khép.",
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
                streams_vi=[self.label(key, "vi") for key in named],
            ),
        )

    def _units(self, keys: list[Key]) -> np.ndarray:
        """A size for every unknown, so that tonnes and parts per million count alike."""
        read = np.array(self.value)
        size = np.where(np.isnan(read), 0.0, np.maximum(np.abs(np.nan_to_num(read)), np.array(self.sd)))
        kinds = [_kind(key) for key in keys]

        def typical(kind: tuple[bool, str]) -> float:
            found = [s for s, k in zip(size, kinds, strict=True) if k == kind and s > 0]
            found += [abs(v) for k, v in self.known.items() if _kind(k) == kind and v]
            return float(np.median(found)) if found else 0.0

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


def assemble(sheet: Flowsheet) -> Assembly:
    """Balances of all periods; each reading lands on its unknown."""
    out = Assembly(sheet)
    for f in sheet.factors:
        _certain_or_read(out, ("factor", f.name), f.value, f.uncertainty)
    for reading in sheet.readings:
        if reading.kind == "content" and reading.uncertainty == 0 and reading.common == 0:
            factor = (
                out.known.get(("factor", reading.factor), None)
                if isinstance(reading.factor, str)
                else reading.factor
            )
            if factor is not None:
                key = ("content", reading.layer, reading.of, reading.period)
                _fix(out, key, reading.value * factor)
    _balances(out)
    _levels(out)
    _transfers(out)
    for relation in sheet.relations:
        for period in sheet.periods:
            row = out.row(
                f"relation {relation.name or ' and '.join(relation.flows)}", constant=-relation.value
            )
            for name, factor in relation.flows.items():
                out.term(row, ("flow", relation.layer, name, period), factor)
    for number, reading in enumerate(sheet.readings):
        _read(out, number, reading)
    _contents(out)
    return out


def _certain_or_read(out: Assembly, key: Key, value: float, uncertainty: float) -> None:
    if uncertainty == 0 and value == value:
        out.known[key] = value
    else:
        at = out.at(key)
        out.value[at], out.sd[at] = value, uncertainty


def _fix(out: Assembly, key: Key, value: float) -> None:
    if abs(out.known.get(key, value) - value) > 1e-12 * abs(value):
        raise ContradictionError(
            f"{out.label(key)} is fixed at {out.known[key]:.6g} and at {value:.6g}. Give one an uncertainty.",
            f"{out.label(key, lang='vi')} vừa được cố định ở {out.known[key]:.6g} vừa ở {value:.6g}. Hãy "
            "cho một số độ không đảm bảo.",
        )
    out.known[key] = value


def _balances(out: Assembly) -> None:
    sheet = out.sheet
    for period in sheet.periods:
        when = f", {period}" if len(sheet.periods) > 1 else ""
        for layer in sheet.all_layers:
            for process in sheet.processes:
                if not sheet.conserves(process, layer):
                    continue
                ends = [
                    (1.0 if s.target == process.name else -1.0, s)
                    for s in sheet.streams
                    if process.name in (s.source, s.target) and sheet.carries(s, layer)
                ]
                if not ends and not process.stock:
                    continue
                what = f"{process.name} ({layer}{when})" if layer != GOODS or when else process.name
                row = out.row(what, ("process", layer, process.name, period))
                for sign, stream in ends:
                    out.term(row, ("flow", layer, stream.name, period), sign)
                if process.stock:
                    out.term(row, ("change", layer, process.name, period), -1.0)


def _levels(out: Assembly) -> None:
    """Levels are unknowns only where one is read: without, the changes alone can be told."""
    sheet = out.sheet
    for layer, name in {(r.layer, r.of): None for r in sheet.readings if r.kind == "level"}:
        before = ("level", layer, name, OPENING)
        for period in sheet.periods:
            row = out.row(f"the stock of {name} over {period or 'the period'}")
            now = ("level", layer, name, period)
            out.term(row, now)
            out.term(row, before, -1.0)
            out.term(row, ("change", layer, name, period), -1.0)
            before = now


def _transfers(out: Assembly) -> None:
    sheet = out.sheet
    for t in sheet.transfers:
        key = ("transfer", t.layer, t.stream)
        _certain_or_read(out, key, t.share, t.uncertainty)
        source = next(s.source for s in sheet.streams if s.name == t.stream)
        inputs = [s.name for s in sheet.streams if s.target == source and sheet.carries(s, t.layer)]
        for period in sheet.periods:
            row = out.row(f"the transfer through {source} to {t.stream}")
            out.term(row, ("flow", t.layer, t.stream, period))
            for name in inputs:
                flow = ("flow", t.layer, name, period)
                if key in out.known:
                    out.term(row, flow, -out.known[key])
                else:
                    out.products.append((row, out.at(flow), out.at(key), -1.0))


def _read(out: Assembly, number: int, r: Reading) -> None:
    """A reading in the layer's unit is one of the unknown itself; else, and when read twice, it is tied to it."""
    key = (r.kind, r.layer, r.of, r.period)
    if key in out.known:
        if r.uncertainty or r.common:
            raise ContradictionError(
                f"{out.label(key)} is fixed by one reading and uncertain in another. Give the first an uncertainty.",
                f"{out.label(key, lang='vi')} được cố định bởi một số đọc nhưng không chắc chắn ở số đọc "
                "khác. Hãy cho số đầu độ không đảm bảo.",
            )
        return
    factor = out.known.get(("factor", r.factor), r.factor) if isinstance(r.factor, str) else r.factor
    at = out.at(key)
    if isinstance(factor, str) or not np.isnan(out.value[at]):
        own = ("reading", str(number + 1), r.of)
        row = out.row(f"reading {number + 1}, of {r.of}")
        out.linear.append((row, at, 1.0))
        if isinstance(factor, str):
            out.products.append((row, out.at(own), out.at(("factor", factor)), -1.0))
        else:
            out.term(row, own, -factor)
        at, factor = out.at(own), 1.0
    out.value[at], out.sd[at] = r.value * factor, r.uncertainty * abs(factor)
    if r.common:
        out.common.setdefault(r.meter, []).append((at, r.common * factor))


def _contents(out: Assembly) -> None:
    """flow of a layer = content × flow of the goods, where the content is read or known."""
    asked = [key for key in out.keys if key[0] == "content"] + [k for k in out.known if k[0] == "content"]
    for key in asked:
        _, layer, name, period = key
        row = out.row(out.label(key))
        out.term(row, ("flow", layer, name, period))
        goods = ("flow", GOODS, name, period)
        if key in out.known:
            out.term(row, goods, -out.known[key])
        else:
            out.products.append((row, out.at(goods), out.at(key), -1.0))
