"""Which accounts were configured anew: what other processes compare with what they remember."""

import asyncio

import attrs
import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from adapters.outbound.mysql.account_floor import AccountFloor
from adapters.outbound.mysql.configuration import MysqlConfiguration
from adapters.outbound.mysql.settings import MysqlSettings
from tests.contracts.builders import ACCOUNT, OTHER_ACCOUNT
from tests.contracts.entities import CATALOGS, ENTITIES, person
from tests.mysql.steps import add_person, opened, run

pytestmark = pytest.mark.anyio

REMEMBERED = (
    "calendars",
    "category_sets",
    "consents",
    "contacts",
    "credentials",
    "devices",
    "mappings",
    "people",
    "places",
    "rules",
)


class _Failed(Exception):
    pass


async def test_at_first_nothing_has_changed(configuration: MysqlConfiguration) -> None:
    assert await configuration.recent_changes() == {}


@pytest.mark.parametrize("name", REMEMBERED)
async def test_each_change_of_what_is_remembered_raises_the_number(
    configuration: MysqlConfiguration, settings: MysqlSettings, name: str
) -> None:
    one = ENTITIES[name][0]
    seen = [0]
    async with opened(settings) as other:
        for call, arguments in (
            ("add", (one.entity,)),
            ("replace", (one.entity,)),
            ("remove", (ACCOUNT, one.key)),
        ):
            async with configuration.changing() as tx:
                await getattr(getattr(tx, name), call)(*arguments)
            changes = await other.recent_changes()
            assert set(changes) == {ACCOUNT}
            seen.append(changes[ACCOUNT])
    assert seen == sorted(set(seen)), "every change is seen"


@pytest.mark.parametrize("name", [name for name in CATALOGS if name not in REMEMBERED])
async def test_what_nobody_remembers_raises_nothing(
    configuration: MysqlConfiguration, name: str
) -> None:
    await add_person(configuration, "p")
    before = await configuration.recent_changes()
    one = ENTITIES[name][0]
    async with configuration.changing() as tx:
        await tx.people.get(ACCOUNT, "p")
        await getattr(tx, name).add(one.entity)
        await getattr(tx, name).replace(one.entity)
    assert await configuration.recent_changes() == before


async def test_each_account_has_its_own_number(configuration: MysqlConfiguration) -> None:
    await add_person(configuration, "p")
    before = await configuration.recent_changes()
    async with configuration.changing() as tx:
        await tx.people.get(ACCOUNT, "p")
        await tx.people.add(person("p", account=OTHER_ACCOUNT))
    after = await configuration.recent_changes()
    assert set(after) == {ACCOUNT, OTHER_ACCOUNT}
    assert after[ACCOUNT] == before[ACCOUNT]


async def test_a_change_that_fails_was_none(configuration: MysqlConfiguration) -> None:
    await add_person(configuration, "p")
    before = await configuration.recent_changes()

    async def fail() -> None:
        async with configuration.changing() as tx:
            await tx.people.replace(person("p", name="Bor"))
            raise _Failed

    with pytest.raises(_Failed):
        await fail()
    assert await configuration.recent_changes() == before


async def test_a_number_is_seen_with_what_it_stands_for(configuration: MysqlConfiguration) -> None:
    await add_person(configuration, "p", OTHER_ACCOUNT)
    async with configuration.changing() as tx:
        await tx.people.add(person("p"))
        assert ACCOUNT not in await configuration.recent_changes()
    assert ACCOUNT in await configuration.recent_changes()


async def test_a_commit_that_comes_late_is_not_missed(
    configuration: MysqlConfiguration, settings: MysqlSettings
) -> None:
    engine = create_async_engine(settings.url)
    async with engine.connect() as connection:
        floor = AccountFloor(connection)
        await floor.take(ACCOUNT)
        floor.note("rules", ACCOUNT)
        await floor.leave()
        await add_person(configuration, "p", OTHER_ACCOUNT)
        assert set(await configuration.recent_changes()) == {OTHER_ACCOUNT}
        await connection.commit()
    await engine.dispose()
    assert set(await configuration.recent_changes()) == {ACCOUNT, OTHER_ACCOUNT}


@pytest.mark.parametrize(("age_s", "told"), [(0, True), (110, True), (130, False)])
async def test_changes_are_told_for_two_minutes(
    configuration: MysqlConfiguration, settings: MysqlSettings, age_s: int, told: bool
) -> None:
    await add_person(configuration, "p")
    await run(settings, f"UPDATE account_changes SET changed_ms = changed_ms - {age_s * 1000}")
    assert (ACCOUNT in await configuration.recent_changes()) == told


async def test_the_longest_transaction_is_much_shorter_than_the_window(
    settings: MysqlSettings,
) -> None:
    with pytest.raises(ValueError, match="deadline_s"):
        attrs.evolve(settings, deadline_s=61.0)


async def test_changes_of_many_at_once_are_all_counted(configuration: MysqlConfiguration) -> None:
    await add_person(configuration, "p")
    before = (await configuration.recent_changes())[ACCOUNT]
    await asyncio.gather(*(add_person(configuration, f"p{n}") for n in range(10)))
    assert await configuration.recent_changes() == {ACCOUNT: before + 10}
