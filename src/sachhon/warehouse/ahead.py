"""Work done in a second thread while the next thing is fetched.

For work that leaves the interpreter free, as Arrow's and a database's does: reading a store and writing
Parquet then take as long as the slower of the two, on two cores. The source is asked in the caller's thread,
where its database connection is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_WAITING = 2  # results at most in memory beside the one being fetched


def ahead(work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """`work(item)` for each of `items`, in their order."""
    waiting: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(1) as thread:
        for item in items:
            waiting.append(thread.submit(work, item))
            if len(waiting) > _WAITING:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
