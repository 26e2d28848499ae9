"""Calendars of days that differ from others of their week, as people keep them."""

from typing import Annotated, Any

from litestar import Controller, delete, get, patch, post
from msgspec import Meta, field

from adapters.inbound.http.api.parameters import listed
from adapters.inbound.http.api.requests import Body, Name
from adapters.inbound.http.services import Services
from application.actor import Actor
from domain.calendar import MAX_RANGES, Calendar, DayRange
from domain.times import to_rfc3339

Day = Annotated[str, Meta(max_length=10, description="such as 2026-12-24")]


class DayRangeBody(Body):
    """From one day to another, both included."""

    first: Day = field(name="from")
    last: Day = field(name="to")


Days = Annotated[list[DayRangeBody], Meta(min_length=1, max_length=MAX_RANGES)]


class CalendarBody(Body):
    name: Name
    days: Days


class CalendarChange(Body):
    """What is left out stays as it is."""

    name: Name | None = None
    days: Days | None = None


class CalendarsController(Controller):
    path = "/api/v1/calendars"
    tags = ("calendars",)

    @get(summary="All calendars: days that are exceptions to the schedules of rules")
    async def all(self, actor: Actor, services: Services) -> dict[str, Any]:
        return listed([_json(one) for one in await services.manage_calendars.all(actor)])

    @post(summary="Add a calendar")
    async def add(self, data: CalendarBody, actor: Actor, services: Services) -> dict[str, Any]:
        return _json(await services.manage_calendars.add(actor, data.name, _ranges(data.days)))

    @patch("/{calendar_id:str}", summary="Change a calendar's name, or all of its days")
    async def change(
        self, calendar_id: str, data: CalendarChange, actor: Actor, services: Services
    ) -> dict[str, Any]:
        days = None if data.days is None else _ranges(data.days)
        manage = services.manage_calendars
        return _json(await manage.change(actor, calendar_id, data.name, days))

    @delete("/{calendar_id:str}", status_code=204, summary="Remove a calendar that no rule needs")
    async def remove(self, calendar_id: str, actor: Actor, services: Services) -> None:
        await services.manage_calendars.remove(actor, calendar_id)


def _ranges(days: list[DayRangeBody]) -> list[DayRange]:
    return [DayRange(one.first, one.last) for one in days]


def _json(calendar: Calendar) -> dict[str, Any]:
    return {
        "id": calendar.id,
        "name": calendar.name,
        "days": [{"from": one.first, "to": one.last} for one in calendar.days],
        "created_at": to_rfc3339(calendar.created_at_ms),
    }
