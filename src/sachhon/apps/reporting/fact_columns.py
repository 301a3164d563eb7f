"""Rows of a province's facilities in columns, by the way that is quickest with the database at hand.

PostgreSQL writes CSV by COPY. SQLite's file is read by a process of its own (`warehouse.sqlite_reader`), which
pays from some hundred facilities on and sees only what is committed: few facilities, and what an open transaction
has written, are read through Django's cursor.

Not here: which rows (`record_facts`, `saving_facts`).
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import pyarrow as pa
from django.db import connection

from sachhon.apps.registry.models import Facility
from sachhon.warehouse.batches import batches
from sachhon.warehouse.sqlite_reader import SqliteReader
from sachhon.warehouse.text import text_batch

FEW = 300  # facilities whose records a cursor reads sooner than a process starts
TEXT_AT_ONCE = 4_000_000  # bytes, some eighty thousand records


@dataclass(frozen=True)
class FactQuery:
    """What is asked of the facilities `f` that are the province's and not merged into others.

    table : of the warehouse, for what is said in an error; columns : the SQL of each column; schema : its type, and
    whether it may be null; joined, where : further tables, and the condition on them.
    """

    table: str
    columns: Mapping[str, str]
    schema: pa.Schema
    joined: str
    where: str

    def sql(self, *, decimals: str = "{}") -> str:
        """The query; `decimals` says how a decimal is written."""
        values = [
            decimals.format(value) if pa.types.is_decimal(self.schema.field(name).type) else value
            for name, value in self.columns.items()
        ]
        return (
            f"SELECT {', '.join(values)} FROM registry_facility f {self.joined}"  # noqa: S608 - our own constants
            f" WHERE f.province_code = %s AND f.merged_into_id IS NULL AND {self.where}"
        )


def coded(column: str, words: Sequence[str]) -> str:
    """SQL of the place that the word in `column` has among `words`; null for any other."""
    cases = " ".join(f"WHEN '{word}' THEN {place}" for place, word in enumerate(words))
    return f"CASE {column} {cases} END"


class FactReader:
    """Answers the queries of one publication; used with `with`."""

    def __init__(self, province: str) -> None:
        self.province = province
        self._open = ExitStack()
        self._reader = (
            self._open.enter_context(SqliteReader(connection.settings_dict["NAME"]))
            if connection.vendor == "sqlite" and not connection.in_atomic_block and _many(province)
            else None
        )

    @property
    def apart(self) -> bool:
        """Whether any thread may read: it is not done on the database connection of this one."""
        return self._reader is not None

    def read(self, query: FactQuery, params: Sequence[int]) -> Iterator[pa.RecordBatch]:
        """The rows of the province, a part at a time."""
        values = [self.province, *params]
        if connection.vendor == "postgresql":
            return _copied(query, values)
        sql = query.sql(decimals="CAST({} AS REAL)")
        if self._reader is None:
            return _fetched(query, sql, values)
        return self._reader.batches(sql.replace("%s", "?"), values, query.schema, query.table)

    def __enter__(self) -> "FactReader":
        return self

    def __exit__(self, *_error: object) -> None:
        self._open.close()


def _many(province: str) -> bool:
    return Facility.objects.filter(province_code=province)[: FEW + 1].count() > FEW


def _fetched(query: FactQuery, sql: str, params: list) -> Iterator[pa.RecordBatch]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        yield from batches(query.table, cursor, schema=query.schema)


def _copied(query: FactQuery, params: list) -> Iterator[pa.RecordBatch]:
    waiting, size = [], 0
    with (
        connection.cursor() as cursor,
        cursor.cursor.copy(f"COPY ({query.sql()}) TO STDOUT (FORMAT csv)", params) as lines,
    ):
        for line in lines:
            waiting.append(bytes(line))
            size += len(line)
            if size >= TEXT_AT_ONCE:
                yield text_batch(b"".join(waiting), query.schema, query.table)
                waiting, size = [], 0
    if waiting:
        yield text_batch(b"".join(waiting), query.schema, query.table)
