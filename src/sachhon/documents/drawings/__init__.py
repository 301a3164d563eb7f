"""Pictures drawn by hand as SVG: flow-sheet, Sankey, fishbone. Words in, lines out; nothing is computed here."""

from sachhon.documents.drawings.fishbone import Bone, fishbone
from sachhon.documents.drawings.flow_parts import flow_parts
from sachhon.documents.drawings.flow_sheet import Arrow, Box, flow_sheet
from sachhon.documents.drawings.layered import Placed, layered
from sachhon.documents.drawings.sankey import Band, sankey

__all__ = [
    "Arrow",
    "Band",
    "Bone",
    "Box",
    "Placed",
    "fishbone",
    "flow_parts",
    "flow_sheet",
    "layered",
    "sankey",
]
