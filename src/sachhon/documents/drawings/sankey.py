"""A Sankey diagram drawn on the server, recycle loops allowed: bands as wide as what they carry.

What comes from or goes outside has an end of its own. A band that leads back leaves on the right, runs under the
picture and comes in again on the left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sachhon.documents.charts.look import wrap
from sachhon.documents.drawings.layered import layered
from sachhon.documents.drawings.pen import INK, colour, frame, lines

NARROW, WIDTH, HEIGHT, NODE, GAP, CLOSE = 700.0, 1040.0, 460.0, 12.0, 30.0, 10.0
COLUMN = 140.0  # a picture of few columns is drawn narrow, so that its words stay readable on a page
LEFT, RIGHT, TOP = 130.0, 150.0, 34.0
LOW, EACH = 60.0, 90.0  # height of a picture of few bands: one stream needs no half page
BETWEEN = 3.0  # white between the words of two bands
LETTER = 0.58  # width of a letter of the font, of its size


@dataclass(frozen=True)
class Band:
    """A flow from a node to a node; "" is outside. `key` tells bands of one name apart."""

    key: str
    name: str
    source: str
    target: str
    value: float
    kind: str


@dataclass
class _Node:
    name: str
    rank: int
    high: float
    y: float = 0.0
    shown: bool = True
    tall: float = 0.0  # of the words at an outer end

    def pad(self, scale: float) -> float:
        """White above and below that its words need beyond its band."""
        return max(self.tall - self.high * scale, 0.0) / 2

    @property
    def gap(self) -> float:
        return GAP if self.shown else CLOSE


@dataclass
class _Words:
    """What is written at one place; y is its middle."""

    text: str
    x: float
    y: float
    width: int
    anchor: str
    size: float
    most: int

    @property
    def tall(self) -> float:
        return min(len(wrap(self.text, self.width).split("\n")), self.most) * self.size * 1.25

    @property
    def wide(self) -> float:
        return max(len(row) for row in wrap(self.text, self.width).split("\n")) * self.size * LETTER

    @property
    def left(self) -> float:
        return self.x - self.wide * {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor]

    @property
    def right(self) -> float:
        return self.left + self.wide


def sankey(
    code: str, title: str, description: str, bands: Sequence[Band], write: Callable[[float], str]
) -> str:
    """SVG; `write` puts a value in words with its unit. Bands of nothing are left out."""
    bands = [b for b in bands if b.value > 0]
    if not bands:
        return frame(code, title, description, WIDTH, 80, lines("–", WIDTH / 2, 40, 40))
    inner = list(dict.fromkeys(end for b in bands for end in (b.source, b.target) if end))
    arrows = [(b.source, b.target) for b in bands if b.source and b.target]
    placed = layered(inner, arrows)
    nodes, ends = _nodes(bands, placed.rank, placed.order)
    for k, b in enumerate(bands):
        for name in ends[k]:
            if not nodes[name].shown:
                nodes[name].tall = _outer(b, write, 0.0, 0.0).tall
    columns = max(n.rank for n in nodes.values()) + 1
    width = min(max(NARROW, LEFT + RIGHT + COLUMN * (columns - 1)), WIDTH)
    most = max(sum(n.rank == rank for n in nodes.values()) for rank in range(columns))
    scale = _stack(nodes, bands, ends, columns, min(HEIGHT * width / WIDTH, LOW + EACH * most))
    step = (width - LEFT - RIGHT - NODE) / max(columns - 1, 1)
    body, low = _bands(bands, nodes, ends, scale, step)
    for node in nodes.values():
        x = LEFT + node.rank * step
        if node.shown:
            body += f'<rect x="{x:.1f}" y="{node.y:.1f}" width="{NODE}" height="{node.high * scale:.1f}" fill="{INK}"/>'
            body += lines(node.name, x + NODE / 2, node.y - 10, 22, size=12, bold=True, most=2, halo=True)
    words, foot = _labels(bands, nodes, ends, scale, step, write)
    return frame(code, title, description, width, max(low, foot) + 24, body + words)


def _nodes(
    bands: Sequence[Band], rank: dict[str, int], order: dict[str, int]
) -> tuple[dict[str, _Node], dict[int, tuple[str, str]]]:
    """Nodes with how much passes through, and the ends of each band; outside ends are nodes of their own."""
    into: dict[str, float] = {}
    out: dict[str, float] = {}
    ends: dict[int, tuple[str, str]] = {}
    for k, b in enumerate(bands):
        source, target = b.source or f"in {k}", b.target or f"out {k}"
        ends[k] = source, target
        out[source] = out.get(source, 0.0) + b.value
        into[target] = into.get(target, 0.0) + b.value
    nodes: dict[str, _Node] = {}
    for name in sorted(rank, key=lambda n: (rank[n], order[n])):
        nodes[name] = _Node(name, rank[name] + 1, max(into.get(name, 0.0), out.get(name, 0.0)))
    for k, b in enumerate(bands):
        source, target = ends[k]
        if not b.source:
            nodes[source] = _Node(b.name, rank[b.target], b.value, shown=False)
        if not b.target:
            nodes[target] = _Node(b.name, rank[b.source] + 2, b.value, shown=False)
    first = min(n.rank for n in nodes.values())
    for node in nodes.values():
        node.rank -= first
    return nodes, ends


def _stack(
    nodes: dict[str, _Node],
    bands: Sequence[Band],
    ends: dict[int, tuple[str, str]],
    columns: int,
    height: float,
) -> float:
    """Heights and places: each column is stacked, then drawn towards what it is joined with."""
    by_rank: list[list[str]] = [[] for _ in range(columns)]
    for name, node in nodes.items():
        by_rank[node.rank].append(name)
    scale = min((height - GAP * len(col)) / sum(nodes[n].high for n in col) for col in by_rank if col)
    scale = max(scale, 0.2 * height / max(n.high for n in nodes.values()))
    near: dict[str, list[tuple[str, float]]] = {name: [] for name in nodes}
    for k, b in enumerate(bands):
        source, target = ends[k]
        near[source].append((target, b.value))
        near[target].append((source, b.value))
    for col in by_rank:
        _down(nodes, col, scale, dict.fromkeys(col, float("-inf")), TOP)
    for sweep in range(8):
        for col in by_rank if sweep % 2 else list(reversed(by_rank)):
            want = {}
            for name in col:
                weight = sum(v for _, v in near[name])
                middle = sum((nodes[m].y + nodes[m].high * scale / 2) * v for m, v in near[name]) / weight
                want[name] = middle - nodes[name].high * scale / 2
            col.sort(key=lambda n: want[n] + nodes[n].high * scale / 2)
            _down(nodes, col, scale, want, float("-inf"))
            # Only ever pushed down, the picture would sink with every sweep: the column goes back to where it wants.
            off = sum((want[n] - nodes[n].y) * nodes[n].high for n in col) / sum(nodes[n].high for n in col)
            for name in col:
                nodes[name].y += off
    lift = min(node.y for node in nodes.values()) - TOP
    for node in nodes.values():
        node.y -= lift
    return scale


def _down(
    nodes: dict[str, _Node], col: Sequence[str], scale: float, want: dict[str, float], y: float
) -> None:
    """Puts a column down from y, each node where it wants or below the one before, with room for its words."""
    above = 0.0
    for name in col:
        node = nodes[name]
        node.y = max(y + max(above, node.gap) * (above > 0) + node.pad(scale), want[name])
        y, above = node.y + node.high * scale + node.pad(scale), node.gap


def _bands(
    bands: Sequence[Band],
    nodes: dict[str, _Node],
    ends: dict[int, tuple[str, str]],
    scale: float,
    step: float,
) -> tuple[str, float]:
    low = max(n.y + n.high * scale for n in nodes.values())
    used_out: dict[str, float] = dict.fromkeys(nodes, 0.0)
    used_in: dict[str, float] = dict.fromkeys(nodes, 0.0)
    start: dict[int, float] = {}
    end: dict[int, float] = {}
    for k in sorted(ends, key=lambda k: nodes[ends[k][1]].y):
        source = ends[k][0]
        start[k] = nodes[source].y + used_out[source]
        used_out[source] += bands[k].value * scale
    for k in sorted(ends, key=lambda k: nodes[ends[k][0]].y):
        target = ends[k][1]
        end[k] = nodes[target].y + used_in[target]
        used_in[target] += bands[k].value * scale
    body, loops = "", low + 18
    for k, b in enumerate(bands):
        source, target = (nodes[n] for n in ends[k])
        wide = max(b.value * scale, 0.8)
        x1, x2 = LEFT + source.rank * step + NODE, LEFT + target.rank * step
        y1, y2 = start[k] + wide / 2, end[k] + wide / 2
        if target.rank > source.rank:
            # A filled shape with two edges: a stroke this wide would fold over itself where it bends.
            mid, half = (x1 + x2) / 2, wide / 2
            up = f"M{x1:.1f} {y1 - half:.1f}C{mid:.1f} {y1 - half:.1f} {mid:.1f} {y2 - half:.1f} {x2:.1f} "
            up += f"{y2 - half:.1f}"
            down = f"V{y2 + half:.1f}C{mid:.1f} {y2 + half:.1f} {mid:.1f} {y1 + half:.1f} {x1:.1f} {y1 + half:.1f}Z"
            body += f'<path d="{up}{down}" fill="{colour(b.kind)}" fill-opacity="0.5"/>'
            continue
        loops += wide + 6
        y = loops - wide / 2
        r = 16 + wide / 2
        path = (
            f"M{x1:.1f} {y1:.1f}C{x1 + 2 * r:.1f} {y1:.1f} {x1 + 2 * r:.1f} {y:.1f} {x1:.1f} {y:.1f}"
            f"L{x2:.1f} {y:.1f}C{x2 - 2 * r:.1f} {y:.1f} {x2 - 2 * r:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
        )
        body += (
            f'<path d="{path}" fill="none" stroke="{colour(b.kind)}" stroke-opacity="0.6" '
            f'stroke-width="{wide:.1f}"/>'
        )
        body += lines(b.name, (x1 + x2) / 2, loops + 8, 60, size=11)
        loops += 16
    return body, loops


def _labels(
    bands: Sequence[Band],
    nodes: dict[str, _Node],
    ends: dict[int, tuple[str, str]],
    scale: float,
    step: float,
    write: Callable[[float], str],
) -> tuple[str, float]:
    """Names at the outer ends, and on a band between two boxes; with the foot of the lowest."""
    words: list[_Words] = []
    for k, b in enumerate(bands):
        source, target = (nodes[n] for n in ends[k])
        text = f"{b.name}: {write(b.value)}"
        if not b.source:
            x, y = LEFT + source.rank * step + NODE - 4, source.y + source.high * scale / 2
            words.append(_outer(b, write, x, y))
        elif not b.target:
            x, y = LEFT + target.rank * step + 4, target.y + target.high * scale / 2
            words.append(_outer(b, write, x, y))
        elif target.rank > source.rank:
            x = LEFT + (source.rank + target.rank) / 2 * step + NODE / 2
            y = (source.y + source.high * scale / 2 + target.y + target.high * scale / 2) / 2
            words.append(_Words(text, x, y, 18, "middle", 11, 3))
    names = [
        _Words(n.name, LEFT + n.rank * step + NODE / 2, n.y - 10, 22, "middle", 12, 2)
        for n in nodes.values()
        if n.shown
    ]
    _apart(words, names)
    body = "".join(
        lines(w.text, w.x, w.y, w.width, anchor=w.anchor, size=w.size, most=w.most, halo=True) for w in words
    )
    return body, max((w.y + w.tall / 2 for w in words), default=0.0)


def _outer(b: Band, write: Callable[[float], str], x: float, y: float) -> _Words:
    """The words of a band where it comes from outside or goes there."""
    text = f"{b.name}: {write(b.value)}"
    return _Words(text, x, y, 22, "start", 12, 4) if b.source else _Words(text, x, y, 20, "end", 12, 4)


def _apart(words: Sequence[_Words], fixed: Sequence[_Words]) -> None:
    """Moves words up or down, each as little as may be, until none stands on another or on what is `fixed`."""
    placed = list(fixed)
    for w in sorted(words, key=lambda w: w.y):
        beside = [o for o in placed if o.left < w.right and w.left < o.right]
        rooms = [w.y]
        for o in beside:
            off = (o.tall + w.tall) / 2 + BETWEEN
            rooms += [o.y - off, o.y + off]
        free = [y for y in rooms if y >= w.tall / 2 and not any(_meet(w, y, o) for o in beside)]
        w.y = min(free, key=lambda y: abs(y - w.y))
        placed.append(w)


def _meet(w: _Words, y: float, other: _Words) -> bool:
    return abs(y - other.y) < (w.tall + other.tall) / 2 + BETWEEN - 1e-6
