"""Numbers in, numbers out: the mathematics of cleaner production, usable alone in a notebook.

Every function takes plain numbers or numpy arrays and returns a frozen dataclass. Nothing here reads a
file, a clock or a setting, and nothing is random without a given seed. Where a figure cannot be computed
the result says so in its `state`; NaN is never returned. Import the module you need, for example
`from sachhon.science import intensity`, or take it from here, `science.intensity`: each is loaded on first use, as is
scipy.
"""

from sachhon.science.lazy import lazily

__getattr__, __dir__ = lazily(
    __name__,
    "balance benchmark calendar decision energy equipment finance intensity mfca plausibility portfolio "
    "screening survey swaps treatment",
)
