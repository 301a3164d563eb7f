"""What can go wrong with the province's report, each with what the person can do."""


class ProvinceError(Exception):
    """A step with the province's report was refused; the message says why and what to do."""


class NotComputed(ProvinceError):
    """There are no figures yet to write a report from."""


class AlreadyIssued(ProvinceError):
    """The report was issued before; a correction is a new issue."""


class NotIssued(ProvinceError):
    """The documents could not be written; nothing was issued."""
