"""What a table is: a list of invoices, or a book that the factory keeps. Its own words say it, else its columns.

Not here: meters read directly (`read_meter`, `read_interval`), forms filled in (`forms`), estimates (`readings`).
"""

from __future__ import annotations

from collections.abc import Iterable

from sachhon.reference.resources import resource as resource_of
from sachhon.workbooks.profile import Located, MappingProfile, Role
from sachhon.workbooks.readings import Source
from sachhon.workbooks.vocabulary import has_word, words_of

STOCK: frozenset[Role] = frozenset({"in", "out", "stock", "stock_open"})
BY_UTILITIES = frozenset({"electricity", "water", "heat"})  # kinds that are bought by bill alone


def source_of_table(located: Located, profile: MappingProfile, file_name: str) -> Source | None:
    """ "invoice" or "ledger", by what the table is called; else by its columns: a stock book is a ledger, a column of
    invoice numbers or of periods from–to is of bills. None where that depends on what is bought (`source_of`)."""
    table, sheet = located.table, located.sheet
    named = _named((*table.titles, sheet.name, file_name.replace("_", " ").replace("-", " ")))
    if named is not None:
        return named
    roles = {column.role for column in located.columns.values()}
    if roles & STOCK:
        return "ledger"
    if _named(table.headers) == "invoice" or profile.kind == "bills":
        return "invoice"
    return None if "cost" in roles else "ledger"


def source_of(resource: str | None) -> Source:
    """Of a figure with money in a table that does not say what it is: power, water and heat are billed; coal or
    wood with its worth beside it stands in a book as often, and is not called an invoice."""
    kind = resource_of(resource).kind if resource else ""
    return "invoice" if kind in BY_UTILITIES else "ledger"


def _named(texts: Iterable[str]) -> Source | None:
    """By the first text that says it; "sổ theo dõi hóa đơn" is a list of invoices."""
    for text in texts:
        if has_word(text, words_of("invoice")):
            return "invoice"
        if has_word(text, words_of("ledger")):
            return "ledger"
    return None
