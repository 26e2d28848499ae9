"""Asynchronous tests run on asyncio; what they share of a broker."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.outbound.embedded.quarantine_shelf import SqliteQuarantineShelf
from adapters.outbound.embedded.sqlite_file import SqliteFile


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def shelf(tmp_path: Path) -> AsyncIterator[SqliteQuarantineShelf]:
    file = SqliteFile(tmp_path / "shelf.db")
    await file.open()
    yield SqliteQuarantineShelf(file)
    await file.close()
