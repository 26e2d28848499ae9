"""People: who is monitored, what they consent to, and their days."""

from datetime import date
from typing import Annotated, Any

from litestar import Controller, delete, get, patch, post
from litestar.params import QueryParameter

from adapters.inbound.http.api.parameters import listed
from adapters.inbound.http.api.requests import (
    ConsentBody,
    PersonBody,
    PersonChange,
    moment_ms,
)
from adapters.inbound.http.services import Services
from application.actor import Actor
from application.queries.views import consent_view, person_view
from domain.consolidation.totals import Span


class PeopleController(Controller):
    path = "/api/v1/people"
    tags = ("people",)

    @get("/", summary="All people of the account")
    async def all(self, actor: Actor, services: Services) -> dict[str, Any]:
        async with services.configuration.reading() as tx:
            people = await tx.people.matching(actor.account_id)
        return listed([person_view(person) for person in people])

    @post("/", summary="Add a person")
    async def add(self, data: PersonBody, actor: Actor, services: Services) -> dict[str, Any]:
        person = await services.manage_people.add(actor, data.name, data.time_zone)
        return person_view(person)

    @patch("/{person_id:str}", summary="Change a person's name or time zone")
    async def change(
        self, person_id: str, data: PersonChange, actor: Actor, services: Services
    ) -> dict[str, Any]:
        person = await services.manage_people.change(actor, person_id, data.name, data.time_zone)
        return person_view(person)

    @get("/{person_id:str}/consents", summary="What the person has allowed, revoked or not")
    async def consents(self, person_id: str, actor: Actor, services: Services) -> dict[str, Any]:
        await services.look_at_people.person(actor, person_id)
        async with services.configuration.reading() as tx:
            consents = await tx.consents.matching(actor.account_id, person_id=person_id)
        return listed([consent_view(consent) for consent in consents])

    @post("/{person_id:str}/consents", summary="Record what the person allows")
    async def grant(
        self, person_id: str, data: ConsentBody, actor: Actor, services: Services
    ) -> dict[str, Any]:
        schedule = data.schedule.schedule() if data.schedule else None
        from_ms = moment_ms(data.start, "from") if data.start else None
        to_ms = moment_ms(data.end, "to") if data.end else None
        consent = await services.manage_people.grant(
            actor, person_id, data.kinds, from_ms, to_ms, schedule
        )
        return consent_view(consent)

    @delete(
        "/{person_id:str}/consents/{consent_id:str}", status_code=204, summary="Revoke a consent"
    )
    async def revoke(
        self, person_id: str, consent_id: str, actor: Actor, services: Services
    ) -> None:
        await services.manage_people.revoke(actor, person_id, consent_id)

    @get("/{person_id:str}/timeline", summary="One day of a person")
    async def timeline(
        self,
        person_id: str,
        day: Annotated[date, QueryParameter(name="date", description="a day of the person's")],
        actor: Actor,
        services: Services,
    ) -> dict[str, Any]:
        return await services.look_at_people.timeline(actor, person_id, day)

    @get("/{person_id:str}/summary", summary="Numbers for each day, week or month of a range")
    async def summary(
        self,
        person_id: str,
        actor: Actor,
        services: Services,
        start: Annotated[date, QueryParameter(name="from", description="first day")],
        end: Annotated[date, QueryParameter(name="to", description="last day, included")],
        by: Span = Span.DAY,
        compare: bool = False,
    ) -> dict[str, Any]:
        return await services.look_at_people.summary(actor, person_id, start, end, by, compare)
