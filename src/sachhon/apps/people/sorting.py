"""Lists in the order a person asks for by a column's head ("name", or "-name" for the other way round).

What is not known comes last either way. Long lists are ordered by the database (`ordered`), short ones by their
words without tone marks (`in_order`), since the database knows no Vietnamese order.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django.db.models import F, QuerySet

T = TypeVar("T")


def ordered(rows: QuerySet, sort: str, fields: Mapping[str, Sequence[str]], usual: Sequence[str]) -> QuerySet:
    """The rows by the fields of a key of `fields`, the first of them the way asked for; else by `usual`."""
    found = fields.get(sort.removeprefix("-"))
    if not found:
        return rows.order_by(*usual)
    first = F(found[0])
    first = first.desc(nulls_last=True) if sort.startswith("-") else first.asc(nulls_last=True)
    return rows.order_by(first, *found[1:], *usual)


def in_order(rows: Iterable[T], sort: str, keys: Mapping[str, Callable[[T], Any]]) -> list[T]:
    """The rows by what `keys` says of each; as they came where the key is none of them."""
    found, key = list(rows), keys.get(sort.removeprefix("-"))
    if key is None:
        return found
    known = [row for row in found if key(row) not in (None, "")]
    known.sort(key=key, reverse=sort.startswith("-"))
    return known + [row for row in found if key(row) in (None, "")]
