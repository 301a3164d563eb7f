"""What a person is told when something asked of a report cannot be done."""


class ReportError(Exception):
    """It cannot be done; `str()` says why and what to do, in the language of the page."""


class NotYours(ReportError):
    """The report is not one this person may write."""


class NotEditable(ReportError):
    """The report was sent or accepted and is not written any more."""


class YearNotOpen(ReportError):
    """No report is made for that year."""


class LineTwice(ReportError):
    """The product or resource has a line already."""
