"""What an official document says, before anyone decides how it looks.

The province's report of a year is one `ProvinceReportData`: the reporting app fills it, the writers
(`docx`, `xlsx`, `pdf`, `charts`) print it, and its JSON form (`snapshot`) is what is kept of an issued
report. Nothing here reads a database or formats a number.

Three rules hold for every field:

- Words (names of targets, sectors, resources, bodies …) are already in the language of the document.
- A number has its unit beside it and a `figure_code`, the address of its "Số này từ đâu?"; the `Footnote`
  with the same code says where it comes from.  `None` means *not known* and is printed as "–", never as 0.
- Percentages are percent (45.2), money is whole VND, savings of different states are never added up.
"""

from sachhon.documents.model.official import Footnote, OfficialLetterhead
from sachhon.documents.model.quantities import (
    Breakdown,
    BreakdownKind,
    BreakdownRow,
    Consumption,
    ConsumptionRow,
    SavingFigures,
    SavingRow,
    SavingState,
    SavingTotal,
    SolutionRow,
    Solutions,
)
from sachhon.documents.model.report import Audience, ProvinceReportData, VoiceRow
from sachhon.documents.model.standing import (
    Figure,
    Introduction,
    Plan,
    ReportingRow,
    ReportingStatus,
    SizeCount,
    TargetRow,
    Verdict,
)

__all__ = [
    "Audience",
    "Breakdown",
    "BreakdownKind",
    "BreakdownRow",
    "Consumption",
    "ConsumptionRow",
    "Figure",
    "Footnote",
    "Introduction",
    "OfficialLetterhead",
    "Plan",
    "ProvinceReportData",
    "ReportingRow",
    "ReportingStatus",
    "SavingFigures",
    "SavingRow",
    "SavingState",
    "SavingTotal",
    "SizeCount",
    "SolutionRow",
    "Solutions",
    "TargetRow",
    "Verdict",
    "VoiceRow",
]
