"""Logs are kept for a while: deliveries for a quarter of a year, intake for a month."""

import attrs

from application.ports.clock import Clock
from application.ports.delivery_log import DeliveryLog
from application.ports.intake_log import IntakeLog
from domain.intake_line import KEPT_DAYS
from domain.times import DAY_MS, to_rfc3339

_DELIVERIES_KEPT_MS = 90 * DAY_MS
_AT_ONCE = 500


@attrs.frozen
class ForgetLogs:
    deliveries: DeliveryLog
    intake: IntakeLog
    clock: Clock

    async def __call__(self) -> bool:
        """True when there may be more to forget. Raises Unavailable."""
        now_ms = self.clock.now_ms()
        forgotten = await self.deliveries.forget(now_ms - _DELIVERIES_KEPT_MS, _AT_ONCE)
        # Days of the westernmost zone end half a day after those of UTC.
        before = to_rfc3339(now_ms - (KEPT_DAYS + 1) * DAY_MS)[:10]
        lines = await self.intake.forget(before, _AT_ONCE)
        return _AT_ONCE in (forgotten, lines)
