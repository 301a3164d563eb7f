"""How sure a calculator is: the standard uncertainty of each of its steps, from those of its inputs.

    u²(y) = Σ (∂y/∂x_i)² u²(x_i),   ∂y/∂x_i ≈ (y(x_i + u_i) − y(x_i − u_i)) / 2 u_i

The inputs err independently. The difference is taken over ± one standard uncertainty, as JCGM 100:2008 (GUM),
5.1.3 note 2 has it, so that a mild bend is averaged over where the reading may lie. Where a step bends so much
that both sides disagree (a critical pressure, a threshold), it is listed in `bent`: there JCGM 101's Monte
Carlo would serve better. Not here: correlated inputs (give what they share as one input of a function of
your own), the uncertainty of the formulas themselves (see each sheet's ranges).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sachhon.science.equipment.sheet import Result
from sachhon.science.phrases import comma
from sachhon.science.uncertainty import Measured, ScienceError

_BENT = 0.25  # share of the mean slope by which the slopes of both sides may differ from it


@dataclass(frozen=True)
class Spread:
    """A result and how sure each of its steps is.

    steps : name → value with its standard uncertainty; shares : name → input → its part of the variance (they
    add up to 1, nothing where the step is certain); bent : steps for which first order is not enough.
    """

    result: Result
    steps: Mapping[str, Measured]
    shares: Mapping[str, Mapping[str, float]]
    bent: tuple[str, ...]

    def __getitem__(self, name: str) -> Measured:
        """The step `name` with its standard uncertainty; `KeyError` naming the steps there are."""
        self.result[name]
        return self.steps[name]


def spread(calculator: Callable[..., Result], **inputs: Any) -> Spread:
    """Run a calculator whose uncertain inputs are `Measured`; all others are taken as certain.

    calculator : any function that returns a `Result`, one of yours that chains several included. It is run
    twice for every uncertain input.
    """
    uncertain = {name: x for name, x in inputs.items() if isinstance(x, Measured)}
    if not uncertain:
        raise ScienceError(
            "no input is uncertain: give at least one as Measured(value, standard_uncertainty).",
            "không có số vào nào có độ không đảm bảo: hãy cho ít nhất một số dạng Measured(giá trị, độ "
            "không đảm bảo chuẩn).",
        )
    for name, x in uncertain.items():
        if not (
            math.isfinite(x.value) and math.isfinite(x.standard_uncertainty) and x.standard_uncertainty >= 0
        ):
            raise ScienceError(
                f"{name} is {x}; give a finite value and a standard uncertainty that is not negative.",
                f"{name} là {comma(x)}; hãy cho giá trị hữu hạn và độ không đảm bảo chuẩn không âm.",
            )
    centre = inputs | {name: x.value for name, x in uncertain.items()}
    found = calculator(**centre)
    values = {step.name: step.value for step in found.steps}
    parts: dict[str, dict[str, float]] = {name: {} for name in values}
    bent: set[str] = set()
    for name, x in uncertain.items():
        if x.standard_uncertainty == 0:
            continue
        low, high = (
            _moved(calculator, centre, name, x.value + sign * x.standard_uncertainty) for sign in (-1, 1)
        )
        for step, middle in values.items():
            if step not in low or step not in high:
                raise ScienceError(
                    f"step {step} comes and goes with {name}; ask for another step or fix {name}.",
                    f"bước {step} lúc có lúc không tùy theo {name}; hãy hỏi bước khác hoặc cố định {name}.",
                )
            parts[step][name] = (high[step] - low[step]) / 2
            curve = abs(high[step] + low[step] - 2 * middle) / 2
            if curve > _BENT * abs(parts[step][name]) and curve > 1e-9 * abs(middle):
                bent.add(step)
    total = {step: math.fsum(c**2 for c in moves.values()) for step, moves in parts.items()}
    return Spread(
        found,
        {step: Measured(values[step], math.sqrt(total[step])) for step in values},
        {
            step: {name: c**2 / total[step] for name, c in moves.items()} if total[step] else {}
            for step, moves in parts.items()
        },
        tuple(step for step in values if step in bent),
    )


def _moved(
    calculator: Callable[..., Result], centre: Mapping[str, Any], name: str, value: float
) -> dict[str, float]:
    try:
        found = calculator(**{**centre, name: value})
    except ScienceError as error:
        raise ScienceError(
            f"within its uncertainty {name} may be {value:g}, and then: {error}",
            f"trong độ không đảm bảo của nó, {name} có thể là {comma(value):g}, và khi ấy: {error.words()}",
        ) from error
    return {step.name: step.value for step in found.steps}
