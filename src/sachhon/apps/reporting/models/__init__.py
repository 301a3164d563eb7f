"""What the reporting room stores, a module an idea."""

from sachhon.apps.reporting.models.annual import (
    AnnualReport,
    ReportLine,
    ReportNeed,
    ReportRemark,
    ReportSolution,
    ReportState,
)
from sachhon.apps.reporting.models.change import BaselineChange, ReportChange
from sachhon.apps.reporting.models.finding import Finding
from sachhon.apps.reporting.models.province import ProvinceReport, ProvinceRollup
from sachhon.apps.reporting.models.reminder import Reminder
from sachhon.apps.reporting.models.saving import Saving

__all__ = [
    "AnnualReport",
    "BaselineChange",
    "Finding",
    "ProvinceReport",
    "ProvinceRollup",
    "Reminder",
    "ReportChange",
    "ReportLine",
    "ReportNeed",
    "ReportRemark",
    "ReportSolution",
    "ReportState",
    "Saving",
]
