"""The part of ActivityWatch's REST interface that its watchers use.

Their client library loses what is answered with a 5xx, so an answer waits for the disk and for
nothing else. Heartbeats are not merged here: the same activity, seen again for longer, is merged
when a day is looked at.
"""

from urllib.parse import parse_qs, unquote

import attrs
import msgspec

from adapters.inbound.http.agents.asgi import AgentRequest, Answer, Doorkeeper
from adapters.inbound.http.agents.foreign import ForeignAgentCalls
from adapters.inbound.http.foreign import activitywatch
from adapters.inbound.http.problems import HttpRefusal
from application.device_directory import DeviceAccess
from domain.device import Agent
from domain.refusals import FieldError

_TYPES = {
    "aw-watcher-window": "currentwindow",
    "aw-watcher-afk": "afkstatus",
    "aw-watcher-web": "web.tab.current",
    "aw-watcher-android": "currentwindow",
}


class Event(msgspec.Struct):
    """What a heartbeat must have; the rest is read by `activitywatch.read_events`."""

    timestamp: str


_event = msgspec.json.Decoder(Event)


@attrs.frozen
class ActivityWatchCalls:
    doorkeeper: Doorkeeper
    foreign: ForeignAgentCalls

    async def __call__(self, request: AgentRequest) -> Answer:
        """`{token}/api/0/…`: info, buckets, heartbeats and events."""
        token, _, path = request.path.partition("/api/0/")
        access = await self.doorkeeper.secret(token, Agent.ACTIVITYWATCH)
        match [request.method, *path.strip("/").split("/")]:
            case ["GET", "info"]:
                return Answer(_info(access))
            case ["GET", "buckets"]:
                return Answer({})
            case ["POST", "buckets", _]:
                return Answer({})
            case ["POST", "buckets", bucket, "heartbeat"]:
                return await self._heartbeat(access, unquote(bucket), request)
            case ["POST", "buckets", bucket, "events"]:
                await self._keep(access, unquote(bucket), request.body)
                return Answer(None)
        raise HttpRefusal(404, "Not found", "this part of the interface is not offered")

    async def _heartbeat(self, access: DeviceAccess, bucket: str, request: AgentRequest) -> Answer:
        """Answers the event as it came, as if it were the first of its kind."""
        if b"pulsetime" not in parse_qs(request.query):
            raise _missing("pulsetime")
        try:
            _event.decode(request.body)
            said = msgspec.json.decode(request.body)
        except msgspec.ValidationError:
            raise _missing("timestamp") from None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            said = {}  # kept in quarantine by what follows
        await self._keep(access, bucket, request.body)
        return Answer(said)

    async def _keep(self, access: DeviceAccess, bucket: str, body: bytes) -> None:
        watcher, _, host = bucket.partition("_")
        type_ = next((t for name, t in _TYPES.items() if watcher.startswith(name)), watcher)
        reading = activitywatch.read_events(type_, host, body, bucket_id=bucket)
        await self.foreign.keep(access, reading)


def _info(access: DeviceAccess) -> dict[str, object]:
    return {
        "hostname": "fieldpost",
        "version": "v0.13.2 (fieldpost)",
        "testing": False,
        "device_id": access.device_id,
    }


def _missing(name: str) -> HttpRefusal:
    return HttpRefusal(
        400, "The heartbeat is not complete", f"{name} is missing", [FieldError(name, "is missing")]
    )
