"""Waiting for something to become so: bounded, and with words when it does not."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

_EVERY_S = 0.02


def until(
    look: Callable[[], T],
    what: str,
    timeout_s: float = 20.0,
    also: Callable[[], str] = lambda: "",
) -> T:
    """The first result of `look` that is true; fails with the last one after `timeout_s`.

    `also` adds to the message of the failure, the tail of a log for example.
    """
    deadline = time.monotonic() + timeout_s
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {timeout_s:g} s, last {found!r}\n{also()}")
        time.sleep(_EVERY_S)
