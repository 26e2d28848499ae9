"""What the driver raises, as the kinds of failure that the application knows."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from asyncmy.constants import ER
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from application.faults import StoreBroken, StoreClosed, Unavailable

_CLOSED = frozenset(
    {
        ER.ACCESS_DENIED_ERROR,
        ER.BAD_DB_ERROR,
        ER.BAD_FIELD_ERROR,
        ER.COLUMNACCESS_DENIED_ERROR,
        ER.DBACCESS_DENIED_ERROR,
        ER.NO_SUCH_TABLE,
        ER.TABLEACCESS_DENIED_ERROR,
    }
)
"""To the driver these are operational too, with all that it has no better word for."""


@asynccontextmanager
async def faults(within_s: float) -> AsyncIterator[None]:
    """What happens in the block has `within_s` seconds.

    Raises Unavailable, StoreClosed and StoreBroken.
    """
    try:
        async with asyncio.timeout(within_s) as limit:
            yield
    except TimeoutError as error:
        if not limit.expired():
            raise
        raise Unavailable(f"MySQL does not answer within {within_s:g} s") from error
    except PoolTimeout as error:
        raise Unavailable("all connections to MySQL are in use") from error
    except (OperationalError, InterfaceError) as error:
        if code_of(error) in _CLOSED:
            raise StoreClosed(f"MySQL refuses: {error.orig}") from error
        raise Unavailable(f"MySQL cannot be used now: {error.orig}") from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise Unavailable("the connection to MySQL was lost") from error
        if code_of(error) in _CLOSED:
            raise StoreClosed(f"MySQL refuses: {error.orig}") from error
        raise StoreBroken(f"MySQL refuses: {error.orig}") from error


def code_of(error: DBAPIError) -> int:
    """The server's or the driver's number of the error; 0 where it has none."""
    said = error.orig.args if error.orig is not None else ()
    return said[0] if said and isinstance(said[0], int) else 0
