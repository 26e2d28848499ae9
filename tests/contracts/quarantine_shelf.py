"""What every quarantine shelf must do."""

import attrs
import pytest

from application.faults import Unavailable
from application.ports.quarantine_shelf import QuarantineShelf
from domain.quarantine import MAX_PAYLOAD_BYTES, Quarantined
from tests.contracts.assembly import Assembly, StoreContract, Stores
from tests.contracts.builders import ACCOUNT, OTHER_ACCOUNT, quarantined


class QuarantineShelfContract(StoreContract):
    PORT = QuarantineShelf

    async def test_an_entry_comes_back_as_it_was_put(self, assembly: Assembly) -> None:
        items = [
            quarantined(1, payload=bytes(range(256)) * (MAX_PAYLOAD_BYTES // 256)),
            quarantined(2, payload=b""),
            quarantined(3, payload="é\0\n".encode()),
        ]
        async with assembly.opened() as stores:
            await stores.quarantine.put(items)
            assert await _all(stores) == items[::-1]
        async with assembly.opened() as stores:
            assert await _all(stores) == items[::-1]

    async def test_pages_hold_each_entry_once_newest_first(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            items = [quarantined(n) for n in range(20)]
            await stores.quarantine.put(items)
            found: list[Quarantined] = []
            cursor = None
            while True:
                page = await stores.quarantine.page(ACCOUNT, cursor, 6)
                found += page.items
                cursor = page.next_cursor
                if cursor is None:
                    break
                await stores.quarantine.put([quarantined(100 + len(found))])
            assert found == items[::-1]

    async def test_an_account_sees_its_own(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            theirs = quarantined(2, account=OTHER_ACCOUNT, device="device-2")
            await stores.quarantine.put([quarantined(1), theirs])
            assert await _all(stores) == [quarantined(1)]
            assert (await stores.quarantine.page(OTHER_ACCOUNT, None, 10)).items == [theirs]
            cursor = theirs.id + "0"
            assert (await stores.quarantine.page(ACCOUNT, cursor, 10)).items == [quarantined(1)]

    async def test_what_is_put_twice_stands_there_once(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            changed = attrs.evolve(quarantined(1), reason="another")
            await stores.quarantine.put([quarantined(1), quarantined(2)])
            await stores.quarantine.put([changed])
            assert await _all(stores) == [quarantined(2), quarantined(1)]

    async def test_one_is_got_and_removed_within_its_account(self, assembly: Assembly) -> None:
        failed = attrs.evolve(quarantined(1), kind="location", payload=b"block" * 20_000)
        async with assembly.opened() as stores:
            shelf = stores.quarantine
            await shelf.put([failed])
            assert await shelf.get(ACCOUNT, failed.id) == failed
            assert await shelf.get(OTHER_ACCOUNT, failed.id) is None
            assert await shelf.get(ACCOUNT, "nothing") is None
            await shelf.remove(OTHER_ACCOUNT, failed.id)
            await shelf.remove(ACCOUNT, "nothing")
            assert await _all(stores) == [failed]
            await shelf.remove(ACCOUNT, failed.id)
            assert await _all(stores) == []

    async def test_nothing_changes_while_the_store_is_unavailable(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            await stores.quarantine.put([quarantined(1)])
            with assembly.unavailable():
                with pytest.raises(Unavailable):
                    await stores.quarantine.put([quarantined(2)])
                with pytest.raises(Unavailable):
                    await stores.quarantine.remove(ACCOUNT, quarantined(1).id)
            assert await _all(stores) == [quarantined(1)]


async def _all(stores: Stores) -> list[Quarantined]:
    return (await stores.quarantine.page(ACCOUNT, None, 100)).items
