"""Batches of locations over the push protocol, beside gRPC and a plain server."""

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

import attrs
import fieldpost_native as native
import msgspec

from benchmarks import servers, uploads
from benchmarks.fleet import Api, enrol
from benchmarks.location_message import batch_message
from benchmarks.machine import cpu_s
from benchmarks.push_client import Measured, Plan, PushClient, Way, push_client
from benchmarks.servers import Server
from benchmarks.table import Table, number

_SIZES = (10, 100, 500)
_CONNECTIONS = (1, 8)
_SECONDS = 0.7
_ROUNDS = 3
_VARIANTS = 16
_DRAIN_S = 60.0


@attrs.frozen
class _Round:
    per_s: float
    cpu_us: float
    cpu_with_processing_us: float
    wire: float
    busy: float


@attrs.define
class _Stand:
    servers: dict[Way, Server]
    api: Api
    credentials: Sequence[str]
    certificate: str
    client: PushClient
    numbers_from: int = 0

    def round(self, way: Way, bodies: Sequence[bytes], connections: int) -> _Round:
        server = self.servers[way]
        plan = Plan(
            way=way,
            port=server.push_port if way is Way.FIELDPOST else server.port,
            bodies=bodies,
            connections=connections,
            seconds=_SECONDS,
            numbers_from=self.numbers_from,
            credentials=self.credentials,
            certificate=self.certificate,
        )
        cpu = cpu_s(server.pid)
        measured = self.client.run(plan)
        self.numbers_from += measured.batches
        answered = cpu_s(server.pid)
        if way is Way.FIELDPOST:
            self._await_processed()
        processed = cpu_s(server.pid)
        return _round(measured, answered - cpu, processed - cpu)

    def _await_processed(self) -> None:
        deadline = time.monotonic() + _DRAIN_S
        while self.api.queue_depth() > 0:
            if time.monotonic() > deadline:
                raise RuntimeError("the queue is not processed in time")
            time.sleep(0.02)


def _round(measured: Measured, cpu: float, processed: float) -> _Round:
    return _Round(
        per_s=measured.per_s,
        cpu_us=cpu / measured.batches * 1e6,
        cpu_with_processing_us=processed / measured.batches * 1e6,
        wire=measured.wire_bytes / measured.batches,
        busy=measured.busy,
    )


def push() -> Table:
    rows = []
    with _stand() as stand:
        for size in _SIZES:
            bodies = _bodies(size)
            for connections in _CONNECTIONS:
                rounds: dict[Way, list[_Round]] = {way: [] for way in Way}
                for _ in range(_ROUNDS):
                    for way in Way:
                        rounds[way].append(stand.round(way, bodies[way], connections))
                medians = {way: _median(each) for way, each in rounds.items()}
                rows.append([str(size), str(connections), *_cells(medians, size)])
    return Table("Push: batches of locations, durable before the receipt", _HEADERS, rows, _NOTE)


_HEADERS = (
    "locations a batch",
    "connections",
    "observations/s",
    "gRPC",
    "msgpack",
    "times gRPC",
    "times msgpack",
    "CPU µs a batch",
    "with processing",
    "gRPC CPU µs",
    "msgpack CPU µs",
    "bytes an observation",
    "gRPC bytes",
    "msgpack bytes",
    "client busy",
)
_NOTE = (
    "Every connection keeps up to 256 batches under way; the server has one core, the client "
    "another. Fieldpost speaks TLS, checks credential, consent, every value and duplicates, and "
    "processes what it took at the same time; the other two speak plain TCP, decode, touch and "
    "append with group commit. *CPU* is the server's per batch until the last receipt, and until "
    "all is processed. *Bytes* crossed the loopback in both directions, heads of packets included."
)


def _cells(medians: dict[Way, _Round], size: int) -> list[str]:
    ours, grpc, plain = (medians[way] for way in Way)
    return [
        *(number(one.per_s * size) for one in (ours, grpc, plain)),
        f"{ours.per_s / grpc.per_s:.2f}",
        f"{ours.per_s / plain.per_s:.2f}",
        number(ours.cpu_us),
        number(ours.cpu_with_processing_us),
        number(grpc.cpu_us),
        number(plain.cpu_us),
        *(number(one.wire / size) for one in (ours, grpc, plain)),
        f"{ours.busy:.2f}",
    ]


def _bodies(size: int) -> dict[Way, list[bytes]]:
    """The same walks for all; the client writes the number before each."""
    walks = [uploads.walk(size, seed) for seed in range(_VARIANTS)]
    message = batch_message()
    made: dict[Way, list[bytes]] = {way: [] for way in Way}
    for walk in walks:
        block = native.encode_json("location", msgspec.json.encode(walk), 0, 1 << 52).block
        timed = [_with_time_ms(fix) for fix in walk]
        made[Way.FIELDPOST].append(block)
        made[Way.GRPC].append(message(locations=timed).SerializeToString())
        rows = [list(fix.values()) for fix in timed]
        made[Way.MSGPACK].append(b"\xa9locations" + msgspec.msgpack.encode(rows))
    return made


def _with_time_ms(fix: dict[str, Any]) -> dict[str, Any]:
    at = datetime.fromisoformat(fix["time"])
    rest = {name: value for name, value in fix.items() if name != "time"}
    return {"time_ms": round(at.timestamp() * 1000), **rest}


def _median(rounds: Sequence[_Round]) -> _Round:
    names = [field.name for field in attrs.fields(_Round)]
    return _Round(**{name: median(getattr(one, name) for one in rounds) for name in names})


@contextmanager
def _stand() -> Iterator[_Stand]:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        data = Path(folder)
        owner = servers.create_account(data / "fieldpost")
        ours = stack.enter_context(servers.fieldpost(data / "fieldpost"))
        grpc = stack.enter_context(servers.module("benchmarks.push_grpc_server", data))
        plain = stack.enter_context(servers.module("benchmarks.push_msgpack_server", data))
        api = Api(ours.port, owner.api_token)
        stack.callback(api.close)
        yield _Stand(
            servers={Way.FIELDPOST: ours, Way.GRPC: grpc, Way.MSGPACK: plain},
            api=api,
            credentials=[device.credential for device in enrol(api, max(_CONNECTIONS))],
            certificate=str(data / "fieldpost" / "push-certificate.pem"),
            client=stack.enter_context(push_client()),
        )
