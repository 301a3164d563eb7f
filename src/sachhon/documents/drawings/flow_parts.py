"""A flow-sheet too wide for a page as several pictures, so that its words can be read on paper.

A picture is printed as wide as the text, 165 mm: words of 13 pixels come to 8 points where it is 755 pixels wide. The
boxes are taken from left to right, and in each strip from the top, as many as fit; an arrow that is cut
says in which part it goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sachhon.documents.drawings.flow_sheet import HIGH, MARGIN, PORT, WIDE, WORDS, Arrow, Box, flow_sheet

MOST_WIDE, MOST_HIGH = 755.0, 1080.0
BESIDE = 92.0  # between two arrows from outside
EDGES = 2 * 12.0


def flow_parts(
    code: str, title: str, description: str, boxes: Sequence[Box], arrows: Sequence[Arrow], part: str
) -> list[str]:
    """SVGs of the parts, one where all fits. `part`: the word for a part before its number."""
    groups = split(boxes, arrows)
    if len(groups) <= 1:
        return [flow_sheet(code, title, description, boxes, arrows)]
    at = {box.code: n for n, group in enumerate(groups) for box in group}
    frames = {box.inside for box in boxes if box.inside}
    pictures = []
    for n, group in enumerate(groups):
        inside = [*group, *(b for b in boxes if b.code in frames & {g.inside for g in group})]
        mine = [shown for arrow in arrows for shown in _cut(arrow, n, at, part)]
        called = f"{title} ({part} {n + 1}/{len(groups)})"
        pictures.append(flow_sheet(f"{code}-{n + 1}", called, description, inside, mine, least=MOST_WIDE))
    return pictures


def split(boxes: Sequence[Box], arrows: Sequence[Arrow]) -> list[list[Box]]:
    """The boxes of each part, in reading order; a process with parts of its own is drawn around those."""
    frames = {box.inside for box in boxes if box.inside}
    strips: list[list[Box]] = []
    for box in sorted((b for b in boxes if b.code not in frames), key=lambda b: (b.x, b.y)):
        if strips and _wide([*strips[-1], box], arrows) <= MOST_WIDE:
            strips[-1].append(box)
        else:
            strips.append([box])
    return [group for strip in strips for group in _stacked(strip)]


def _stacked(strip: list[Box]) -> list[list[Box]]:
    around = HIGH + 2 * (PORT + MARGIN)
    groups: list[list[Box]] = []
    for box in sorted(strip, key=lambda b: (b.y, b.x)):
        if groups and box.y - groups[-1][0].y + around <= MOST_HIGH:
            groups[-1].append(box)
        else:
            groups.append([box])
    return groups


def _wide(group: Sequence[Box], arrows: Sequence[Arrow]) -> float:
    """How wide a part of these boxes is, every arrow that leaves it led to a place outside."""
    inside = {box.code for box in group}
    halves = [(box.x, _half(box.code, inside, arrows)) for box in group]
    return max(x + half for x, half in halves) - min(x - half for x, half in halves) + EDGES


def _half(code: str, inside: set[str], arrows: Sequence[Arrow]) -> float:
    """Half of the room a box needs with the arrows that come from outside its part and go there."""
    above = sum(a.target == code and a.source not in inside for a in arrows)
    below = sum(a.source == code and a.target not in inside for a in arrows)
    ports = max(above, below)
    return max(WIDE / 2, (ports - 1) / 2 * BESIDE + WORDS if ports else 0.0)


def _cut(arrow: Arrow, n: int, at: dict[str, int], part: str) -> list[Arrow]:
    """The arrow as part `n` shows it: whole, one end of it, or not at all."""
    source, target = at.get(arrow.source, -1), at.get(arrow.target, -1)
    if n not in (source, target):
        return []
    if source == target or not arrow.source or not arrow.target or -1 in (source, target):
        return [arrow]
    if n == source:
        return [replace(arrow, name=f"{arrow.name} ({part} {target + 1})", target="")]
    return [replace(arrow, name=f"{arrow.name} ({part} {source + 1})", source="")]
