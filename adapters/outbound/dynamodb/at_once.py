"""Many calls at the same time, but not too many."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from application.faults import StoreBroken, Unavailable

T = TypeVar("T")

AT_ONCE = 32
"""Devices that are read or written at the same time."""


async def each(calls: Sequence[Callable[[], Awaitable[T]]]) -> list[T]:
    """Their results in order. Every call that is begun comes to its end before a failure is raised;
    what is broken is raised rather than what is merely unavailable. After one that is unavailable
    no other is begun: each would take as long to find out.
    """
    if len(calls) == 1:
        return [await calls[0]()]
    gate = asyncio.Semaphore(AT_ONCE)
    found_out: list[Unavailable] = []

    async def one(call: Callable[[], Awaitable[T]]) -> T:
        async with gate:
            if found_out:
                raise found_out[0]
            try:
                return await call()
            except Unavailable as error:
                found_out.append(error)
                raise

    results = await asyncio.gather(*(one(call) for call in calls), return_exceptions=True)
    failures = [result for result in results if isinstance(result, BaseException)]
    if failures:
        raise next((one for one in failures if isinstance(one, StoreBroken)), failures[0])
    return [result for result in results if not isinstance(result, BaseException)]
