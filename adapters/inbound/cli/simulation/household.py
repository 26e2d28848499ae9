"""Sets the family up through the dashboard API: people, consents, devices, places, rules.

What is there already, by its name, is taken as it is.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import attrs

from adapters.inbound.cli.simulation.calls import Calls
from adapters.inbound.cli.simulation.dashboard import DashboardApi
from adapters.inbound.cli.simulation.house_rules import rules
from adapters.inbound.cli.simulation.live import FIX_EVERY_S
from adapters.inbound.cli.simulation.people import DEVICES, PEOPLE, Device
from adapters.inbound.cli.simulation.power import AGENT_VERSION
from adapters.inbound.cli.simulation.record import DeviceRecord
from adapters.inbound.cli.simulation.world import LAKE, LAKE_NAME, SPOTS, TIME_ZONE
from domain.kinds import Kind
from domain.times import from_datetime

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is to do."""


@attrs.frozen
class Household:
    """May be run again and again without doubling anything."""

    api: DashboardApi
    progress: Progress

    async def people(self) -> dict[str, str]:
        """Ids by key. Everybody consents to everything, once."""
        known = await self.api.all("/people")
        ids: dict[str, str] = {}
        for person in PEOPLE:
            self.progress("People and consents", len(ids), len(PEOPLE))
            wanted = {"name": person.name, "time_zone": TIME_ZONE}
            found = await self.api.named("/people", wanted, known)
            ids[person.key] = found["id"]
            consents = await self.api.all(f"/people/{found['id']}/consents")
            if not consents:
                every = {"kinds": [kind.value for kind in Kind]}
                await self.api.add(f"/people/{found['id']}/consents", every)
        return ids

    async def places_and_rules(self, people: Mapping[str, str]) -> None:
        self.progress("Places and rules", 0, 1)
        known = await self.api.all("/places")
        places = {
            key: (await self.api.named("/places", place, known))["id"]
            for key, place in _places().items()
        }
        known = await self.api.all("/rules")
        for rule in rules(people, places):
            await self.api.named("/rules", rule, known)
        self.progress("Places and rules", 1, 1)

    async def devices(
        self, people: Mapping[str, str], records: dict[str, DeviceRecord], from_ms: int
    ) -> None:
        """Enrol those without a record, and put their records to the others.

        A new device has everything from `from_ms` on to deliver; one that was enrolled before
        only what came after the platform last heard of it.
        """
        known = await self.api.all("/devices")
        for index, device in enumerate(DEVICES):
            self.progress("Devices", index, len(DEVICES))
            if device.key in records:
                continue
            wanted = {
                "person_id": people[device.person],
                "name": device.name,
                "platform": device.platform,
            }
            found = await self.api.named("/devices", wanted, known)
            records[device.key] = await enrolled(self.api, found, device.agent, from_ms)
            await self._policy(device, found["id"])

    async def _policy(self, device: Device, device_id: str) -> None:
        """Phones in the live part may send fixes as often as they do."""
        if device.is_phone:
            interval = {"enabled": True, "interval_s": FIX_EVERY_S[device.person]}
            policy = {"kinds": {Kind.LOCATION.value: interval}}
            await self.api.put(f"/devices/{device_id}/policy", policy)


async def enrolled(
    api: DashboardApi, device: Mapping[str, Any], agent: str, from_ms: int
) -> DeviceRecord:
    """A credential for a device, by a one-time code or as a token.

    One that was enrolled before goes on after what the platform has heard of it, and with
    sequence numbers that no earlier agent of it has used.
    """
    is_new = device["state"] == "new"
    since_ms = from_ms if is_new else max(from_ms, _heard_ms(device) or from_ms)
    first = 1 if is_new else api.calls.clock.now_ms()
    if agent != "fieldpost":
        token = await api.token(device["id"], agent)
        return DeviceRecord(device["id"], token, since_ms, first_sequence=first)
    code = await api.enrolment_code(device["id"])
    return await redeemed(api.calls, code, device["platform"], since_ms, first)


async def redeemed(
    calls: Calls, code: str, platform: str, from_ms: int, first_sequence: int = 1
) -> DeviceRecord:
    """Enrol as a Fieldpost agent does."""
    agent = {"name": "fieldpost-simulation", "version": AGENT_VERSION, "platform": platform}
    answer = await calls("POST", "/agent/v1/enrol", {"code": code, "agent": agent})
    record = DeviceRecord(
        answer["device_id"], answer["credential"], from_ms, first_sequence=first_sequence
    )
    record.obey(answer["policy"])
    return record


def _heard_ms(device: Mapping[str, Any]) -> int | None:
    """Just after the newest event that the platform knows of."""
    times = [one["time"] for one in (device.get("latest") or {}).values()]
    return from_datetime(datetime.fromisoformat(max(times))) + 1 if times else None


def _places() -> dict[str, dict[str, Any]]:
    places: dict[str, dict[str, Any]] = {
        spot.key: {
            "name": spot.name,
            "circle": {
                "lat": round(spot.position[0], 6),
                "lon": round(spot.position[1], 6),
                "radius_m": spot.radius_m,
            },
        }
        for spot in SPOTS
        if spot.radius_m is not None
    }
    places["lake"] = {"name": LAKE_NAME, "polygon": [list(corner) for corner in LAKE]}
    return places
