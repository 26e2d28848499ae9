"""Agents that people already have, each answered so that its queue is not blocked.

What can never be understood is answered as a success and kept in quarantine; 401 only for bad
credentials, 503 only when nothing was stored.
"""

import attrs
import msgspec

from adapters.inbound.http.agents.asgi import AgentRequest, Answer, Doorkeeper
from adapters.inbound.http.foreign import osmand, overland, owntracks, traccar_json
from adapters.inbound.http.foreign.reading import ForeignObservation, Reading
from adapters.inbound.http.problems import HttpRefusal
from application.device_directory import DeviceAccess
from application.use_cases.accept_batches import AcceptBatches, Delivery, NotRead
from domain.device import Agent

_encode = msgspec.json.Encoder().encode


@attrs.frozen
class ForeignAgentCalls:
    doorkeeper: Doorkeeper
    accept: AcceptBatches

    async def owntracks(self, request: AgentRequest) -> Answer:
        """HTTP mode. The answer is always an array: what the app shall do, here nothing."""
        _only_post(request)
        access = await self.doorkeeper.basic(request, Agent.OWNTRACKS)
        user_agent = request.headers.get(b"user-agent", b"").decode("latin-1")
        now_ms = self.accept.clock.now_ms()
        await self.keep(
            access, owntracks.read(request.body, user_agent=user_agent, received_ms=now_ms)
        )
        return Answer([])

    async def osmand(self, request: AgentRequest) -> Answer:
        """Query string, form body or JSON; the address holds the token."""
        access = await self.doorkeeper.secret(request.path.strip("/"), Agent.OSMAND)
        received_ms = self.accept.clock.now_ms()
        body = request.body
        if body.lstrip()[:1] in (b"{", b"["):
            reading = traccar_json.read_json(body, received_ms=received_ms)
        else:
            query = request.query or body.strip()
            reading = osmand.read_query(query, received_ms=received_ms)
        await self.keep(access, reading)
        return Answer({})

    async def overland(self, request: AgentRequest) -> Answer:
        """The app takes its batch as delivered only when it reads `"result": "ok"`."""
        _only_post(request)
        access = await self.doorkeeper.secret(request.path.strip("/"), Agent.OVERLAND)
        await self.keep(access, overland.read(request.body))
        return Answer({"result": "ok"})

    async def keep(self, access: DeviceAccess, reading: Reading) -> None:
        """Durable on return: what was understood in the queue, the rest in quarantine."""
        not_read = [
            NotRead(item.reason, item.field, item.payload) for item in reading.not_understood
        ]
        deliveries = [_delivery(observation) for observation in reading.observations]
        await self.accept(access, deliveries, not_read)


def _only_post(request: AgentRequest) -> None:
    if request.method != "POST":
        raise HttpRefusal(405, "Method not allowed", "this agent delivers by POST")


def _delivery(observation: ForeignObservation) -> Delivery:
    """Each observation travels alone: its identity is its content.

    An app that had no answer sends what it kept again, together with what came since.
    """
    row = {"time_ms": observation.time_ms, **observation.fields}
    if observation.attributes:
        row["attributes"] = observation.attributes
    return Delivery(observation.kind, _encode([row]), foreign=True)
