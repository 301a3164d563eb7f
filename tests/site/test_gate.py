"""Slow senders never take the threads that pages are read with."""

import threading

import pytest

from sachhon.site.gate import BodyGate
from sachhon.site.server import THREADS, WITH_BODY


class Site:
    """An application that waits for the body of a request until it is told that it came."""

    def __init__(self):
        self.came, self.waiting = threading.Event(), threading.Semaphore(0)

    def __call__(self, environ, start_response):
        if environ["REQUEST_METHOD"] == "POST":
            self.waiting.release()
            assert self.came.wait(20)
        start_response("200 OK", [])
        return [b"ok"]


def ask(gate, method="GET", **environ):
    answered = []
    gate(
        {"REQUEST_METHOD": method, **environ},
        lambda status, headers: answered.append((status, dict(headers))),
    )
    return answered[0]


def test_pages_are_read_while_slow_senders_hold_all_their_places():
    site = Site()
    gate = BodyGate(site, most=3)
    senders = [
        threading.Thread(target=ask, args=(gate, "POST"), kwargs={"CONTENT_LENGTH": "9"}) for _ in range(3)
    ]
    for sender in senders:
        sender.start()
    for _ in senders:
        assert site.waiting.acquire(timeout=20)
    assert ask(gate)[0] == "200 OK"
    status, headers = ask(gate, "POST", CONTENT_LENGTH="9")
    assert (status, headers["Retry-After"]) == ("503 Service Unavailable", "60")
    assert ask(gate, "POST", HTTP_TRANSFER_ENCODING="chunked")[0].startswith("503")
    site.came.set()
    for sender in senders:
        sender.join(20)
    assert ask(gate, "POST", CONTENT_LENGTH="9")[0] == "200 OK"


def test_a_place_is_given_back_when_the_site_fails():
    def broken(environ, start_response):
        raise OSError("the sender went away")

    gate = BodyGate(broken, most=1)
    for _ in range(3):
        with pytest.raises(OSError, match="went away"):
            ask(gate, "POST", CONTENT_LENGTH="9")


def test_some_threads_are_always_left_for_pages():
    assert 0 < WITH_BODY < THREADS
