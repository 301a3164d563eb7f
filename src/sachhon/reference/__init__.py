"""The ground floor: facts with unit, source and validity, found by code and date.

Everything that could change by decree or be looked up in a book is a row of `data/`; this package only finds
it.  It imports nothing of the rest of the project, and it is quick to import (pint is loaded when asked for).
"""

from .areas import Area, all_areas, area, areas, province, successor, successors
from .catalogue import (
    benchmarks,
    bodies,
    body,
    investment_classes,
    licence_groups,
    limits,
    norms,
    not_cp_kinds,
    option_groups,
    options,
    tasks,
    threshold,
    waste_groups,
)
from .cp_rule import not_cp_kind
from .deadlines import deadline, reminder_offsets
from .describe import confidence_label, describe, source_in
from .facts import CONFIDENCES, Fact, FactNotFound, fact, facts, tables
from .numbers import UNKNOWN, format_number, format_quantity, in_language, sensible_decimals
from .plans import JudgingRule, Plan, Target, judging_rule, judging_rules, plan_in_force, plans, targets
from .resources import (
    Resource,
    co2_factor,
    find_resource,
    reference_price,
    resource,
    resources,
    toe_factor,
)
from .sectors import Sector, Trade, trade, trade_of_vsic, trades, vsic, vsic_path
from .sizes import Size, SizeRule, size_class, size_rules
from .taxcode import check_digit, normalise_tax_code, valid_tax_code
from .text import decode_tcvn3, fold, looks_tcvn3
from .units import (
    Unit,
    UnitError,
    bridge_fact,
    convert,
    dimension,
    normalise_unit,
    pint_registry,
    split_period,
    unit_factor,
    unit_label,
    units,
)

__all__ = [
    "CONFIDENCES", "UNKNOWN", "Area", "Fact", "FactNotFound", "JudgingRule", "Plan", "Resource", "Sector", "Size", 
    "SizeRule", "Target", "Trade", "Unit", "UnitError", "all_areas", "area", "areas", "benchmarks", "bodies",
    "body", "bridge_fact",
    "check_digit", "co2_factor", "confidence_label", "convert", "deadline", "decode_tcvn3", "describe", "dimension",
    "fact", "facts", "find_resource", "fold", "format_number", "format_quantity", "in_language", "investment_classes",
    "judging_rule",
    "judging_rules", "licence_groups", "limits", "looks_tcvn3", "normalise_tax_code", "normalise_unit", "norms",
    "not_cp_kind", "not_cp_kinds", "option_groups", "options", "pint_registry", "plan_in_force", "plans", "province",
    "reference_price", "reminder_offsets", "resource", "resources", "sensible_decimals", "size_class", "size_rules",
    "source_in", "split_period", "successor", "successors", "tables", "targets", "tasks", "threshold", "toe_factor",
    "trade", "trade_of_vsic", "trades", "unit_factor", "unit_label", "units", "valid_tax_code", "vsic", "vsic_path",
    "waste_groups",
]  # fmt: skip
