"""The delivery log is kept for a quarter of a year."""

import attrs

from application.ports.clock import Clock
from application.ports.delivery_log import DeliveryLog
from domain.times import DAY_MS

KEPT_MS = 90 * DAY_MS
_AT_ONCE = 500


@attrs.frozen
class ForgetDeliveries:
    log: DeliveryLog
    clock: Clock

    async def __call__(self) -> bool:
        """True when there may be more to forget. Raises Unavailable."""
        return await self.log.forget(self.clock.now_ms() - KEPT_MS, _AT_ONCE) == _AT_ONCE
