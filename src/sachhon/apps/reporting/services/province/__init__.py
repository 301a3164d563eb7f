"""The province's figures of a year and its official report: refreshed, drafted, checked, issued, compared."""

from sachhon.apps.reporting.services.province.checking import Caution, check
from sachhon.apps.reporting.services.province.comparing import Difference, compare
from sachhon.apps.reporting.services.province.errors import (
    AlreadyIssued,
    NotComputed,
    NotIssued,
    ProvinceError,
)
from sachhon.apps.reporting.services.province.issuing import (
    draft,
    issue,
    report_to_folder,
    write_texts,
)
from sachhon.apps.reporting.services.province.preview import preview
from sachhon.apps.reporting.services.province.queueing import ask_issue, is_issuing
from sachhon.apps.reporting.services.province.reading import report_data
from sachhon.apps.reporting.services.province.refreshing import ask_refresh, refresh, refresh_later

__all__ = [
    "AlreadyIssued",
    "Caution",
    "Difference",
    "NotComputed",
    "NotIssued",
    "ProvinceError",
    "ask_issue",
    "ask_refresh",
    "check",
    "compare",
    "draft",
    "is_issuing",
    "issue",
    "preview",
    "refresh",
    "refresh_later",
    "report_data",
    "report_to_folder",
    "write_texts",
]
