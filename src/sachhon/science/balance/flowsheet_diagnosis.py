"""Gross errors of a solved flow-sheet: each part searched, each cause told with the meter or process and its period."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sachhon.science.balance import gross
from sachhon.science.balance.bounded_causes import diagnose_bounded, is_possible
from sachhon.science.balance.causes import Cause
from sachhon.science.balance.diagnosis import GrossError
from sachhon.science.balance.flowsheet import GOODS, OPENING
from sachhon.science.balance.flowsheet_bounded import BoundedPart, PartProblem
from sachhon.science.balance.flowsheet_parts import Assembly, Part
from sachhon.science.balance.holding import Held
from sachhon.science.balance.settings import Settings


def diagnose(assembly: Assembly, kept: Iterable[Held], settings: Settings) -> tuple[GrossError, ...]:
    """Gross errors of all parts, the most certain first; leaks only where a process balances.

    Where nothing may be below zero each cause is tested with that kept (`bounded_causes`): a correction that would
    need a flow below zero is no cause.
    """
    kept = tuple(kept)
    tested = sum(held.conditional[1] > 0 for held in kept)
    errors: list[GrossError] = []
    for part, held in zip(assembly.parts(), kept, strict=True):
        nodes = [k for k, (_, process) in enumerate(part.rows) if process is not None and settings.leaks]
        if held.conditional[1] == 0:
            continue
        level = replace(settings, significance=settings.significance / tested)
        if settings.nonnegative:
            bounded = BoundedPart(PartProblem(part), held)
            found = diagnose_bounded(bounded, settings=level, leaky=nodes).errors
            if held.active and not found:
                # without one meter an outlet that is held may take any size: then what is held is taken as known
                again = gross.diagnose(held.solution.result, settings=level, leaky=nodes).errors
                found = tuple(
                    replace(
                        error,
                        same=tuple(cause for cause in error.same if is_possible(bounded, cause)),
                        close=tuple(cause for cause in error.close if is_possible(bounded, cause)),
                    )
                    for error in again
                    if is_possible(bounded, error.cause)
                )
        else:
            found = gross.diagnose(held.free.result, settings=level, leaky=nodes).errors
        errors += [_dated(error, part, assembly) for error in found]
    return tuple(sorted(errors, key=lambda error: error.p_holm))


def _dated(error: GrossError, part: Part, assembly: Assembly) -> GrossError:
    """The same with the meter or process of each cause told apart from its period."""

    def of(cause: Cause) -> Cause:
        if cause.kind == "meter":
            key = part.keys[cause.at]
            if len(key) != 4 or key[3] in ("", OPENING):
                return cause
            labels = assembly.label(key, dated=False), assembly.label(key, "vi", dated=False)
        else:
            key = part.rows[cause.at][1]
            if key is None or not key[3]:
                return cause
            _, layer, process, _ = key
            labels = (process if layer == GOODS else f"{process} ({layer})",) * 2
        return replace(cause, subject=labels[0], subject_vi=labels[1], period=key[3])

    return replace(
        error,
        cause=of(error.cause),
        same=tuple(of(cause) for cause in error.same),
        close=tuple(of(cause) for cause in error.close),
    )
