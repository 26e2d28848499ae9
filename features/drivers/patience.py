"""Waiting for what takes its time: often looked at, and never for ever."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

_PAUSE_S = 0.02


def eventually(probe: Callable[[], T], until: Callable[[T], bool], within_s: float = 10.0) -> T:
    """The first value of `probe` that is good. Raises TimeoutError with the last that was not."""
    deadline = time.monotonic() + within_s
    pause = threading.Event()
    while True:
        value = probe()
        if until(value):
            return value
        if time.monotonic() > deadline:
            raise TimeoutError(f"still {value!r} after {within_s:g} s")
        pause.wait(_PAUSE_S)
