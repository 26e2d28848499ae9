"""Places: named circles and polygons."""

import attrs

from application.actor import Actor
from application.device_directory import DeviceDirectory
from application.faults import Conflict, Invalid, NotFound
from application.identifiers import new_id
from application.ports.clock import Clock
from application.ports.configuration import Configuration
from domain.place import Circle, Place, Polygon, shape_errors
from domain.refusals import FieldError
from domain.rules.condition import place_ids

MAX_PLACES = 2_000
MAX_NAME = 200


@attrs.frozen
class ManagePlaces:
    configuration: Configuration
    directory: DeviceDirectory
    clock: Clock

    async def add(self, actor: Actor, name: str, shape: Circle | Polygon) -> Place:
        actor.must_change()
        now_ms = self.clock.now_ms()
        place = Place(new_id(now_ms), actor.account_id, name.strip(), shape, now_ms)
        _check(place)
        async with self.configuration.changing() as tx:
            if len(await tx.places.matching(actor.account_id)) >= MAX_PLACES:
                raise Conflict(f"an account has {MAX_PLACES} places at most")
            await tx.places.add(place)
            await tx.audit.add(actor.entry(now_ms, "place.add", place.id, place.name))
        return place

    async def change(
        self, actor: Actor, place_id: str, name: str | None, shape: Circle | Polygon | None
    ) -> Place:
        """Rules that name the place start anew with a changed shape."""
        actor.must_change()
        async with self.configuration.changing() as tx:
            place = await tx.places.get(actor.account_id, place_id)
            if place is None:
                raise NotFound("there is no such place")
            reshaped = shape is not None and shape != place.shape
            place = attrs.evolve(
                place,
                name=(name if name is not None else place.name).strip(),
                shape=shape or place.shape,
            )
            _check(place)
            await tx.places.replace(place)
            if reshaped:
                for rule in await tx.rules.matching(actor.account_id):
                    if place_id in place_ids(rule.when):
                        await tx.rules.replace(attrs.evolve(rule, version=rule.version + 1))
            now_ms = self.clock.now_ms()
            await tx.audit.add(actor.entry(now_ms, "place.change", place.id, place.name))
        self.directory.changed(actor.account_id)
        return place

    async def remove(self, actor: Actor, place_id: str) -> None:
        """Raises Conflict while a rule names the place."""
        actor.must_change()
        async with self.configuration.changing() as tx:
            place = await tx.places.get(actor.account_id, place_id)
            if place is None:
                raise NotFound("there is no such place")
            users = [
                rule.name
                for rule in await tx.rules.matching(actor.account_id)
                if place_id in place_ids(rule.when)
            ]
            if users:
                raise Conflict(f"the rule “{users[0]}” needs this place; remove it first")
            await tx.places.remove(actor.account_id, place_id)
            now_ms = self.clock.now_ms()
            await tx.audit.add(actor.entry(now_ms, "place.remove", place.id, place.name))
        self.directory.changed(actor.account_id)


def _check(place: Place) -> None:
    errors = shape_errors(place.shape)
    if not 1 <= len(place.name) <= MAX_NAME:
        errors = [FieldError("name", f"must have 1 to {MAX_NAME} characters"), *errors]
    if errors:
        raise Invalid.of(errors)
