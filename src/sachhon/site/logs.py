"""What the log says of a refused page: one line. A traceback there is a fault to be mended, and stays readable so."""

import logging


class RefusalsInOneLine(logging.Filter):
    """Takes the traceback from records of a page answered with 403: a person asked for what is not theirs."""

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", None) == 403:
            record.exc_info = record.exc_text = None
        return True
