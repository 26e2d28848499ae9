"""A program of the platform, as the composition root hands it over: what is opened, and runs."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Protocol

import attrs

from adapters.inbound.push.gateway import Gateway


class Part(Protocol):
    """Something that has to be opened before use, in the loop in which it is used."""

    async def open(self) -> None: ...

    async def close(self) -> None: ...


class Work(Protocol):
    """Something that goes on beside the answering of calls, until it is cancelled."""

    async def run(self) -> None: ...


class Waking(Protocol):
    """Something that lets calls wait; closing it answers all of them."""

    def close(self) -> None: ...


async def _nothing() -> None:
    """Every call is answered by then, and what it did is durable."""


@attrs.frozen
class Program:
    """`app` is an ASGI application, `gateway` speaks with push agents where there are any.

    `parts` are opened in their order, then `work` is begun.
    At the end those in `waking` are closed; when no call is under way any more `settle` finishes
    what was begun, which takes as long as it takes: it is cut off.
    """

    app: Any
    parts: Sequence[Part]
    work: Sequence[Work]
    settle: Callable[[], Awaitable[None]] = _nothing
    waking: Sequence[Waking] = ()
    gateway: Gateway | None = None


@asynccontextmanager
async def opened_parts(parts: Sequence[Part]) -> AsyncIterator[None]:
    """Opened in their order, closed in the reverse; what was opened is closed if one fails."""
    async with AsyncExitStack() as stack:
        for part in parts:
            await part.open()
            stack.push_async_callback(part.close)
        yield
