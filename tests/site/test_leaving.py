"""A serving process asked to end goes when its last request is answered, whatever its server missed."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from sachhon.site.leaving import Leaving

# A server whose handler loses the call, as granian's does now and then, and a request of 2 seconds.
DEAF = """
import signal, sys, threading, time
from sachhon.site.leaving import Leaving

def site(environ, start_response):
    time.sleep(2)
    start_response("200 OK", [])
    return [b"the whole answer"]

def request(application):
    answer = application({}, lambda status, headers: None)
    print(b"".join(answer).decode(), flush=True)
    answer.close()

signal.signal(signal.SIGTERM, lambda *_: None)
application = Leaving(site, seconds=0.2).watch()
if "busy" in sys.argv:
    threading.Thread(target=request, args=(application,), daemon=True).start()
    time.sleep(0.3)
print("ready", flush=True)
threading.Event().wait()
"""


def deaf_server(*words) -> subprocess.Popen:
    server = subprocess.Popen([sys.executable, "-c", DEAF, *words], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    assert server.stdout.readline() == "ready\n"
    return server


def test_a_deaf_server_ends_when_asked():
    server = deaf_server()
    server.terminate()
    assert server.wait(timeout=30) == 0


def test_the_request_under_way_is_answered_first():
    server = deaf_server("busy")
    server.terminate()
    rest, _ = server.communicate(timeout=30)
    assert rest == "the whole answer\n"
    assert server.returncode == 0


def test_another_signal_ends_nothing():
    server = deaf_server()
    try:
        os.kill(server.pid, signal.SIGWINCH)
        time.sleep(1)
        assert server.poll() is None
    finally:
        server.kill()
        server.wait()


def test_a_request_that_fails_is_not_under_way_for_ever():
    def site(environ, start_response):
        raise RuntimeError("no")

    leaving = Leaving(site)
    for _ in range(3):
        with pytest.raises(RuntimeError):
            leaving({}, lambda *_: None)
    assert leaving._under_way == 0


def test_an_answer_counts_until_it_is_closed_and_once():
    closed = threading.Event()

    class Body(list):
        def close(self):
            closed.set()

    leaving = Leaving(lambda environ, start_response: Body([b"a", b"b"]))
    answer = leaving({}, lambda *_: None)
    assert b"".join(answer) == b"ab"
    assert leaving._under_way == 1
    answer.close()
    answer.close()
    assert closed.is_set()
    assert leaving._under_way == 0
