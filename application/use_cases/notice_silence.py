"""Silence is noticed by time passing: look at the devices whose time has come."""

import attrs

from application.device_directory import DeviceDirectory
from application.judging import judge_quiet, written
from application.ports.clock import Clock
from application.ports.device_ledger import DeviceLedger, Effects
from application.ports.live_feed import LiveFeed
from application.ports.tally import Tally
from application.use_cases.process_batches import tell_alerts
from domain.device_history import DeviceHistory

_AT_ONCE = 500


@attrs.frozen
class NoticeSilence:
    ledger: DeviceLedger
    directory: DeviceDirectory
    feed: LiveFeed
    clock: Clock
    tally: Tally

    async def __call__(self) -> bool:
        """Judge the devices that are due; True when there may be more of them."""
        now_ms = self.clock.now_ms()
        histories = await self.ledger.silent(now_ms, _AT_ONCE)
        effects = [await self._judge(history, now_ms) for history in histories]
        applied = await self.ledger.apply(effects) if effects else []
        for one, done in zip(effects, applied, strict=True):
            if done:
                tell_alerts(self.feed, self.tally, one)
        return len(histories) == _AT_ONCE

    async def _judge(self, history: DeviceHistory, now_ms: int) -> Effects:
        briefing = await self.directory.briefing(history.account_id, history.device_id)
        version = history.version + 1
        if briefing is None or briefing.device.status == "retired":
            return Effects(attrs.evolve(history, version=version, silence_due_ms=None))
        judged, outcomes = judge_quiet(briefing, history, now_ms)
        alerts, cleared = written(briefing, outcomes, now_ms)
        return Effects(attrs.evolve(judged, version=version), alerts=alerts, cleared=cleared)
