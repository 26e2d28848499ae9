"""The embedded assembly, opened, for what takes work from its queue."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from adapters.inbound.cli.serving import opened
from bootstrap import embedded


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def container(tmp_path: Path) -> AsyncIterator[Any]:
    container = embedded(tmp_path)
    async with opened(container, alone=True):
        yield container
