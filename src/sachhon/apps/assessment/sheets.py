"""The feasibility sheets of an option: what each asks, in order. Forms, pages and the report all read this.

The answers stand in `Option.economic`, `technical`, `environmental` under these names; a field that nobody
answered is not there. Defaults of the economic sheet are facts (`finance` of the reference).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Kind = Literal["money", "percent", "whole", "text", "choice", "number"]


@dataclass(frozen=True)
class Asked:
    """One question of a sheet. `fact`: where its default comes from."""

    name: str
    label: str | Promise
    kind: Kind
    unit: str | Promise = ""
    choices: Sequence[tuple[str, str | Promise]] = ()
    help: str | Promise = ""
    fact: str = ""


VND = _("dong")
A_YEAR = _("dong a year")
YEARS = _("years")

INVESTMENT = (
    Asked("investment_low", _("Investment at least"), "money", VND),
    Asked("investment_likely", _("Investment, most likely"), "money", VND),
    Asked("investment_high", _("Investment at most"), "money", VND),
)
ECONOMIC = (
    *INVESTMENT,
    Asked("running_vnd", _("Running cost added"), "money", A_YEAR),
    Asked(
        "other_gain_vnd",
        _("Other gain"),
        "money",
        A_YEAR,
        help=_("Fees and charges no longer paid, by-product sold."),
    ),
    Asked("life_years", _("Life"), "whole", YEARS, fact="finance.option_life"),
    Asked("grant_vnd", _("Grant"), "money", VND),
    Asked("loan_share_pct", _("Part that is borrowed"), "percent", "%"),
    Asked("loan_rate_pct", _("Loan rate"), "percent", "%", fact="finance.loan_rate"),
    Asked("loan_years", _("Loan runs"), "whole", YEARS),
    Asked("loan_grace", _("Years without repayment"), "whole", YEARS),
    Asked("discount_pct", _("Discount rate (nominal)"), "percent", "%", fact="finance.discount_rate"),
    Asked("inflation_pct", _("Inflation"), "percent", "%", fact="finance.inflation"),
    Asked("tax_pct", _("Tax on profit"), "percent", "%", fact="finance.income_tax"),
    Asked(
        "depreciation_years",
        _("Depreciated over"),
        "whole",
        YEARS,
        help=_("Empty: evenly over its life; 0: depreciation is not deducted from taxed profit."),
    ),
)

VERDICTS = (
    ("yes", _("Feasible")),
    ("conditions", _("Feasible with conditions")),
    ("no", _("Not feasible")),
)
TECHNICAL = (
    Asked("verdict", _("Technically"), "choice", choices=VERDICTS),
    Asked("conditions", _("Conditions"), "text"),
    Asked("space", _("Space, foundation, connections"), "text"),
    Asked("supplier", _("Supplier, spare parts"), "text"),
    Asked("skills", _("People and training"), "text"),
    Asked("downtime_days", _("Production stopped"), "number", _("days")),
    Asked("quality", _("Effect on the product"), "text"),
    Asked("safety", _("Effect on safety"), "text"),
)
EFFECTS = (("better", _("Better")), ("same", _("No change")), ("worse", _("Worse")))
ENVIRONMENTAL = (
    Asked("verdict", _("For the environment"), "choice", choices=VERDICTS),
    Asked("air", _("Air"), "choice", choices=EFFECTS),
    Asked("water", _("Water and wastewater"), "choice", choices=EFFECTS),
    Asked("waste", _("Solid and hazardous waste"), "choice", choices=EFFECTS),
    Asked("noise", _("Noise, dust, heat at work"), "choice", choices=EFFECTS),
    Asked("hazard", _("Hazardous substances"), "choice", choices=EFFECTS),
    Asked("note", _("What changes, and how it was judged"), "text"),
)

SHEETS: dict[str, tuple[Asked, ...]] = {
    "economic": ECONOMIC,
    "technical": TECHNICAL,
    "environmental": ENVIRONMENTAL,
}
