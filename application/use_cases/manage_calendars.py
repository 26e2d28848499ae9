"""Calendars: days that are exceptions to the hours of rules, such as school holidays."""

from collections.abc import Sequence

import attrs

from application.actor import Actor
from application.device_directory import DeviceDirectory
from application.faults import Conflict, Invalid, NotFound
from application.identifiers import new_id
from application.ports.clock import Clock
from application.ports.configuration import Configuration, ConfigurationTransaction
from domain.calendar import MAX_CALENDARS, Calendar, DayRange, calendar_errors, in_order


@attrs.frozen
class ManageCalendars:
    configuration: Configuration
    directory: DeviceDirectory
    clock: Clock

    async def all(self, actor: Actor) -> list[Calendar]:
        async with self.configuration.reading() as tx:
            return await tx.calendars.matching(actor.account_id)

    async def add(self, actor: Actor, name: str, days: Sequence[DayRange]) -> Calendar:
        """The days may come in any order and overlap; they are kept in order, each once."""
        actor.must_change()
        now_ms = self.clock.now_ms()
        calendar = Calendar(new_id(now_ms), actor.account_id, name.strip(), tuple(days), now_ms)
        calendar = _checked(calendar)
        async with self.configuration.changing() as tx:
            if len(await tx.calendars.matching(actor.account_id)) >= MAX_CALENDARS:
                raise Conflict(f"an account has {MAX_CALENDARS} calendars at most")
            await tx.calendars.add(calendar)
            await tx.audit.add(actor.entry(now_ms, "calendar.add", calendar.id, calendar.name))
        self.directory.changed(actor.account_id)
        return calendar

    async def change(
        self,
        actor: Actor,
        calendar_id: str,
        name: str | None = None,
        days: Sequence[DayRange] | None = None,
    ) -> Calendar:
        """What is None stays as it is. Rules go on with the new days from now on."""
        actor.must_change()
        async with self.configuration.changing() as tx:
            calendar = await _known(tx, actor, calendar_id)
            if name is not None:
                calendar = attrs.evolve(calendar, name=name.strip())
            if days is not None:
                calendar = attrs.evolve(calendar, days=tuple(days))
            calendar = _checked(calendar)
            await tx.calendars.replace(calendar)
            now_ms = self.clock.now_ms()
            await tx.audit.add(actor.entry(now_ms, "calendar.change", calendar.id, calendar.name))
        self.directory.changed(actor.account_id)
        return calendar

    async def remove(self, actor: Actor, calendar_id: str) -> None:
        """Raises Conflict while a rule's schedule names the calendar."""
        actor.must_change()
        async with self.configuration.changing() as tx:
            calendar = await _known(tx, actor, calendar_id)
            users = [
                rule.name
                for rule in await tx.rules.matching(actor.account_id)
                if rule.schedule is not None and rule.schedule.calendar_id == calendar_id
            ]
            if users:
                raise Conflict(f"the rule “{users[0]}” needs this calendar; change it first")
            await tx.calendars.remove(actor.account_id, calendar_id)
            now_ms = self.clock.now_ms()
            await tx.audit.add(actor.entry(now_ms, "calendar.remove", calendar.id, calendar.name))
        self.directory.changed(actor.account_id)


def _checked(calendar: Calendar) -> Calendar:
    errors = calendar_errors(calendar)
    if errors:
        raise Invalid.of(errors)
    return attrs.evolve(calendar, days=in_order(calendar.days))


async def _known(tx: ConfigurationTransaction, actor: Actor, calendar_id: str) -> Calendar:
    calendar = await tx.calendars.get(actor.account_id, calendar_id)
    if calendar is None:
        raise NotFound("there is no such calendar")
    return calendar
