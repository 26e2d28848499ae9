"""A process on the client's core that carries out one plan after the other."""

import os
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any

import uvloop

from benchmarks.machine import client_core

CarryOut = Callable[[Any], Coroutine[Any, Any, Any]]


@contextmanager
def client_process(carry_out: CarryOut) -> Iterator[Any]:
    """A pipe: what is sent is a plan for `carry_out`, what is received is what that returned."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, carry_out), daemon=True)
    process.start()
    theirs.close()
    try:
        yield ours
        ours.send(None)
        process.join(5)
    finally:
        if process.is_alive():
            process.terminate()
            process.join()


def _serve(pipe: Any, carry_out: CarryOut) -> None:
    os.sched_setaffinity(0, {client_core()})
    while (plan := pipe.recv()) is not None:
        pipe.send(uvloop.run(carry_out(plan)))
