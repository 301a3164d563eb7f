"""Ends a serving process that was asked to end, also when its server missed the call.

Now and then (about once in three hundred stops) granian's worker is left waiting although SIGTERM reached it:
the wake-up of its accepting threads is lost, and only the kill after `SECONDS_TO_END` frees the port. Asking
again is no cure, a second SIGTERM while a request runs brings granian to a standstill. So the process itself
listens beside granian: when the signal has come, no request is under way and granian has had its time, it ends.
"""

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

SECONDS_FOR_THE_SERVER = 8.0  # a slow line gets so long for the last answers; then the process goes by itself


class Leaving:
    """A WSGI application in front of another that knows how many requests are under way."""

    def __init__(self, application: Callable, seconds: float = SECONDS_FOR_THE_SERVER):
        self._application = application
        self._seconds = seconds
        self._lock = threading.Lock()
        self._under_way = 0

    def __call__(self, environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        self._count(1)
        try:
            return _Answer(self._application(environ, start_response), self._count)
        except BaseException:
            self._count(-1)
            raise

    def _count(self, change: int) -> None:
        with self._lock:
            self._under_way += change

    def watch(self) -> "Leaving":
        """Listens for SIGTERM and SIGINT from now on; only from the main thread, as Python asks of signals.

        The wake-up descriptor is written by the C handler, in whatever thread the signal came and whether or
        not the handler in Python ever runs: nothing between the two can lose it.
        """
        ours, theirs = socket.socketpair()
        theirs.setblocking(False)
        signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
        threading.Thread(
            target=self._end_when_asked, args=(ours, theirs), daemon=True, name="leaving"
        ).start()
        return self

    def _end_when_asked(self, ours: socket.socket, _kept_open: socket.socket) -> None:
        while not {signal.SIGTERM, signal.SIGINT} & set(ours.recv(64)):
            pass
        time.sleep(self._seconds)
        while self._under_way:
            time.sleep(0.1)
        os._exit(0)


class _Answer:
    """The body of an answer; the request is under way until the server closes it."""

    def __init__(self, body: Iterable[bytes], count: Callable[[int], None]):
        self._body, self._count, self._open = body, count, True

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._body)

    def close(self) -> None:
        try:
            getattr(self._body, "close", lambda: None)()
        finally:
            if self._open:
                self._open = False
                self._count(-1)
