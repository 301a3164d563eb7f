"""The smaller lists: option groups, what is not CP, options, tasks, benchmarks, norms, limits, bodies, wastes.

Each comes back as facts; the columns of a table's own stand in `extra`.
"""

from datetime import date

from .facts import Fact, fact, facts


def option_groups() -> tuple[Fact, ...]:
    """Return the eight groups of CP options in their usual order; `extra` has number and hints."""
    return facts("option_groups")


def not_cp_kinds() -> tuple[Fact, ...]:
    """Return the kinds of measure that are not CP; `extra` has "reason_vi" and "reason_en"."""
    return facts("not_cp")


def technology_criteria() -> tuple[Fact, ...]:
    """Return the usual criteria of a choice of technology; `extra` has weight, scale, kind, figure, direction."""
    return facts("technology_criteria")


def tasks() -> tuple[Fact, ...]:
    """Return the 18 tasks of a detailed assessment in order; `extra` has number, step and step names."""
    return facts("tasks")


def options(system: str | None = None) -> tuple[Fact, ...]:
    """Return known CP options, of a system of `systems.csv` or all; low–high is the saving in percent."""
    return tuple(f for f in facts("options") if system is None or f.extra["system"] == system)


def benchmarks(system: str | None = None) -> tuple[Fact, ...]:
    """Return benchmarks of specific consumption; `extra` has poor, average, good, best, unit_code, higher_is_better."""
    return tuple(f for f in facts("benchmarks") if system is None or f.extra["system"] == system)


def norms(on: date, sector: str | None = None) -> tuple[Fact, ...]:
    """Return the energy norms of circulars in force on that day."""
    return tuple(f for f in facts("norms", on) if sector is None or f.extra["sector"] == sector)


def limits(on: date, medium: str | None = None) -> tuple[Fact, ...]:
    """Return the discharge limits (QCVN) in force on that day, for "wastewater", "air" or both."""
    return tuple(f for f in facts("limits", on) if medium is None or f.extra["medium"] == medium)


def bodies(on: date, level: str | None = None) -> tuple[Fact, ...]:
    """Return the public bodies as they were called on that day; `extra` has abbreviation, level, province_code."""
    return tuple(f for f in facts("bodies", on) if level is None or f.extra["level"] == level)


def body(code: str, on: date) -> Fact:
    """Return a public body as it was called on that day."""
    return fact(f"bodies.{code}", on)


def waste_groups() -> tuple[Fact, ...]:
    """Return the groups of waste."""
    return facts("waste_groups")


def licence_groups() -> tuple[Fact, ...]:
    """Return the groups I to IV of the environmental law."""
    return facts("licence_groups")


def investment_classes() -> tuple[Fact, ...]:
    """Return the classes of investment with their bounds in VND."""
    return facts("investment_classes")


def threshold(code: str, on: date) -> Fact:
    """Return a threshold, such as "key_energy_user.industry"."""
    return fact(f"thresholds.{code}", on)
