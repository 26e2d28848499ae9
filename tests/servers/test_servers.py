"""The servers of tests: they keep what they were given, and leave nothing behind."""

import asyncio
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from deploy.local import MariaDb


async def _rows(url: str, *statements: str) -> list[Any]:
    """What the last statement found; each is committed."""
    engine = create_async_engine(url)
    found: list[Any] = []
    try:
        for statement in statements:
            async with engine.begin() as connection:
                result = await connection.execute(text(statement))
                found = [tuple(row) for row in result] if result.returns_rows else []
    finally:
        await engine.dispose()
    return found


def test_mariadb_keeps_what_is_committed_over_a_kill(tmp_path: Path) -> None:
    with MariaDb(tmp_path / "mariadb") as server:
        server.create_database("kept")
        url = server.url("kept")
        asyncio.run(_rows(url, "CREATE TABLE t (word TEXT)", "INSERT INTO t VALUES ('здраво 🛰')"))
        server.kill()
        server.start()
        assert asyncio.run(_rows(url, "SELECT word FROM t")) == [("здраво 🛰",)]
