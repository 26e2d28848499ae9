"""What every device bell must do."""

import asyncio
from typing import Any

import pytest

from application.ports.device_bell import DeviceBell

SOON_S = 5.0
NEVER_S = 60.0


@pytest.mark.anyio
class DeviceBellContract:
    """Adapters set `ADAPTER`, give the `bell` and know how it is shut down."""

    PORT = DeviceBell
    ADAPTER: type

    @pytest.fixture
    def bell(self) -> DeviceBell:
        raise NotImplementedError

    def shut_down(self, bell: Any) -> None:
        raise NotImplementedError

    async def test_a_ring_wakes_all_who_wait_for_the_device(self, bell: DeviceBell) -> None:
        waiting = [asyncio.create_task(bell.wait("d", NEVER_S)) for _ in range(3)]
        await _until_waiting(bell, 3)
        bell.ring("d")
        async with asyncio.timeout(SOON_S):
            assert await asyncio.gather(*waiting) == [True] * 3
        assert bell.waiting() == 0

    async def test_a_ring_before_the_wait_is_heard_once(self, bell: DeviceBell) -> None:
        bell.ring("d")
        bell.ring("d")
        assert await bell.wait("d", NEVER_S)
        assert not await bell.wait("d", 0.01)

    async def test_nobody_rings(self, bell: DeviceBell) -> None:
        assert not await bell.wait("d", 0.01)
        assert bell.waiting() == 0

    async def test_other_devices_do_not_wake(self, bell: DeviceBell) -> None:
        bell.ring("another")
        waiting = asyncio.create_task(bell.wait("d", NEVER_S))
        await _until_waiting(bell, 1)
        bell.ring("another")
        await asyncio.sleep(0)
        assert not waiting.done()
        bell.ring("d")
        async with asyncio.timeout(SOON_S):
            assert await waiting

    async def test_who_goes_is_not_counted(self, bell: DeviceBell) -> None:
        waiting = asyncio.create_task(bell.wait("d", NEVER_S))
        await _until_waiting(bell, 1)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        assert bell.waiting() == 0
        bell.ring("d")
        assert await bell.wait("d", NEVER_S)

    async def test_who_listens_is_called_with_every_ring(self, bell: DeviceBell) -> None:
        heard: list[str] = []
        stop_first = bell.listen("d", lambda: heard.append("first"))
        bell.listen("d", lambda: heard.append("second"))
        bell.listen("another", lambda: heard.append("another"))
        assert bell.waiting() == 0
        bell.ring("d")
        assert sorted(heard) == ["first", "second"]
        stop_first()
        bell.ring("d")
        assert sorted(heard) == ["first", "second", "second"]
        stop_first()  # once more is harmless
        bell.ring("another")
        assert heard.count("another") == 1

    async def test_who_listens_hears_nothing_of_before(self, bell: DeviceBell) -> None:
        heard: list[str] = []
        bell.ring("d")
        bell.listen("d", lambda: heard.append("d"))
        assert heard == []

    async def test_who_listens_may_stop_when_called(self, bell: DeviceBell) -> None:
        heard: list[str] = []

        def hear_once() -> None:
            heard.append("once")
            stop()

        stop = bell.listen("d", hear_once)
        bell.listen("d", lambda: heard.append("always"))
        bell.ring("d")
        bell.ring("d")
        assert sorted(heard) == ["always", "always", "once"]

    async def test_listening_takes_nothing_from_who_waits(self, bell: DeviceBell) -> None:
        bell.listen("d", lambda: None)
        bell.ring("d")
        assert await bell.wait("d", NEVER_S)
        waiting = asyncio.create_task(bell.wait("d", NEVER_S))
        await _until_waiting(bell, 1)
        bell.ring("d")
        async with asyncio.timeout(SOON_S):
            assert await waiting

    async def test_the_end_wakes_everybody_and_nobody_waits_after_it(
        self, bell: DeviceBell
    ) -> None:
        waiting = [asyncio.create_task(bell.wait(f"d{n}", NEVER_S)) for n in range(5)]
        await _until_waiting(bell, 5)
        self.shut_down(bell)
        async with asyncio.timeout(SOON_S):
            await asyncio.gather(*waiting)
            await bell.wait("d", NEVER_S)


async def _until_waiting(bell: DeviceBell, count: int) -> None:
    async with asyncio.timeout(SOON_S):
        while bell.waiting() < count:
            await asyncio.sleep(0)
