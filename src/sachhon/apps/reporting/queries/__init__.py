"""Every read of the reporting room, a module an idea; every list starts from `visible_to`."""

from sachhon.apps.reporting.queries.findings import finding_text, open_findings

__all__ = ["finding_text", "open_findings"]
