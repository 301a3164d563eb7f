"""One filter of a list as includes/filters.html shows it: a chip whose choice stands in the address."""

from collections.abc import Iterable


def chip(name: str, label, value: str, options: Iterable[tuple]) -> dict:
    """The filter `name`; `value` is what the address says now, "" for none. A value that is no option is shown
    as it is, so that it can be seen and taken away.
    """
    options = list(options)
    shown = {str(code): words for code, words in options}.get(str(value), value)
    return {"name": name, "label": label, "value": value, "shown": shown, "options": options}
