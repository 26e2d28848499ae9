"""Migrations run once, one at a time, and beside programs of another version."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import attrs
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from adapters.outbound.mysql.migrate import NEEDED, migrate
from adapters.outbound.mysql.settings import MysqlSettings
from application.faults import StoreBroken, Unavailable
from domain.account import Account
from tests.contracts.builders import ACCOUNT, NOW_MS
from tests.contracts.entities import CATALOGS, ENTITIES, person
from tests.mysql.steps import add_person, opened, people, run, soon, until_finds
from tests.support.distributed import mysql_settings
from tests.support.servers import Database

pytestmark = pytest.mark.anyio

_STEPS = [
    "mysql: 0001 All tables.",
    "mysql: 0002 What rules, consolidation and notifications need.",
    "mysql: 0003 The intake log.",
]


@pytest.fixture
def empty(database: Database) -> MysqlSettings:
    """Of a database without tables."""
    return mysql_settings(database)


async def test_the_second_time_there_is_nothing_to_do(empty: MysqlSettings) -> None:
    assert await migrate(empty) == _STEPS
    async with opened(empty) as configuration:
        await add_person(configuration, "p")
    assert await migrate(empty) == []
    async with opened(empty) as configuration:
        assert await people(configuration) == ["p"]


async def test_of_several_at_once_one_does_it(empty: MysqlSettings) -> None:
    done = await asyncio.gather(*(migrate(empty) for _ in range(4)))
    assert sorted(len(lines) for lines in done) == [0, 0, 0, len(_STEPS)]
    assert await run(empty, "SELECT version_num FROM alembic_version") == [(NEEDED,)]
    async with opened(empty) as configuration:
        await add_person(configuration, "p")


async def test_only_migrations_of_the_same_database_wait(
    empty: MysqlSettings, database: Database
) -> None:
    other = attrs.evolve(empty, database=f"{database.name}_too")
    database.server.create_database(other.database)
    try:
        async with _being_migrated(other):
            assert len(await soon(migrate(empty))) == len(_STEPS)
            waiting = asyncio.create_task(migrate(other))
            await _until_one_waits(other)
            assert not waiting.done()
        assert len(await soon(waiting)) == len(_STEPS)
    finally:
        database.server.drop_database(other.database)


async def test_a_migration_that_waits_too_long_says_so(
    empty: MysqlSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.outbound.mysql.migrate._WAIT_S", 0)
    async with _being_migrated(empty):
        with pytest.raises(Unavailable, match="another migration"):
            await soon(migrate(empty))
    assert len(await soon(migrate(empty))) == len(_STEPS)


async def test_without_tables_a_program_says_what_to_run(empty: MysqlSettings) -> None:
    with pytest.raises(StoreBroken, match=r"of revision none.*run `fieldpost migrate`"):
        async with opened(empty):
            pass


async def test_a_migration_that_was_cut_off_is_completed(empty: MysqlSettings) -> None:
    await migrate(empty)
    await run(
        empty,
        "DELETE FROM alembic_version",
        "DROP TABLE jobs",
        "DROP TABLE account_changes",
        "DROP INDEX pull_requests_of_device ON pull_requests",
    )
    with pytest.raises(StoreBroken, match="run `fieldpost migrate`"):
        async with opened(empty):
            pass
    assert await migrate(empty) == _STEPS
    async with opened(empty) as configuration:
        await add_person(configuration, "p")
    found = await run(
        empty,
        "SELECT DISTINCT index_name FROM information_schema.statistics"
        " WHERE table_schema = DATABASE() AND index_name IN"
        " ('pull_requests_of_device', 'jobs_by_state', 'account_changes_by_time')",
    )
    assert len(found) == 3


async def test_this_version_works_on_what_a_later_one_has_added(empty: MysqlSettings) -> None:
    await migrate(empty)
    await run(
        empty,
        "ALTER TABLE people ADD COLUMN nickname VARCHAR(100) NULL",
        "ALTER TABLE places ADD COLUMN floor INTEGER NULL FIRST",
        "ALTER TABLE rules ADD COLUMN colour VARCHAR(20) NOT NULL DEFAULT 'red'",
        "CREATE TABLE pets (id VARCHAR(64) PRIMARY KEY)",
        "UPDATE alembic_version SET version_num = '9999'",
    )
    assert await migrate(empty) == []
    async with opened(empty) as configuration:
        async with configuration.changing() as tx:
            for name in CATALOGS:
                for one in ENTITIES[name]:
                    await getattr(tx, name).add(one.entity)
                    await getattr(tx, name).replace(one.entity)
        async with configuration.reading() as tx:
            for name in CATALOGS:
                for one in ENTITIES[name]:
                    assert await getattr(tx, name).get(ACCOUNT, one.key) == one.entity
    assert await run(empty, "SELECT version_num FROM alembic_version") == [("9999",)]


async def test_a_program_that_runs_goes_on_over_a_later_migration(empty: MysqlSettings) -> None:
    await migrate(empty)
    async with opened(empty) as configuration:
        async with configuration.changing() as tx:
            await tx.accounts.add(Account(ACCOUNT, "name", NOW_MS))
            await tx.people.add(person("before"))
        await run(
            empty,
            "ALTER TABLE people ADD COLUMN nickname VARCHAR(100) NULL AFTER account_id",
            "UPDATE people SET nickname = 'Ani'",
        )
        await add_person(configuration, "after")
        assert await people(configuration) == ["after", "before"]
        async with configuration.changing() as tx:
            await tx.people.replace(person("before", name="Bor"))
    found = await run(empty, "SELECT id, name, nickname FROM people ORDER BY id")
    assert found == [("after", "Ana", None), ("before", "Bor", "Ani")]


@asynccontextmanager
async def _being_migrated(settings: MysqlSettings) -> AsyncIterator[None]:
    engine = create_async_engine(settings.url)
    try:
        async with engine.connect() as connection:
            lock = "SELECT GET_LOCK(CONCAT('fieldpost ', MD5(DATABASE())), 0)"
            assert (await connection.execute(text(lock))).scalar() == 1
            yield
    finally:
        await engine.dispose()


async def _until_one_waits(settings: MysqlSettings) -> None:
    await until_finds(
        settings,
        "SELECT COUNT(*) FROM information_schema.processlist"
        " WHERE db = DATABASE() AND state = 'User lock'",
        1,
    )
