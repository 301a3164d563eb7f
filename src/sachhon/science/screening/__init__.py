"""Score of a quick assessment: where to look first, by how much, and why; every point can be read off.

facts      what is put in: checklist items, resources with their benchmarks, options, settings
result     what comes out, with its words in Vietnamese and English
potentials the range that could be saved of a resource
scoring    the points, the order of resources and options
"""

from sachhon.science.screening.facts import Answer, Item, Option, Part, Resource, Settings
from sachhon.science.screening.potentials import together
from sachhon.science.screening.result import Advice, Point, Potential, Question, Score
from sachhon.science.screening.scoring import gap_to_benchmark, score

__all__ = [
    "Advice",
    "Answer",
    "Item",
    "Option",
    "Part",
    "Point",
    "Potential",
    "Question",
    "Resource",
    "Score",
    "Settings",
    "gap_to_benchmark",
    "score",
    "together",
]
