"""The kinds of rows that are edited together, each by its name, and the letter their codes begin with."""

from sachhon.apps.assessment.models.flow import (
    Cause,
    Layer,
    Measurement,
    Process,
    StockLevel,
    Stream,
    TransferShare,
)
from sachhon.apps.assessment.models.start import Charter, Meter, PlanTask

ROWS = {
    "process": Process,
    "stream": Stream,
    "layer": Layer,
    "measurement": Measurement,
    "stock": StockLevel,
    "share": TransferShare,
    "cause": Cause,
    "charter": Charter,
    "meter": Meter,
    "task": PlanTask,
}
LETTERS = {
    "process": "P",
    "stream": "S",
    "layer": "L",
    "measurement": "M",
    "stock": "K",
    "share": "H",
    "cause": "C",
    "charter": "A",
    "meter": "D",
    "task": "T",
}
