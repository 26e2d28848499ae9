"""What the broker and its driver say when something fails, as what it means here."""

import asyncio
import contextlib
import random
from collections.abc import Iterator

from aiormq.exceptions import (
    AMQPError,
    AuthenticationError,
    ChannelAccessRefused,
    ChannelInvalidStateError,
    ChannelNotFoundEntity,
    ChannelPreconditionFailed,
    ConnectionNotAllowed,
    IncompatibleProtocolError,
    ProbableAuthenticationError,
)

from application.faults import StoreBroken, Unavailable

DRIVER_ERRORS = (AMQPError, ChannelInvalidStateError, OSError, TimeoutError, RuntimeError)
"""All that the driver raises by itself; a closed connection is a RuntimeError in places."""

_PERMANENT = (
    AuthenticationError,
    ChannelAccessRefused,
    ChannelNotFoundEntity,
    ChannelPreconditionFailed,
    ConnectionNotAllowed,
    IncompatibleProtocolError,
    ProbableAuthenticationError,
)
_NOT_ALLOWED = 530
_RETRY_S = (3, 10)


def unavailable(what: str) -> Unavailable:
    """With a time to come again that is not the same for all."""
    return Unavailable(f"RabbitMQ: {what}", retry_after_s=random.randint(*_RETRY_S))


@contextlib.contextmanager
def translated(what: str) -> Iterator[None]:
    """Turns what the driver raises into Unavailable or StoreBroken. `what` was being done.

    A connection that is lost is told to those who wait on it as a cancellation; a cancellation
    that nobody has asked for is such a one.
    """
    try:
        yield
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        raise unavailable(f"{what}: the connection is lost") from None
    except DRIVER_ERRORS as error:
        raise _fault(what, error) from error


def _fault(what: str, error: Exception) -> Exception:
    if isinstance(error, TimeoutError):
        return unavailable(f"{what}: no answer in time")
    said = str(error) or repr(error)
    if isinstance(error, _PERMANENT) or error.args[:1] == (_NOT_ALLOWED,):
        return StoreBroken(f"RabbitMQ: {what}: {said}")
    return unavailable(f"{what}: {said}")
