"""With whom a person was in touch, and what her devices sent and received."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import attrs

from application.actor import Actor
from application.faults import Invalid, NotFound
from application.ports.configuration import Configuration
from application.queries.observed import ObservedDays
from domain.account import Person
from domain.consolidation.communications import (
    MAX_LISTED,
    Exchange,
    counterpart_json,
    counterparts,
    exchanges,
    first_times,
)
from domain.consolidation.totals import Span
from domain.consolidation.traffic import Traffic, traffic, traffic_json, traffic_total
from domain.contact import Contact, contacts_by_address
from domain.kinds import Kind
from domain.refusals import FieldError
from domain.times import DAY_MS, local_day_bounds

MAX_DAYS = 400
LOOK_BACK_MS = 400 * DAY_MS
"""How far before the range an earlier message or call is looked for."""

_MAX_DAYS_BY = {Span.DAY: 92, Span.MONTH: MAX_DAYS}
_AT_ONCE_MS = 31 * DAY_MS
"""Of a long range so much is in memory at a time."""


@attrs.frozen
class Owned:
    """A person, the devices that she carries, and her contacts by plain address."""

    person: Person
    device_ids: tuple[str, ...]
    contacts: dict[str, Contact]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.person.time_zone)


@attrs.frozen
class LookAtExchange:
    configuration: Configuration
    days: ObservedDays

    async def communications(
        self, actor: Actor, person_id: str, first: date, last: date
    ) -> dict[str, Any]:
        """Messages and calls of the local days from `first` to `last`, by counterpart."""
        _check(first, last, MAX_DAYS)
        owned = await self._owned(actor, person_id)
        from_ms, to_ms = _bounds(first, last, owned.zone)
        found = await self._exchanges(owned, from_ms, to_ms)
        earlier = first_times(await self._exchanges(owned, from_ms - LOOK_BACK_MS, from_ms))
        everybody = counterparts(found, earlier, owned.contacts, owned.zone)
        return {
            "time_zone": owned.person.time_zone,
            "from": first.isoformat(),
            "to": last.isoformat(),
            "count": len(found),
            "counterparts": len(everybody),
            "strangers": sum(one.contact is None for one in everybody),
            "items": [counterpart_json(one) for one in everybody[:MAX_LISTED]],
        }

    async def traffic(
        self, actor: Actor, person_id: str, first: date, last: date, span: Span
    ) -> dict[str, Any]:
        """What was sent and received on each local day or month, and in all."""
        if span not in _MAX_DAYS_BY:
            raise Invalid.of([FieldError("by", "must be day or month")])
        _check(first, last, _MAX_DAYS_BY[span])
        owned = await self._owned(actor, person_id)
        groups: dict[date, list[Traffic]] = {}
        for offset in range((last - first).days + 1):
            day = first + timedelta(days=offset)
            start = max(first, span.first_day(day))
            groups.setdefault(start, []).append(await self._traffic_of(owned, day))
        totals = {start: traffic_total(parts) for start, parts in groups.items()}
        return {
            "time_zone": owned.person.time_zone,
            "by": span.value,
            "items": [
                {"date": start.isoformat(), **traffic_json(found)}
                for start, found in totals.items()
            ],
            "total": traffic_json(traffic_total(list(totals.values()))),
        }

    async def _traffic_of(self, owned: Owned, day: date) -> Traffic:
        from_ms, to_ms = _bounds(day, day, owned.zone)
        observed = await self.days.read(
            owned.person.account_id, owned.device_ids, (Kind.TRAFFIC,), from_ms, to_ms
        )
        return traffic(observed.columns(self.days.codec).values(), from_ms, to_ms)

    async def _exchanges(self, owned: Owned, from_ms: int, to_ms: int) -> list[Exchange]:
        found: list[Exchange] = []
        for start_ms in range(from_ms, to_ms, _AT_ONCE_MS):
            end_ms = min(start_ms + _AT_ONCE_MS, to_ms)
            observed = await self.days.read(
                owned.person.account_id,
                owned.device_ids,
                (Kind.MESSAGE, Kind.CALL),
                start_ms,
                end_ms,
            )
            found += exchanges(observed.columns(self.days.codec).values(), start_ms, end_ms)
        return found

    async def _owned(self, actor: Actor, person_id: str) -> Owned:
        async with self.configuration.reading() as tx:
            person = await tx.people.get(actor.account_id, person_id)
            if person is None:
                raise NotFound("there is no such person")
            devices = await tx.devices.matching(actor.account_id, person_id=person_id)
            contacts = await tx.contacts.matching(actor.account_id)
        known = contacts_by_address(contacts, person_id)
        return Owned(person, tuple(device.id for device in devices), known)


def _check(first: date, last: date, most: int) -> None:
    if last < first:
        raise Invalid.of([FieldError("to", "must not be before from")])
    if (last - first).days >= most:
        raise Invalid.of([FieldError("to", f"is more than {most} days on")])


def _bounds(first: date, last: date, zone: ZoneInfo) -> tuple[int, int]:
    """Raises Invalid for days beyond the calendar."""
    try:
        return local_day_bounds(first, zone)[0], local_day_bounds(last, zone)[1]
    except OverflowError:
        raise Invalid.of([FieldError("from", "is beyond the calendar")]) from None
