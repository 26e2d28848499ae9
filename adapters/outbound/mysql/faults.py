"""What the driver raises, as the two kinds of failure that the application knows."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from application.faults import StoreBroken, Unavailable


@asynccontextmanager
async def faults(within_s: float) -> AsyncIterator[None]:
    """What happens in the block has `within_s` seconds. Raises Unavailable and StoreBroken."""
    try:
        async with asyncio.timeout(within_s) as limit:
            yield
    except TimeoutError as error:
        if limit.expired():
            raise Unavailable(f"MySQL does not answer within {within_s:g} s") from error
        raise Unavailable(f"MySQL cannot be reached: {error}") from error
    except PoolTimeout as error:
        raise Unavailable("all connections to MySQL are in use") from error
    except (OperationalError, InterfaceError) as error:
        raise Unavailable(f"MySQL cannot be used now: {error.orig}") from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise Unavailable("the connection to MySQL was lost") from error
        raise StoreBroken(f"MySQL refuses: {error.orig}") from error
    except OSError as error:
        raise Unavailable(f"MySQL cannot be reached: {error}") from error
