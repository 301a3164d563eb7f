"""Queries on an SQLite file, answered in Arrow columns by a process of its own.

A Python object a cell costs more than all the rest where there are millions of rows; ADBC, Apache Arrow's
driver, fills columns instead. It must not do so in this process: it brings a copy of SQLite, and two copies
that have one file open in a process drop each other's locks (https://www.sqlite.org/howtocorrupt.html, 2.2.1).
Beside that, the other process reads on a second core.

Each query is one consistent reading of what was committed when it began; a transaction that is still open
in this process is not seen.

Not here: the queries (the apps own them).
"""

from __future__ import annotations

import fcntl
import json
import struct
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any

import pyarrow as pa

from sachhon.warehouse.snapshot import BadFacts, WarehouseError

BATCH_ROWS = 65_536
_PATIENCE_MS = 30_000
_PIPE_BYTES = 1 << 20  # what Linux allows everybody


class SqliteReader:
    """The process that reads `file`, started at once and ended by `close` or `with`."""

    def __init__(self, file: Path | str) -> None:
        command = [sys.executable, "-m", __name__, Path(file).resolve().as_uri()]
        self._answering = Lock()
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - our own module
        _widen(self._process.stdout)

    def batches(
        self, sql: str, params: Sequence[int | str], schema: pa.Schema, named: str
    ) -> Iterator[pa.RecordBatch]:
        """The rows of one query, whose parameters are ?. Another thread's query waits until they are read to their end.

        A decimal has to come as REAL: its 15 digits are taken exactly. `BadFacts` for what does not fit `schema`,
        naming the table; `WarehouseError` where the query cannot be answered.
        """
        asked, answer = self._process.stdin, self._process.stdout
        assert asked is not None
        assert answer is not None
        # The driver takes the type of a column from its first values, which may all be null: so a row of ours leads.
        leading = ", ".join(f'{_example(field.type)} AS "{field.name}"' for field in schema)
        self._answering.acquire()
        try:
            asked.write(json.dumps([f"SELECT {leading} UNION ALL {sql}", list(params)]).encode() + b"\n")
            asked.flush()
            with pa.ipc.open_stream(answer) as stream:
                skipped = 1
                for batch in stream:
                    yield _fitted(batch.slice(skipped), schema, named)
                    skipped = 0
        except (pa.ArrowException, OSError) as error:
            raise WarehouseError("the store could not be read; the log tells what the reader met.") from error
        finally:
            self._answering.release()

    def close(self) -> None:
        """End the process, also in the middle of an answer."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.wait()

    def __enter__(self) -> SqliteReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _widen(pipe: Any) -> None:
    """Room for more of the answer: at each piece its reader waits until another thread lets go of the interpreter,
    and pieces of 64 kB are three thousand for a province. Where the system gives no more, it goes as slowly as before.
    """
    with suppress(AttributeError, OSError):
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def _example(kind: pa.DataType) -> str:
    if pa.types.is_integer(kind):
        return "0"
    return "0.0" if pa.types.is_decimal(kind) else "''"


def _fitted(batch: pa.RecordBatch, schema: pa.Schema, named: str) -> pa.RecordBatch:
    try:
        columns = [column.cast(field.type) for column, field in zip(batch.columns, schema, strict=True)]
    except pa.ArrowInvalid as error:
        raise BadFacts(f"{named}: what the store holds cannot be read: {error}") from error
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _serve(uri: str) -> None:
    """The process: a line of JSON asks on standard input, an Arrow stream answers on standard output."""
    import adbc_driver_sqlite
    from adbc_driver_manager import AdbcConnection

    with adbc_driver_sqlite.connect(f"{uri}?mode=ro") as database, AdbcConnection(database) as connection:
        with _answer(connection, f"PRAGMA busy_timeout = {_PATIENCE_MS}", []):
            pass
        for line in sys.stdin.buffer:
            with (
                _answer(connection, *json.loads(line)) as answer,
                pa.ipc.new_stream(sys.stdout.buffer, answer.schema) as stream,
            ):
                for batch in answer:
                    stream.write_batch(batch)
            sys.stdout.buffer.flush()


@contextmanager
def _answer(connection: Any, sql: str, params: Sequence[int | str]) -> Iterator[pa.RecordBatchReader]:
    from adbc_driver_manager import AdbcStatement
    from adbc_driver_sqlite import StatementOptions

    with AdbcStatement(connection) as statement:
        statement.set_options(**{StatementOptions.BATCH_ROWS.value: str(BATCH_ROWS)})
        statement.set_sql_query(sql)
        if params:
            values = [_array_of(value) for value in params]
            statement.bind(pa.record_batch(values, [str(place) for place in range(len(params))]))
        found, _count = statement.execute_query()
        with pa.RecordBatchReader.from_stream(found) as answer:
            yield answer


def _array_of(value: int | str) -> pa.Array:
    """One value by its bytes: pa.array looks for pandas at its first use, which takes seconds where it is there."""
    if isinstance(value, int):
        number = value.to_bytes(8, sys.byteorder, signed=True)
        return pa.Array.from_buffers(pa.int64(), 1, [None, pa.py_buffer(number)])
    text = value.encode()
    places = struct.pack("=ii", 0, len(text))
    return pa.Array.from_buffers(pa.string(), 1, [None, pa.py_buffer(places), pa.py_buffer(text)])


if __name__ == "__main__":
    with suppress(BrokenPipeError):  # nobody reads on
        _serve(sys.argv[1])
