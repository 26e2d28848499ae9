"""What every configuration must do."""

import asyncio

import attrs
import pytest

from application.faults import Conflict, Unavailable
from application.ports.configuration import Configuration, ConfigurationTransaction
from domain.account import Account, Person
from tests.contracts.assembly import Assembly, StoreContract
from tests.contracts.builders import ACCOUNT, NOW_MS, OTHER_ACCOUNT
from tests.contracts.entities import CATALOGS, ENTITIES, person


class _Failed(Exception):
    pass


class ConfigurationContract(StoreContract):
    PORT = Configuration

    @pytest.mark.parametrize("name", CATALOGS)
    async def test_every_entity_comes_back_as_it_was_added(
        self, assembly: Assembly, name: str
    ) -> None:
        entities = ENTITIES[name]
        async with assembly.opened() as stores, stores.configuration.changing() as tx:
            for one in entities:
                await getattr(tx, name).add(one.entity)
        async with assembly.opened() as stores, stores.configuration.reading() as tx:
            for one in entities:
                assert await getattr(tx, name).get(ACCOUNT, one.key) == one.entity

    @pytest.mark.parametrize("name", CATALOGS)
    async def test_no_entity_is_seen_or_changed_from_another_account(
        self, assembly: Assembly, name: str
    ) -> None:
        one = ENTITIES[name][0]
        async with assembly.opened() as stores:
            async with stores.configuration.changing() as tx:
                await getattr(tx, name).add(one.entity)
            async with stores.configuration.changing() as tx:
                catalog = getattr(tx, name)
                assert await catalog.get(OTHER_ACCOUNT, one.key) is None
                assert await catalog.matching(OTHER_ACCOUNT) == []
                assert (await catalog.page(OTHER_ACCOUNT, None, 10)).items == []
                await catalog.remove(OTHER_ACCOUNT, one.key)
                if name != "accounts":
                    await catalog.replace(attrs.evolve(one.entity, account_id=OTHER_ACCOUNT))
            async with stores.configuration.reading() as tx:
                catalog = getattr(tx, name)
                assert await catalog.get(ACCOUNT, one.key) == one.entity
                assert await catalog.matching(ACCOUNT) == [one.entity]
                assert await catalog.get(OTHER_ACCOUNT, one.key) is None

    @pytest.mark.parametrize("name", [n for n in CATALOGS if ENTITIES[n][0].unique])
    async def test_what_is_unique_is_found_and_not_taken_twice(
        self, assembly: Assembly, name: str
    ) -> None:
        one = ENTITIES[name][0]
        field = one.unique or ""
        value = getattr(one.entity, field)
        async with assembly.opened() as stores:
            async with stores.configuration.changing() as tx:
                await getattr(tx, name).add(one.entity)
            async with stores.configuration.reading() as tx:
                assert await getattr(tx, name).by_unique(field, value) == one.entity
                assert await getattr(tx, name).by_unique(field, "another") is None
            again = attrs.evolve(one.entity, id="another", account_id=OTHER_ACCOUNT)
            with pytest.raises(Conflict):
                async with stores.configuration.changing() as tx:
                    await getattr(tx, name).add(again)
            async with stores.configuration.reading() as tx:
                assert await getattr(tx, name).get(OTHER_ACCOUNT, "another") is None

    async def test_one_key_is_one_entity(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            async with stores.configuration.changing() as tx:
                await tx.people.add(person("p"))
            with pytest.raises(Conflict):
                async with stores.configuration.changing() as tx:
                    await tx.people.add(person("p", name="Bor"))
            async with stores.configuration.changing() as tx:
                await tx.people.add(person("p", account=OTHER_ACCOUNT))
                assert await tx.people.get(ACCOUNT, "p") == person("p")

    async def test_replaced_and_removed(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            async with stores.configuration.changing() as tx:
                await tx.people.add(person("p"))
                await tx.people.replace(person("p", name="Bor"))
                assert await tx.people.get(ACCOUNT, "p") == person("p", name="Bor")
                await tx.people.remove(ACCOUNT, "nobody")
                await tx.people.remove(ACCOUNT, "p")
                assert await tx.people.get(ACCOUNT, "p") is None
            async with stores.configuration.reading() as tx:
                assert await tx.people.matching(ACCOUNT) == []

    async def test_matching_in_the_order_of_their_making(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            async with stores.configuration.changing() as tx:
                for ident in ("03", "01", "02", "04"):
                    await tx.people.add(person(ident, name="Ana" if ident < "03" else "Bor"))
            async with stores.configuration.reading() as tx:
                found = await tx.people.matching(ACCOUNT)
                assert [one.id for one in found] == ["01", "02", "03", "04"]
                found = await tx.people.matching(ACCOUNT, name="Ana", time_zone="UTC")
                assert [one.id for one in found] == ["01", "02"]
                assert await tx.people.matching(ACCOUNT, name="Ana", time_zone="x") == []

    async def test_pages_hold_each_entity_once_newest_first(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            async with stores.configuration.changing() as tx:
                for number in range(20):
                    await tx.people.add(person(f"{number:02}"))
                await tx.people.add(person("05", account=OTHER_ACCOUNT))
            found: list[Person] = []
            cursor = None
            async with stores.configuration.reading() as tx:
                while True:
                    page = await tx.people.page(ACCOUNT, cursor, 6)
                    found += page.items
                    cursor = page.next_cursor
                    if cursor is None:
                        break
            assert [one.id for one in found] == [f"{number:02}" for number in range(20)][::-1]
            assert {one.account_id for one in found} == {ACCOUNT}

    async def test_a_change_that_fails_is_undone(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:

            async def fail() -> None:
                async with stores.configuration.changing() as tx:
                    await tx.people.add(person("p"))
                    await tx.accounts.add(Account("a", "name", NOW_MS))
                    raise _Failed

            with pytest.raises(_Failed):
                await fail()
            async with stores.configuration.reading() as tx:
                assert await tx.people.matching(ACCOUNT) == []
                assert not await tx.has_accounts()

    async def test_the_first_account(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            async with stores.configuration.changing() as tx:
                assert not await tx.has_accounts()
                await tx.accounts.add(Account("a", "name", NOW_MS))
                assert await tx.has_accounts()
            async with stores.configuration.reading() as tx:
                assert await tx.has_accounts()

    async def test_changes_do_not_interleave(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            async with stores.configuration.changing() as tx:
                await tx.people.add(person("p", name="0"))

            async def count_up() -> None:
                async with stores.configuration.changing() as tx:
                    before = await tx.people.get(ACCOUNT, "p")
                    assert before is not None
                    await asyncio.sleep(0)
                    name = str(int(before.name) + 1)
                    await tx.people.replace(attrs.evolve(before, name=name))

            await asyncio.gather(*(count_up() for _ in range(30)))
            async with stores.configuration.reading() as tx:
                assert await tx.people.get(ACCOUNT, "p") == person("p", name="30")

    async def test_what_is_read_is_of_one_moment(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            async with stores.configuration.changing() as tx:
                await tx.people.add(person("p", name="0"))
            async with stores.configuration.reading() as reader:
                first = await _names(reader)
                async with stores.configuration.changing() as tx:
                    await tx.people.add(person("q", name="1"))
                assert await _names(reader) == first == ["0"]
            async with stores.configuration.reading() as reader:
                assert await _names(reader) == ["0", "1"]

    async def test_nothing_is_seen_of_a_change_before_it_is_done(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            async with stores.configuration.changing() as tx:
                await tx.people.add(person("p"))
                async with stores.configuration.reading() as reader:
                    assert await _names(reader) == []
            async with stores.configuration.reading() as reader:
                assert await _names(reader) == ["Ana"]

    async def test_while_the_store_is_unavailable_it_can_be_read(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            async with stores.configuration.changing() as tx:
                await tx.people.add(person("p"))
            with assembly.unavailable():
                with pytest.raises(Unavailable):
                    async with stores.configuration.changing() as tx:
                        await tx.people.add(person("q"))
                async with stores.configuration.reading() as tx:
                    assert await _names(tx) == ["Ana"]
            async with stores.configuration.changing() as tx:
                await tx.people.add(person("q"))

    async def test_a_caller_that_goes_does_not_hold_up_the_others(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:

            async def add(ident: str) -> None:
                async with stores.configuration.changing() as tx:
                    await tx.people.add(person(ident))

            for steps in range(30):
                caller = asyncio.create_task(add(f"gone-{steps:02}"))
                waiting = asyncio.create_task(add(f"kept-{steps:02}"))
                for _ in range(steps):
                    await asyncio.sleep(0.0002 if steps > 15 else 0)
                caller.cancel()
                await asyncio.gather(caller, return_exceptions=True)
                await asyncio.wait_for(waiting, 10)
            async with stores.configuration.reading() as tx:
                ids = {one.id for one in await tx.people.matching(ACCOUNT)}
            assert {f"kept-{steps:02}" for steps in range(30)} <= ids


async def _names(tx: ConfigurationTransaction) -> list[str]:
    return [one.name for one in await tx.people.matching(ACCOUNT)]
