"""A person's days: derived from the observations when somebody looks."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import attrs

from application.actor import Actor
from application.faults import Invalid, NotFound
from application.ports.block_codec import BlockCodec, Columns
from application.ports.block_store import BlockStore
from application.ports.clock import Clock
from application.ports.configuration import Configuration
from domain.account import Person
from domain.consolidation.summary import summary as day_summary
from domain.consolidation.summary import summary_json
from domain.consolidation.timeline import item_json, timeline
from domain.kinds import Kind
from domain.place import Place
from domain.refusals import FieldError
from domain.times import local_day_bounds, to_rfc3339

MAX_SUMMARY_DAYS = 92
_MARGIN_MS = 6 * 3600 * 1000
_KINDS = tuple(kind for kind in Kind if kind is not Kind.DOCUMENT)


@attrs.frozen
class LookAtPeople:
    configuration: Configuration
    blocks: BlockStore
    codec: BlockCodec
    clock: Clock

    async def person(self, actor: Actor, person_id: str) -> Person:
        """Raises NotFound."""
        async with self.configuration.reading() as tx:
            person = await tx.people.get(actor.account_id, person_id)
        if person is None:
            raise NotFound("there is no such person")
        return person

    async def timeline(self, actor: Actor, person_id: str, day: date) -> dict[str, Any]:
        """One local day of the person, over all devices."""
        person = await self.person(actor, person_id)
        devices, places = await self._surroundings(actor, person_id)
        from_ms, to_ms = _bounds(day, person)
        columns = await self._columns(actor, devices, from_ms, to_ms)
        items = timeline(columns, places, from_ms, to_ms, self.clock.now_ms())
        return {
            "date": day.isoformat(),
            "time_zone": person.time_zone,
            "from": to_rfc3339(from_ms),
            "to": to_rfc3339(to_ms),
            "items": [item_json(item) for item in items],
        }

    async def summary(
        self, actor: Actor, person_id: str, first: date, last: date
    ) -> dict[str, Any]:
        """Numbers for each local day from `first` to `last`, both included."""
        if last < first:
            raise Invalid.of([FieldError("to", "must not be before from")])
        if (last - first).days >= MAX_SUMMARY_DAYS:
            raise Invalid.of([FieldError("to", f"is more than {MAX_SUMMARY_DAYS} days on")])
        person = await self.person(actor, person_id)
        devices, _ = await self._surroundings(actor, person_id)
        days = []
        for offset in range((last - first).days + 1):
            day = first + timedelta(days=offset)
            from_ms, to_ms = _bounds(day, person)
            columns = await self._columns(actor, devices, from_ms, to_ms)
            numbers = day_summary(columns, from_ms, to_ms, self.clock.now_ms())
            days.append(summary_json(day, numbers))
        return {"time_zone": person.time_zone, "days": days}

    async def _surroundings(self, actor: Actor, person_id: str) -> tuple[list[str], list[Place]]:
        async with self.configuration.reading() as tx:
            devices = await tx.devices.matching(actor.account_id, person_id=person_id)
            places = await tx.places.matching(actor.account_id)
        return [device.id for device in devices], places

    async def _columns(
        self, actor: Actor, devices: list[str], from_ms: int, to_ms: int
    ) -> dict[str, dict[Kind, Columns]]:
        """A margin around the range lets stays and sessions that reach into it be seen whole."""
        found: dict[str, dict[Kind, Columns]] = {}
        from_ms, to_ms = from_ms - _MARGIN_MS, to_ms + _MARGIN_MS
        for device_id in devices:
            blocks = await self.blocks.blocks_of_kinds(
                actor.account_id, device_id, _KINDS, from_ms, to_ms
            )
            found[device_id] = {
                kind: self.codec.merged_columns(some, from_ms, to_ms)
                for kind, some in blocks.items()
                if some
            }
        return found


def _bounds(day: date, person: Person) -> tuple[int, int]:
    """Raises Invalid for days beyond the calendar."""
    try:
        return local_day_bounds(day, ZoneInfo(person.time_zone))
    except OverflowError:
        raise Invalid.of([FieldError("date", "is beyond the calendar")]) from None
