"""Causes of a loss as a fishbone: the loss at the head, a bone a group of causes, deeper causes further out.

Source: Ishikawa, Guide to Quality Control, 1976.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sachhon.documents.drawings.pen import INK, PAPER, frame, lines

WIDTH, BONE, LINE = 1000.0, 290.0, 17.0


@dataclass(frozen=True)
class Bone:
    """A group with its causes: (words, how deep a "why" it answers, whether it is a root cause)."""

    name: str
    causes: Sequence[tuple[str, int, bool]]


def fishbone(code: str, title: str, description: str, head: str, bones: Sequence[Bone]) -> str:
    """SVG; groups stand above and below the spine in turn."""
    pairs = [bones[k : k + 2] for k in range(0, len(bones), 2)]
    height_up = max((_tall(pair[0]) for pair in pairs), default=60.0)
    height_down = max((_tall(pair[1]) for pair in pairs if len(pair) > 1), default=40.0)
    spine = height_up + 50
    width = max(WIDTH, len(pairs) * BONE + 240)
    body = (
        f'<path d="M20 {spine:.0f}H{width - 190:.0f}" stroke="{INK}" stroke-width="3"/>'
        f'<rect x="{width - 190:.0f}" y="{spine - 36:.0f}" width="175" height="72" rx="6" fill="{PAPER}" '
        f'stroke="{INK}" stroke-width="2"/>'
    ) + lines(head, width - 102, spine, 22, bold=True)
    for k, pair in enumerate(pairs):
        foot = width - 210 - k * BONE
        for up, bone in zip((True, False), pair, strict=False):
            body += _bone(bone, foot, spine, height_up if up else height_down, up=up)
    return frame(code, title, description, width, spine + height_down + 50, body)


def _tall(bone: Bone) -> float:
    return 40 + LINE * 1.6 * max(len(bone.causes), 2)


def _bone(bone: Bone, foot: float, spine: float, tall: float, *, up: bool) -> str:
    sign = -1 if up else 1
    tip = foot - 70, spine + sign * tall
    body = f'<path d="M{tip[0]:.0f} {tip[1]:.0f}L{foot:.0f} {spine:.0f}" stroke="{INK}" stroke-width="1.5"/>'
    body += lines(bone.name, tip[0], tip[1] + sign * 12, 24, bold=True, size=13)
    room = tall - 24
    for k, (words, depth, root) in enumerate(bone.causes):
        y = tip[1] - sign * (18 + room * (k + 0.5) / max(len(bone.causes), 1) * 0.86)
        x = tip[0] + 70 * abs(y - tip[1]) / tall - 4
        mark = "● " if root else ""
        body += lines(mark + "› " * depth + words, x - 4, y, 34, anchor="end", size=10.5, most=2, bold=root)
        body += f'<path d="M{x - 2:.0f} {y:.0f}h6" stroke="{INK}"/>'
    return body
