"""Rows of a province's facilities as CSV that the database writes itself, for `sachhon.warehouse.text`.

PostgreSQL writes by COPY. SQLite writes by printf, some hundred facilities at a time, whose rows its indexes
serve in order.

Not here: which rows (`record_facts`, `saving_facts`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
from django.db import connection

FACILITIES_AT_ONCE = 400
TEXT_AT_ONCE = 4_000_000  # bytes, some eighty thousand records


@dataclass(frozen=True)
class TextQuery:
    """What is asked of the facilities `f` that are the province's and not merged into others.

    columns : the SQL of each column; schema : its type, and whether it may be null.
    joined, where : further tables, and the condition on them.
    """

    columns: Mapping[str, str]
    schema: pa.Schema
    joined: str
    where: str

    @property
    def source(self) -> str:
        return (
            f" FROM registry_facility f {self.joined}"
            f" WHERE f.province_code = %s AND f.merged_into_id IS NULL AND {self.where}"
        )


def texts(query: TextQuery, province: str, facilities: Sequence[int], params: Sequence) -> Iterator[bytes]:
    """The rows of `province`, a part at a time; `facilities`: the keys of all its facilities, in order."""
    if connection.vendor == "postgresql":
        return _copied(query, [province, *params])
    return _printed(query, [province, *params], facilities)


def _printed(query: TextQuery, params: list, facilities: Sequence[int]) -> Iterator[bytes]:
    printed = [_format(query.schema.field(name), value) for name, value in query.columns.items()]
    formats, values = zip(*printed, strict=True)
    line = f"printf('{','.join(formats)}', {', '.join(values)})"
    sql = f"SELECT group_concat({line}, char(10)) {query.source} AND f.id BETWEEN %s AND %s"
    for start in range(0, len(facilities), FACILITIES_AT_ONCE):
        block = facilities[start : start + FACILITIES_AT_ONCE]
        with connection.cursor() as cursor:
            cursor.execute(sql, [*params, block[0], block[-1]])
            (text,) = cursor.fetchone()
        if text is not None:
            yield text.encode()


def _format(field: pa.Field, value: str) -> tuple[str, str]:
    """How SQLite prints a value (each % doubled for Django), and the value; null becomes nothing."""
    if pa.types.is_string(field.type):
        return '"%%w"', value
    if not pa.types.is_decimal(field.type):
        return "%%s", value
    digits = f"%%.{field.type.scale}f"
    return (
        ("%%s", f"iif({value} IS NULL, '', printf('{digits}', {value}))")
        if field.nullable
        else (digits, value)
    )


def _copied(query: TextQuery, params: list) -> Iterator[bytes]:
    waiting, size = [], 0
    sql = f"COPY (SELECT {', '.join(query.columns.values())} {query.source}) TO STDOUT (FORMAT csv)"
    with connection.cursor() as cursor, cursor.cursor.copy(sql, params) as lines:
        for line in lines:
            waiting.append(bytes(line))
            size += len(line)
            if size >= TEXT_AT_ONCE:
                yield b"".join(waiting)
                waiting, size = [], 0
    if waiting:
        yield b"".join(waiting)
