"""Keeps threads free for reading while files come in over slow lines.

A request with a body holds its thread until the last byte has come, and nothing can hurry a sender: as many
slow ones as there are threads would stop the whole site. Only `most` of them are let in at once; one more is
asked to try again. A web server in front that takes in bodies by itself (nginx does) makes this idle.
"""

import threading
from collections.abc import Callable, Iterable
from typing import Any

BUSY = (
    "Máy chủ đang nhận nhiều tệp cùng lúc. Chưa có gì được lưu; hãy quay lại và gửi lại sau một phút. / "
    "The server is taking in many files at once. Nothing was saved; go back and send again in a minute."
)


class BodyGate:
    """A WSGI application in front of another that lets `most` requests with a body in at once."""

    def __init__(self, application: Callable, most: int):
        self._application = application
        self._free = threading.BoundedSemaphore(most)

    def __call__(self, environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        if not _has_body(environ):
            return self._application(environ, start_response)
        if not self._free.acquire(blocking=False):
            headers = [("Content-Type", "text/plain; charset=utf-8"), ("Retry-After", "60")]
            start_response("503 Service Unavailable", headers)
            return [BUSY.encode()]
        try:
            # Django answers when it has read all it wants of the body; the answer itself needs no place.
            return self._application(environ, start_response)
        finally:
            self._free.release()


def _has_body(environ: dict[str, Any]) -> bool:
    length = environ.get("CONTENT_LENGTH") or "0"
    return length != "0" or "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower()
