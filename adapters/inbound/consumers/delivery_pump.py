"""Sends what is due on channels: many channels at a time, each by itself, for ever."""

import asyncio
import logging
from collections import Counter

from application.faults import StoreBroken, Unavailable
from application.use_cases.send_deliveries import SendDeliveries

_log = logging.getLogger(__name__)

AT_ONCE = 16
EVERY_S = 1.0
_LOOKED_AT = 1_000
"""Channels at a time: those of one account, and those that are busy, may be the first of them."""
_PAUSE_S = 5.0
_LONG_PAUSE_S = 60.0


class DeliveryPump:
    """`at_once` bounds the channels that something is being sent on; a slow one holds up none of
    the others.
    """

    def __init__(
        self, send: SendDeliveries, at_once: int = AT_ONCE, every_s: float = EVERY_S
    ) -> None:
        self._send = send
        self._at_once = at_once
        self._every_s = every_s
        self._busy: set[tuple[str, str]] = set()

    async def run(self) -> None:
        """Until cancelled. What is being sent then is sent again, by whoever takes it over."""
        async with asyncio.TaskGroup() as group:
            while True:
                await asyncio.sleep(self._every_s)
                for channel in await self._waiting():
                    self._busy.add(channel)
                    group.create_task(self._one(channel))

    async def _waiting(self) -> list[tuple[str, str]]:
        """As many as there is room for, and none that something is being sent on already."""
        room = self._at_once - len(self._busy)
        if room <= 0:
            return []
        try:
            found = await self._send.waiting(_LOOKED_AT)
        except (Unavailable, StoreBroken) as error:
            _log.warning("deliveries wait: %s", error)
            return []
        return self._fair([one for one in found if one not in self._busy])[:room]

    def _fair(self, channels: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """An account whose endpoints are all slow leaves room for the others."""
        share = max(1, self._at_once // 4)
        busy = Counter(account_id for account_id, _ in self._busy)
        found = []
        for account_id, channel_id in channels:
            if busy[account_id] < share:
                busy[account_id] += 1
                found.append((account_id, channel_id))
        return found

    async def _one(self, channel: tuple[str, str]) -> None:
        try:
            await self._send(*channel)
        except (Unavailable, StoreBroken) as error:
            _log.warning("deliveries of channel %s wait: %s", channel[1], error)
            await asyncio.sleep(_PAUSE_S)
        except Exception:
            # What is wrong with one channel must not end the others.
            _log.exception("deliveries of channel %s wait", channel[1])
            await asyncio.sleep(_LONG_PAUSE_S)
        finally:
            self._busy.discard(channel)
