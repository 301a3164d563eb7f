"""From a flow-sheet to its balances: of processes, stocks, transfers, relations, repeated readings and contents."""

from __future__ import annotations

import numpy as np

from sachhon.science.balance.flowsheet import GOODS, OPENING, Flowsheet, Reading
from sachhon.science.balance.flowsheet_parts import Assembly, Key
from sachhon.science.balance.network import ContradictionError
from sachhon.science.phrases import comma


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
                f"relation {relation.name or ' and '.join(relation.flows)}",
                constant=-relation.value,
                name_vi=f"liên hệ {relation.name or ' và '.join(relation.flows)}",
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
            f"{out.label(key, lang='vi')} vừa được cố định ở {comma(out.known[key]):.6g} vừa ở {comma(value):.6g}. Hãy "
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
            row = out.row(
                f"the stock of {name} over {period or 'the period'}",
                name_vi=f"tồn kho của {name} trong {f'kỳ {period}' if period else 'kỳ'}",
            )
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
            row = out.row(
                f"the transfer through {source} to {t.stream}",
                name_vi=f"phần chuyển qua {source} vào {t.stream}",
            )
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
        row = out.row(f"reading {number + 1}, of {r.of}", name_vi=f"số đọc {number + 1}, của {r.of}")
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
        row = out.row(out.label(key), name_vi=out.label(key, "vi"))
        out.term(row, ("flow", layer, name, period))
        goods = ("flow", GOODS, name, period)
        if key in out.known:
            out.term(row, goods, -out.known[key])
        else:
            out.products.append((row, out.at(goods), out.at(key), -1.0))
