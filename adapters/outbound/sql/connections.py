"""What an engine gives to the logs that are kept beside the configuration."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection


class Connections(Protocol):
    """Each is a transaction. They raise Unavailable and StoreBroken."""

    def read_connection(self) -> AbstractAsyncContextManager[AsyncConnection]: ...

    def change_connection(self) -> AbstractAsyncContextManager[AsyncConnection]: ...
