"""What a device brought lately, day by day and kind by kind."""

from typing import Any
from zoneinfo import ZoneInfo

import attrs

from application.actor import Actor
from application.faults import NotFound
from application.ports.clock import Clock
from application.ports.configuration import Configuration
from application.ports.intake_log import IntakeLog
from domain.intake_line import IntakeLine
from domain.times import DAY_MS, local, to_rfc3339


@attrs.frozen
class LookAtIntake:
    configuration: Configuration
    log: IntakeLog
    clock: Clock

    async def __call__(self, actor: Actor, device_id: str, days: int) -> list[dict[str, Any]]:
        """The last `days`, today among them, newest first. Raises NotFound."""
        async with self.configuration.reading() as tx:
            device = await tx.devices.get(actor.account_id, device_id)
            if device is None:
                raise NotFound("there is no such device")
            person = await tx.people.get(actor.account_id, device.person_id)
        zone = ZoneInfo(person.time_zone if person is not None else "UTC")
        first_ms = self.clock.now_ms() - (days - 1) * DAY_MS
        since = local(first_ms, zone).date().isoformat()
        return [_view(line) for line in await self.log.lines(actor.account_id, device_id, since)]


def _view(line: IntakeLine) -> dict[str, Any]:
    return {
        "date": line.day,
        "kind": line.kind or None,
        "accepted_batches": line.accepted_batches,
        "duplicate_batches": line.duplicate_batches,
        "refused_batches": line.refused_batches,
        "accepted": line.accepted,
        "refused": line.refused,
        "reason": line.reason,
        "first_at": to_rfc3339(line.first_at_ms),
        "last_at": to_rfc3339(line.last_at_ms),
    }
