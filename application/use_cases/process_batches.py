"""Process what intake accepted: judge it device by device and make its effects durable."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

import attrs

from application.device_directory import DeviceBriefing, DeviceDirectory
from application.faults import StoreBroken
from application.identifiers import new_id
from application.judging import judge_batches
from application.ports.block_codec import BlockCodec
from application.ports.clock import Clock
from application.ports.device_ledger import DeviceLedger, Effects
from application.ports.live_feed import LiveEvent, LiveFeed
from application.ports.tally import Tally
from application.queries.views import alert_view, latest_view
from application.unmapped_documents import reason_of
from domain.batch import Batch
from domain.device_history import DeviceHistory
from domain.kinds import Kind
from domain.quarantine import MAX_BLOCK_BYTES, MAX_PAYLOAD_BYTES, Quarantined

_log = logging.getLogger(__name__)

_MAX_TRIES = 20
"""Others may change a device's history meanwhile, but not for ever."""

_GIVE_WAY_AFTER = 16
"""So many devices are judged in one go: uploads wait for their answer, processing can."""


@attrs.frozen
class ProcessBatches:
    ledger: DeviceLedger
    directory: DeviceDirectory
    codec: BlockCodec
    feed: LiveFeed
    clock: Clock
    tally: Tally

    async def __call__(self, batches: Sequence[Batch]) -> None:
        """On return every batch has had its effects, once, whenever it was given before.

        Raises Unavailable and StoreBroken; what was applied by then is not applied again.
        """
        pending = list(batches)
        for _ in range(_MAX_TRIES):
            if not pending:
                return
            by_device: dict[str, list[Batch]] = {}
            for batch in pending:
                by_device.setdefault(batch.device_id, []).append(batch)
            effects = await self._judge(by_device)
            applied = await self.ledger.apply(effects)
            for one, done in zip(effects, applied, strict=True):
                if done:
                    self._tell(one)
            again = [
                batch
                for one, done in zip(effects, applied, strict=True)
                if not done
                for batch in one.batches
            ]
            pending = await self.ledger.unapplied(again) if again else []
        if pending:
            raise StoreBroken(f"{len(pending)} batches were judged {_MAX_TRIES} times in vain")

    async def _judge(self, by_device: dict[str, list[Batch]]) -> list[Effects]:
        devices = [(batches[0].account_id, device) for device, batches in by_device.items()]
        histories = await self.ledger.histories(devices)
        effects = []
        for place, (account, device) in enumerate(devices, 1):
            briefing = await self.directory.briefing(account, device)
            effects.append(self._judge_device(briefing, histories[device], by_device[device]))
            if place % _GIVE_WAY_AFTER == 0:
                await asyncio.sleep(0)
        return effects

    def _judge_device(
        self, briefing: DeviceBriefing | None, history: DeviceHistory, batches: list[Batch]
    ) -> Effects:
        if briefing is None:
            self.tally.count("dropped_batches", "device_removed", len(batches))
            return Effects(attrs.evolve(history, version=history.version + 1), tuple(batches))
        now_ms = self.clock.now_ms()
        try:
            return judge_batches(self.codec, briefing, history, batches, now_ms)
        except Exception:
            # One batch that cannot be judged must not hold up the device for ever.
            _log.exception("judging failed", extra={"device_id": history.device_id})
            return self._judge_singly(briefing, history, batches, now_ms)

    def _judge_singly(
        self,
        briefing: DeviceBriefing,
        history: DeviceHistory,
        batches: list[Batch],
        now_ms: int,
    ) -> Effects:
        total = Effects(attrs.evolve(history, version=history.version + 1), tuple(batches))
        for batch in batches:
            try:
                one = judge_batches(self.codec, briefing, total.history, [batch], now_ms)
            except Exception:
                self.tally.count("quarantined_batches", "processing_failed")
                failed = [_failed(batch, now_ms)]
                if batch.left_out is not None:
                    failed.append(batch.left_out)
                total = attrs.evolve(total, quarantined=(*total.quarantined, *failed))
                continue
            total = attrs.evolve(
                total,
                history=attrs.evolve(one.history, version=history.version + 1),
                blocks=(*total.blocks, *one.blocks),
                alerts=(*total.alerts, *one.alerts),
                cleared=(*total.cleared, *one.cleared),
                quarantined=(*total.quarantined, *one.quarantined),
                derived=(*total.derived, *one.derived),
            )
        return total

    def _tell(self, effects: Effects) -> None:
        self.tally.count("observations_processed", amount=sum(b.count for b in effects.batches))
        account_id = effects.history.account_id
        by_kind: dict[Kind, int] = {}
        told = (*effects.batches, *effects.derived)
        for batch in told:
            by_kind[batch.kind] = by_kind.get(batch.kind, 0) + batch.count
        for kind, count in by_kind.items():
            data: dict[str, Any] = {
                "device_id": effects.history.device_id,
                "kind": kind,
                "count": count,
            }
            latest = effects.history.latest.get(kind)
            if latest and any(b.kind == kind and b.last_ms == latest["time_ms"] for b in told):
                data["latest"] = latest_view(latest)
            self.feed.publish(LiveEvent(account_id, "observations", data))
        tell_alerts(self.feed, self.tally, effects)


def tell_alerts(feed: LiveFeed, tally: Tally, effects: Effects) -> None:
    for alert in effects.alerts:
        tally.count("alerts_raised", alert.severity.value)
        feed.publish(LiveEvent(alert.account_id, "alert", alert_view(alert)))


def _failed(batch: Batch, now_ms: int) -> Quarantined:
    whole = len(batch.block) <= MAX_BLOCK_BYTES
    return Quarantined(
        id=new_id(now_ms),
        account_id=batch.account_id,
        device_id=batch.device_id,
        received_ms=batch.received_ms,
        source="processing",
        reason=reason_of(batch, "processing_failed"),
        field="",
        payload=batch.block if whole else batch.block[:MAX_PAYLOAD_BYTES],
        kind=batch.kind if whole else "",
    )
