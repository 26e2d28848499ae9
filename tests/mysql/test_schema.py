"""The tables as migrations leave them, and what they keep exactly."""

from typing import Any

import attrs
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, MetaData
from sqlalchemy.ext.asyncio import create_async_engine

from adapters.outbound.mysql import account_floor
from adapters.outbound.mysql.configuration import MysqlConfiguration
from adapters.outbound.mysql.settings import MysqlSettings
from adapters.outbound.sql import tables
from application.faults import Conflict
from domain.account import Role, User
from domain.place import Circle, Place
from domain.rules.condition import Outside
from domain.rules.rule import Rule, Scope
from tests.contracts.builders import ACCOUNT, NOW_MS
from tests.contracts.entities import person
from tests.mysql.steps import run

pytestmark = pytest.mark.anyio

_THIRD = 1 / 3
_FAR_MS = 2**62 + 1


async def test_migrations_lead_to_the_tables_that_the_code_has(settings: MysqlSettings) -> None:
    assert await _differences(settings) == []


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE people DROP COLUMN time_zone",
        "ALTER TABLE people MODIFY created_at_ms INTEGER NOT NULL",
        "ALTER TABLE rules MODIFY hold_s FLOAT NOT NULL",
        "ALTER TABLE people MODIFY name VARCHAR(399) COLLATE utf8mb4_bin NOT NULL",
        "ALTER TABLE enrolments MODIFY used_at_ms BIGINT NOT NULL",
        "DROP INDEX account_changes_by_time ON account_changes",
        "ALTER TABLE users DROP INDEX email",
        "DROP TABLE jobs",
    ],
)
async def test_other_tables_would_be_seen(settings: MysqlSettings, change: str) -> None:
    await run(settings, change)
    assert await _differences(settings) != []


async def test_all_text_is_compared_by_its_characters(settings: MysqlSettings) -> None:
    found = await run(
        settings,
        "SELECT table_name, column_name, collation_name FROM information_schema.columns"
        " WHERE table_schema = DATABASE() AND collation_name IS NOT NULL",
    )
    assert len(found) > 50
    assert {row for row in found if row[2] != "utf8mb4_bin"} == set()


async def test_times_are_64_bits_and_fractions_are_doubles(settings: MysqlSettings) -> None:
    found = await run(
        settings,
        "SELECT column_name, data_type FROM information_schema.columns"
        " WHERE table_schema = DATABASE()",
    )
    times = {row[1] for row in found if row[0].endswith("_ms")}
    fractions = {row[1] for row in found if row[0] == "progress" or row[0].endswith("_s")}
    assert (times, fractions) == ({"bigint"}, {"double"})


async def test_each_table_begins_with_the_account(settings: MysqlSettings) -> None:
    found = await run(
        settings,
        "SELECT table_name, column_name FROM information_schema.statistics"
        " WHERE table_schema = DATABASE() AND index_name = 'PRIMARY' AND seq_in_index = 1",
    )
    others = {row for row in found if row[1] != "account_id"}
    assert others == {("accounts", "id"), ("alembic_version", "version_num")}


async def test_case_and_accents_of_ids_count(configuration: MysqlConfiguration) -> None:
    alike = ("zan", "Zan", "žan", "ŽAN", "z\u030can", "straße", "strasse", "🛰", "🚀")
    async with configuration.changing() as tx:
        for ident in alike:
            await tx.people.add(person(ident, name=f"is {ident}"))
    async with configuration.reading() as tx:
        for ident in alike:
            found = await tx.people.get(ACCOUNT, ident)
            assert found is not None and (found.id, found.name) == (ident, f"is {ident}")
        assert [one.name for one in await tx.people.matching(ACCOUNT, name="is Zan")] == ["is Zan"]


async def test_case_and_accents_of_addresses_count(configuration: MysqlConfiguration) -> None:
    async with configuration.changing() as tx:
        await tx.users.add(_user("1", "žan@example.org"))
        await tx.users.add(_user("2", "zan@example.org"))
        await tx.users.add(_user("3", "Zan@example.org"))
    async with configuration.reading() as tx:
        found = await tx.users.by_unique("email", "zan@example.org")
        assert found == _user("2", "zan@example.org")
        assert await tx.users.by_unique("email", "ZAN@example.org") is None
    with pytest.raises(Conflict):
        async with configuration.changing() as tx:
            await tx.users.add(_user("4", "žan@example.org"))


async def test_numbers_come_back_to_the_last_bit(configuration: MysqlConfiguration) -> None:
    circle = Circle(_THIRD, -179.999_999_999_999_97, 5e-324)
    place = Place("p", ACCOUNT, "here", circle, _FAR_MS)
    rule = Rule("r", ACCOUNT, "a rule", Scope(), Outside("p"), _FAR_MS)
    rule = attrs.evolve(rule, hold_s=_THIRD, clear_s=0.1 + 0.2, cooldown_s=1.797e308)
    async with configuration.changing() as tx:
        await tx.places.add(place)
        await tx.rules.add(rule)
    async with configuration.reading() as tx:
        assert await tx.places.get(ACCOUNT, "p") == place
        assert await tx.rules.get(ACCOUNT, "r") == rule


async def _differences(settings: MysqlSettings) -> list[Any]:
    wanted = MetaData()
    for metadata in (tables.metadata, account_floor.metadata):
        for table in metadata.tables.values():
            table.to_metadata(wanted)

    def compare(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, wanted))

    engine = create_async_engine(settings.url)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(compare)
    finally:
        await engine.dispose()


def _user(ident: str, email: str) -> User:
    return User(ident, ACCOUNT, email, "hash", Role.OWNER, NOW_MS)
