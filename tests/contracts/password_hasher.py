"""What every password hasher must do."""

import asyncio

import pytest

from application.ports.password_hasher import PasswordHasher

PASSWORD = "correct horse 🐎"


@pytest.mark.anyio
class PasswordHasherContract:
    PORT = PasswordHasher
    ADAPTER: type

    @pytest.fixture
    def hasher(self) -> PasswordHasher:
        raise NotImplementedError

    async def test_the_password_and_no_other(self, hasher: PasswordHasher) -> None:
        hashed = await hasher.hash(PASSWORD)
        assert PASSWORD not in hashed
        assert await hasher.verify(hashed, PASSWORD)
        for wrong in ("", PASSWORD + " ", PASSWORD[:-1], PASSWORD.upper(), hashed):
            assert not await hasher.verify(hashed, wrong)

    async def test_the_same_password_twice_is_not_seen_to_be_the_same(
        self, hasher: PasswordHasher
    ) -> None:
        first, second = await hasher.hash(PASSWORD), await hasher.hash(PASSWORD)
        assert first != second
        assert await hasher.verify(first, PASSWORD) and await hasher.verify(second, PASSWORD)

    @pytest.mark.parametrize("broken", ["", "-", "$argon2id$", "x" * 10_000, "\0", "é"])
    async def test_a_hash_that_is_none_verifies_nothing(
        self, hasher: PasswordHasher, broken: str
    ) -> None:
        assert not await hasher.verify(broken, PASSWORD)

    async def test_a_hash_fits_where_it_is_stored(self, hasher: PasswordHasher) -> None:
        assert len(await hasher.hash("x" * 200)) <= 400

    async def test_others_go_on_meanwhile(self, hasher: PasswordHasher) -> None:
        hashing = asyncio.gather(*(hasher.hash(PASSWORD) for _ in range(4)))
        turns = 0
        while not hashing.done():
            await asyncio.sleep(0)
            turns += 1
        assert len(set(await hashing)) == 4
        assert turns > 10

    async def test_who_goes_does_not_hold_up_the_others(self, hasher: PasswordHasher) -> None:
        gone = [asyncio.create_task(hasher.hash(PASSWORD)) for _ in range(6)]
        await asyncio.sleep(0)
        for one in gone:
            one.cancel()
        await asyncio.gather(*gone, return_exceptions=True)
        async with asyncio.timeout(10):
            assert await hasher.verify(await hasher.hash(PASSWORD), PASSWORD)
