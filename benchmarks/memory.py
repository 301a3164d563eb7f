"""Peak memory of a process and of those it starts, from Linux's own account of each (VmHWM in /proc).

Not `ru_maxrss` of the children: in that a child stands with the memory its parent had when it was started.
"""

from __future__ import annotations

import threading
from pathlib import Path

_EVERY_SECONDS = 0.02


class PeakMemory:
    """Follows process `pid` until `mb` is asked; a child that lives shorter than 20 ms may be missed."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._peaks_kb: dict[int, int] = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()

    def mb(self) -> float:
        """The sum of the peaks, whether they came at one time or not."""
        self._ended.set()
        self._thread.join()
        return sum(self._peaks_kb.values()) / 1024

    def _follow(self) -> None:
        while not self._ended.wait(_EVERY_SECONDS):
            for pid in _with_children(self._pid):
                peak = _peak_kb(pid)
                if peak is not None:
                    self._peaks_kb[pid] = peak


def _with_children(pid: int) -> list[int]:
    found, waiting = [], [pid]
    while waiting:
        found.append(waiting.pop())
        for file in Path(f"/proc/{found[-1]}/task").glob("*/children"):
            try:
                waiting += map(int, file.read_text().split())
            except OSError:
                continue  # that thread has ended
    return found


def _peak_kb(pid: int) -> int | None:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return None
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")), None)
