"""A flow-sheet as a picture for paper: boxes where they stand on the canvas, arrows with names and quantities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sachhon.documents.drawings.pen import INK, PAPER, colour, frame, lines, marker

WIDE, HIGH = 150.0, 56.0
PORT = 96.0  # from the edge of a box to where an arrow from outside begins
MARGIN = 64.0
WORDS = 46.0  # half the width of what is written at a port
EDGE = 12.0
TEXT = 13.0  # of all words, in pixels
FRAME, HEAD, SHADE = 18.0, 20.0, "#eef5f1"  # around sub-processes, room for the name, its ground


@dataclass(frozen=True)
class Box:
    """A process; x, y is its middle. `inside`: the process it is part of, drawn as a frame around its parts."""

    code: str
    name: str
    x: float
    y: float
    inside: str = ""


@dataclass(frozen=True)
class Arrow:
    """A stream; "" is outside. `amount` is written as it is to be read; `mark` says it is suspected."""

    code: str
    name: str
    source: str
    target: str
    kind: str
    amount: str = ""
    recycled: bool = False
    mark: str = ""


def flow_sheet(
    code: str,
    title: str,
    description: str,
    boxes: Sequence[Box],
    arrows: Sequence[Arrow],
    least: float = 0.0,
) -> str:
    """SVG of the whole sheet, as large as it needs to be, and at least `least` pixels wide."""
    frames = _frames(boxes)
    boxes = [box for box in boxes if box.code not in frames]
    at = {box.code: box for box in boxes} | {
        name: Box(name, box.name, x + w / 2, y + h / 2) for name, (box, x, y, w, h) in frames.items()
    }
    ports = _ports(at, arrows)
    # What stands outside needs room for its words alone: every millimetre saved makes all words larger on paper.
    xs = [x for box in boxes for x in (box.x - WIDE / 2, box.x + WIDE / 2)]
    xs = [*xs, *(x + side * WORDS for x, _ in ports.values() for side in (-1, 1))] or [0.0]
    xs += [edge for _, x, _, w, _ in frames.values() for edge in (x, x + w)]
    ys = [y for box in boxes for y in (box.y - HIGH / 2 - MARGIN, box.y + HIGH / 2 + MARGIN)]
    ys = [*ys, *(y + side * MARGIN for _, y in ports.values() for side in (-1, 1))] or [0.0]
    ys += [edge for _, _, y, _, h in frames.values() for edge in (y, y + h)]
    left, top = min(xs) - EDGE, min(ys)
    width, height = max(xs) - left + EDGE, max(ys) - top
    if width < least:
        left, width = left - (least - width) / 2, least
    kinds = sorted({arrow.kind for arrow in arrows})
    body = "<defs>" + "".join(marker(f"{code}-{kind}", colour(kind)) for kind in kinds) + "</defs>"
    for box, x, y, w, h in frames.values():
        body += (
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" rx="8" fill="{SHADE}" '
            f'stroke="{INK}" stroke-width="1.2" stroke-dasharray="5 4"/>'
        )
        body += lines(box.name, x + 8, y + 4, 60, size=TEXT, anchor="start", bold=True, middle=False)
    beside: dict[tuple[str, str], int] = {}
    for arrow in arrows:
        body += _arrow(code, arrow, at, ports, beside)
    for box in boxes:
        body += (
            f'<rect x="{box.x - WIDE / 2:.1f}" y="{box.y - HIGH / 2:.1f}" width="{WIDE}" height="{HIGH}" rx="6" '
            f'fill="{PAPER}" stroke="{INK}" stroke-width="1.5"/>'
        )
        body += lines(box.name, box.x, box.y, 19, size=TEXT, bold=True)
    return frame(
        code,
        title,
        description,
        width,
        height,
        f'<g transform="translate({-left:.1f} {-top:.1f})">{body}</g>',
    )


def _frames(boxes: Sequence[Box]) -> dict[str, tuple[Box, float, float, float, float]]:
    """Process with parts → itself and the rectangle around them; the innermost first is drawn last."""
    parts: dict[str, list[Box]] = {}
    for box in boxes:
        if box.inside:
            parts.setdefault(box.inside, []).append(box)
    out: dict[str, tuple[Box, float, float, float, float]] = {}

    def around(box: Box) -> tuple[float, float, float, float]:
        edges = [around(b) if b.code in parts else _edges(b) for b in parts[box.code]]
        left, top = min(e[0] for e in edges) - FRAME, min(e[1] for e in edges) - FRAME - HEAD
        right, bottom = max(e[2] for e in edges) + FRAME, max(e[3] for e in edges) + FRAME
        out[box.code] = (box, left, top, right - left, bottom - top)
        return left, top, right, bottom

    inner = {b.code: b.inside for b in boxes}
    for box in boxes:
        if box.code in parts and inner.get(box.inside) is None:
            around(box)
    return dict(reversed(out.items()))


def _edges(box: Box) -> tuple[float, float, float, float]:
    return box.x - WIDE / 2, box.y - HIGH / 2, box.x + WIDE / 2, box.y + HIGH / 2


def _ports(at: dict[str, Box], arrows: Sequence[Arrow]) -> dict[str, tuple[float, float]]:
    """Where streams from and to outside begin and end: above a process what comes in, below it what leaves."""
    out: dict[str, tuple[float, float]] = {}
    for box in at.values():
        for above in (True, False):
            mine = [
                a for a in arrows
                if (a.target == box.code and not a.source if above else a.source == box.code and not a.target)
            ]  # fmt: skip
            for k, arrow in enumerate(mine):
                x = box.x + (k - (len(mine) - 1) / 2) * 92
                y = box.y + (-1 if above else 1) * (HIGH / 2 + PORT)
                out[arrow.code] = (x, y)
    return out


def _arrow(
    code: str,
    arrow: Arrow,
    at: dict[str, Box],
    ports: dict[str, tuple[float, float]],
    beside: dict[tuple[str, str], int],
) -> str:
    a, b = at.get(arrow.source), at.get(arrow.target)
    words = f"{arrow.mark}{arrow.name}" + (f": {arrow.amount}" if arrow.amount else "")
    ink = colour(arrow.kind)
    dash = ' stroke-dasharray="6 4"' if arrow.recycled else ""
    head = f'fill="none" stroke="{ink}" stroke-width="2"{dash} marker-end="url(#{code}-{arrow.kind})"'
    if a and b:
        number = beside.get((arrow.source, arrow.target), 0)
        beside[arrow.source, arrow.target] = number + 1
        forward = b.x >= a.x
        bend = 26.0 * number + (0 if forward and not arrow.recycled else 70 + 14 * number)
        x1, x2 = (a.x + WIDE / 2, b.x - WIDE / 2) if forward else (a.x, b.x)
        y1, y2 = (a.y, b.y) if forward else (a.y - HIGH / 2, b.y - HIGH / 2)
        mx, my = (x1 + x2) / 2, (y1 + y2) / 2 - bend
        path = f"M{x1:.1f} {y1:.1f}Q{mx:.1f} {my - bend:.1f} {x2:.1f} {y2:.1f}"
        return f'<path d="{path}" {head}/>' + lines(words, mx, my - 20, 16, size=TEXT, fill=ink)
    if arrow.code not in ports:
        return ""
    x, y = ports[arrow.code]
    box = a or b
    if box is None:
        return ""
    edge = max(min(x, box.x + WIDE / 2 - 8), box.x - WIDE / 2 + 8)
    if b:
        path, label = f"M{x:.1f} {y:.1f}L{edge:.1f} {box.y - HIGH / 2:.1f}", y - 28
    else:
        path, label = f"M{edge:.1f} {box.y + HIGH / 2:.1f}L{x:.1f} {y:.1f}", y + 28
    return f'<path d="{path}" {head}/>' + lines(words, x, label, 13, size=TEXT, fill=ink, most=4)
