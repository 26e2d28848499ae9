"""Agents that keep delivering to a server that comes and goes, and remember what they were told.

They live in a thread of their own. An agent sends one upload after the other and repeats each
until it is acknowledged; now and then it repeats one that was acknowledged long ago.
"""

import asyncio
import random
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import attrs

from tests.support.client import Device, rfc3339

KINDS = ("location", "app_use", "device_state")
INSIDE, OUTSIDE = 45.8, 45.9
LON = 14.36

_RETRY_S = 0.02
_REPEAT_ONE_IN = 8
_LARGE_ONE_IN = 25


@attrs.define
class Sent:
    """What one agent has delivered: event times by kind, and when its device left the place."""

    times: dict[str, list[str]]
    departures: list[str]
    uploads: int = 0
    repeated: int = 0
    kept_unheard: int = 0
    """Uploads that were durable although the acknowledgement never came."""


class _Agent:
    def __init__(self, device: Device, seed: int, *, exact: bool, pause_s: float) -> None:
        self.device = device
        self._exact = exact
        self._pause_s = pause_s
        self.sent = Sent({kind: [] for kind in KINDS}, [])
        self._chance = random.Random(seed)
        self._start = datetime.now(UTC).replace(microsecond=0) - timedelta(days=3)
        self._ticks = dict.fromkeys(KINDS, 0)
        self._sequences = dict.fromkeys(KINDS, 0)
        self._acknowledged: list[Any] = []

    async def run(self, session: aiohttp.ClientSession, stop: asyncio.Event) -> None:
        while not stop.is_set():
            batches, times, departures = self._next()
            await self._deliver(session, batches)
            self.sent.uploads += 1
            for kind, some in times.items():
                self.sent.times[kind] += some
            self.sent.departures += departures
            self._acknowledged.append(batches)
            if self._chance.randrange(_REPEAT_ONE_IN) == 0:
                await self._repeat(session, self._chance.choice(self._acknowledged))
            if self._pause_s:
                await asyncio.sleep(self._chance.uniform(0, 2 * self._pause_s))

    async def _deliver(self, session: aiohttp.ClientSession, batches: Any) -> None:
        unheard = False
        while True:
            receipts = await self._try(session, batches)
            if receipts is not None:
                break
            unheard = True
            await asyncio.sleep(max(_RETRY_S, self._pause_s / 2))
        outcomes = {receipt["outcome"] for receipt in receipts}
        assert len(receipts) == len(batches), receipts
        if outcomes == {"duplicate"}:
            assert unheard, f"new batches are taken for duplicates: {receipts}"
            self.sent.kept_unheard += 1
        else:
            # An upload is kept as a whole or not at all.
            assert outcomes == {"accepted"} or not self._exact, receipts
            assert outcomes <= {"accepted", "duplicate"}, receipts
            for receipt, batch in zip(receipts, batches, strict=True):
                if receipt["outcome"] == "accepted":
                    assert receipt["accepted"] == len(batch["observations"]), receipt

    async def _repeat(self, session: aiohttp.ClientSession, batches: Any) -> None:
        receipts = await self._try(session, batches)
        if receipts is not None:
            self.sent.repeated += 1
            known = all(receipt["outcome"] == "duplicate" for receipt in receipts)
            assert known or not self._exact, receipts

    async def _try(self, session: aiohttp.ClientSession, batches: Any) -> list[Any] | None:
        """The receipts; None when nobody answers, or the server asks to come again."""
        url = f"{self.device.account.server.url}/agent/v1/batches"
        headers = {"authorization": f"Bearer {self.device.credential}"}
        try:
            async with session.post(url, json={"batches": batches}, headers=headers) as response:
                if response.status == 503 and "retry-after" in response.headers:
                    return None
                body = await response.read()
                assert response.status == 200, (response.status, body)
                receipts: list[Any] = (await response.json())["receipts"]
                return receipts
        except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError, TimeoutError):
            return None

    def _next(self) -> tuple[list[Any], dict[str, list[str]], list[str]]:
        """One upload: its batches, their event times, and the departures among them."""
        kinds = self._chance.sample(KINDS, self._chance.randint(1, len(KINDS)))
        batches: list[Any] = []
        times: dict[str, list[str]] = {}
        departures: list[str] = []
        for kind in kinds:
            count = 400 if self._chance.randrange(_LARGE_ONE_IN) == 0 else 4
            moments = [self._tick(kind) for _ in range(count)]
            observations = [
                {"time": moment, **self._values(kind, place, count)}
                for place, moment in enumerate(moments)
            ]
            if kind == "location":
                departures.append(moments[count // 2])
            self._sequences[kind] += 1
            sequence = self._sequences[kind]
            batches.append({"kind": kind, "sequence": sequence, "observations": observations})
            times[kind] = moments
        return batches, times, departures

    def _tick(self, kind: str) -> str:
        self._ticks[kind] += 1
        return rfc3339(self._start + timedelta(seconds=self._ticks[kind]))

    def _values(self, kind: str, place: int, count: int) -> dict[str, Any]:
        """The first half of a location batch is inside the place, the second is not."""
        if kind == "location":
            return {"lat": INSIDE if place < count // 2 else OUTSIDE, "lon": LON}
        if kind == "app_use":
            return {"app": f"app-{self._chance.randrange(20)}", "duration_s": 1.5}
        return {"battery": 0.5, "charging": False}


class Fleet:
    """Agents for these devices. `broken` is set when one of them was answered wrongly.

    Where receipts are `exact` a batch that was accepted is a duplicate for ever; else it may be
    called new once more, and only its effects are counted. Between two uploads an agent rests for
    about `pause_s`.
    """

    def __init__(
        self, devices: list[Device], seed: int, *, exact: bool = True, pause_s: float = 0.0
    ) -> None:
        self.broken = threading.Event()
        self._agents = [
            _Agent(device, seed + place, exact=exact, pause_s=pause_s)
            for place, device in enumerate(devices)
        ]
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._started = threading.Event()
        self._errors: list[BaseException] = []

    def start(self) -> None:
        self._thread.start()
        assert self._started.wait(10)

    def finish(self, timeout_s: float = 30.0) -> dict[str, Sent]:
        """Returns what each device has sent once all of it is acknowledged."""
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(timeout_s)
        self.check()
        assert not self._thread.is_alive(), "some uploads are never acknowledged"
        return {agent.device.id: agent.sent for agent in self._agents}

    def check(self) -> None:
        """Raises what an agent has found."""
        if self._errors:
            raise self._errors[0]

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        self._started.set()
        timeout = aiohttp.ClientTimeout(total=20)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            found = await asyncio.gather(
                *(self._watched(agent, session) for agent in self._agents), return_exceptions=True
            )
        self._errors += [error for error in found if isinstance(error, BaseException)]

    async def _watched(self, agent: _Agent, session: aiohttp.ClientSession) -> None:
        try:
            await agent.run(session, self._stop)
        except BaseException:
            self.broken.set()
            self._stop.set()
            raise
