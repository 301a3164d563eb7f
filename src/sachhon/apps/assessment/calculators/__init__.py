"""The equipment calculators an expert uses most, as forms over `science.equipment`.

Each `Calculator` names its inputs with unit and help, and chains functions of science into one sheet whose last
step is the saving a year. Nothing is computed here but by science.
"""

from sachhon.apps.assessment.calculators.base import Calculator, Field, Outcome, run
from sachhon.apps.assessment.calculators.electricity import ELECTRICITY
from sachhon.apps.assessment.calculators.heat import HEAT
from sachhon.apps.assessment.calculators.water import WATER

CALCULATORS: dict[str, Calculator] = {c.code: c for c in (*HEAT, *ELECTRICITY, *WATER)}

__all__ = ["CALCULATORS", "Calculator", "Field", "Outcome", "run"]
