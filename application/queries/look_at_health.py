"""How a device has been doing over a range of days."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import attrs

from application.actor import Actor
from application.faults import Invalid, NotFound
from application.ports.configuration import Configuration
from application.queries.observed import ObservedDays
from domain.consolidation.health import health, health_json, silence_ms
from domain.kinds import Kind
from domain.refusals import FieldError
from domain.times import local_day_bounds

MAX_DAYS = 92
MAX_POINTS = 2_000


@attrs.frozen
class LookAtHealth:
    configuration: Configuration
    days: ObservedDays

    async def __call__(
        self, actor: Actor, device_id: str, first: date, last: date, max_points: int
    ) -> dict[str, Any]:
        """The local days from `first` to `last` of the person who carries it, both included.

        Silence counts from the day on which the device was added.
        """
        if last < first:
            raise Invalid.of([FieldError("to", "must not be before from")])
        if (last - first).days >= MAX_DAYS:
            raise Invalid.of([FieldError("to", f"is more than {MAX_DAYS} days on")])
        async with self.configuration.reading() as tx:
            device = await tx.devices.get(actor.account_id, device_id)
            if device is None:
                raise NotFound("there is no such device")
            person = await tx.people.get(actor.account_id, device.person_id)
        time_zone = person.time_zone if person else "UTC"
        bounds = _days(first, last, ZoneInfo(time_zone))
        from_ms, to_ms = bounds[0][1], bounds[-1][2]
        observed = await self.days.read(actor.account_id, (device_id,), tuple(Kind), from_ms, to_ms)
        kinds = observed.columns(self.days.codec)[device_id]
        heard = [time_ms for one in kinds.values() for time_ms in one["time_ms"]]
        since_ms = max(from_ms, min([device.created_at_ms, *heard]))
        now_ms = self.days.clock.now_ms()
        found = health(kinds, since_ms, to_ms, now_ms, max_points)
        return {
            "time_zone": time_zone,
            "from": first.isoformat(),
            "to": last.isoformat(),
            **health_json(found),
            "days": [
                {
                    "date": day.isoformat(),
                    "observations": sum(start <= time_ms < end for time_ms in heard),
                    "silent_s": silence_ms(found.silences, start, end) / 1000,
                }
                for day, start, end in bounds
            ],
        }


def _days(first: date, last: date, zone: ZoneInfo) -> list[tuple[date, int, int]]:
    """Each day with its bounds. Raises Invalid for days beyond the calendar."""
    days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    try:
        return [(day, *local_day_bounds(day, zone)) for day in days]
    except OverflowError:
        raise Invalid.of([FieldError("from", "is beyond the calendar")]) from None
