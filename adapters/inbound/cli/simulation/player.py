"""Plays one device: delivers what it has to tell, as the story goes on."""

from collections.abc import Callable

import attrs

from adapters.inbound.cli.simulation.calls import CallRefused
from adapters.inbound.cli.simulation.clock import Clock
from adapters.inbound.cli.simulation.couriers import Courier
from adapters.inbound.cli.simulation.record import DeviceRecord
from adapters.inbound.cli.simulation.story import Story

LOST_CREDENTIAL = 401
PAUSE_AFTER_REFUSAL_S = 30.0

_STEP_MS = 24 * 3_600_000


def _unheard(_count: int) -> None: ...


@attrs.frozen
class Player:
    """`key` is the device's in the story; `remember` stores its record."""

    key: str
    story: Story
    record: DeviceRecord
    courier: Courier
    clock: Clock
    remember: Callable[[], None]

    async def deliver_until(
        self, until_ms: int, delivered: Callable[[int], None] = _unheard
    ) -> None:
        """All that is known before `until_ms` and not delivered yet, a day at a time.

        After each step `delivered` is called with the number of its observations.
        """
        while self.record.delivered_ms < until_ms:
            to_ms = min(until_ms, self.record.delivered_ms + _STEP_MS)
            told = self.story.told(self.key, self.record.delivered_ms, to_ms)
            if told:
                await self.courier.deliver(told)
                self.record.delivered_ms = to_ms
                self.remember()
            else:
                self.record.delivered_ms = to_ms
            delivered(len(told))

    async def deliver_owed(self) -> None:
        """What the device could not send when it was time."""
        if self.record.owed is not None:
            told = self.story.told(self.key, *self.record.owed)
            await self.courier.deliver(told)
            self.record.owed = None
            self.remember()

    async def play(self, every_s: float, from_ms: int = 0) -> None:
        """What comes to pass, each `every_s`, until the credential is revoked.

        Nothing is sent before `from_ms`. The live position comes first, what is owed after it.
        """
        await self.clock.sleep(max(0.0, (from_ms - self.clock.now_ms()) / 1000))
        while True:
            pause_s = every_s
            try:
                await self.deliver_until(self.clock.now_ms())
                await self.deliver_owed()
            except CallRefused as refusal:
                if refusal.status == LOST_CREDENTIAL:
                    return
                pause_s = PAUSE_AFTER_REFUSAL_S
            await self.clock.sleep(pause_s)
