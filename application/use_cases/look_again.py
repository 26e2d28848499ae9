"""Look again at devices whose time has come: silence is told by time passing, and alerts that were
raised are announced.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence

import attrs

from application.device_directory import DeviceDirectory
from application.faults import StoreBroken, Unavailable
from application.judging import judge_quiet, written
from application.ports.clock import Clock
from application.ports.device_ledger import DeviceLedger, Effects
from application.ports.live_feed import LiveFeed
from application.ports.tally import Tally
from application.use_cases.process_batches import tell_alerts
from domain.device_history import DeviceHistory

_log = logging.getLogger(__name__)

_AT_ONCE = 500
_ANNOUNCE_AGAIN_MS = 30_000
_BROKEN_AGAIN_MS = 300_000

Announce = Callable[[str, Sequence[str]], Awaitable[None]]
"""Takes alerts (of an account, by their ids) on their way to its channels: durably, and once,
however often it is told. Raises Unavailable.
"""


@attrs.frozen
class LookAgain:
    ledger: DeviceLedger
    directory: DeviceDirectory
    announce: Announce
    feed: LiveFeed
    clock: Clock
    tally: Tally

    async def __call__(self) -> bool:
        """Judge the devices that are due; True when there may be more of them."""
        now_ms = self.clock.now_ms()
        histories = await self.ledger.silent(now_ms, _AT_ONCE)
        effects = [await self._judged(history, now_ms) for history in histories]
        applied = await self.ledger.apply(effects) if effects else []
        for one, done in zip(effects, applied, strict=True):
            if done:
                tell_alerts(self.feed, self.tally, one)
        return len(histories) == _AT_ONCE

    async def _judged(self, history: DeviceHistory, now_ms: int) -> Effects:
        try:
            return await self._judge(history, now_ms)
        except StoreBroken:
            # What is wrong with one device must not keep the others from being looked at.
            _log.exception("device %s is looked at again later", history.device_id)
            later_ms = now_ms + _BROKEN_AGAIN_MS
            return Effects(
                attrs.evolve(history, version=history.version + 1, silence_due_ms=later_ms)
            )

    async def _judge(self, history: DeviceHistory, now_ms: int) -> Effects:
        history, announced = await self._announced(history)
        briefing = await self.directory.briefing(history.account_id, history.device_id)
        version = history.version + 1
        again_ms = None if announced else now_ms + _ANNOUNCE_AGAIN_MS
        if briefing is None or briefing.device.status == "retired":
            return Effects(attrs.evolve(history, version=version, silence_due_ms=again_ms))
        judged, outcomes = judge_quiet(briefing, history, now_ms)
        judged, alerts, cleared = written(briefing, judged, outcomes, now_ms)
        if again_ms is not None:
            judged = attrs.evolve(judged, silence_due_ms=again_ms)
        return Effects(attrs.evolve(judged, version=version), alerts=alerts, cleared=cleared)

    async def _announced(self, history: DeviceHistory) -> tuple[DeviceHistory, bool]:
        """Only what was taken over is forgotten; what cannot be now is tried again later."""
        if not history.untold:
            return history, True
        try:
            await self.announce(history.account_id, history.untold)
        except Unavailable as error:
            _log.warning("alerts are announced later: %s", error)
            return history, False
        return attrs.evolve(history, untold=()), True
