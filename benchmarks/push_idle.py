"""What an agent that stays connected and says nothing costs."""

import asyncio
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import uvloop

from benchmarks import servers
from benchmarks.fleet import Api, enrol
from benchmarks.machine import client_core, cpu_s, resident_bytes
from benchmarks.push_agents import EchoClient, PushAgent, connect
from benchmarks.servers import Server
from benchmarks.table import Table, number

CONNECTIONS = 10_000
_OF_DEVICE = 50  # enrolling takes longer than connecting
_REST_S = 10.0

_HEADERS = ("server", "connections", "KiB each", "CPU at rest", "connected in s")
_NOTE = (
    "Resident memory of the process with the connections, less that without, by connection. TLS "
    "alone is a server in uvloop that does nothing else. The kernel's memory is not in it."
)


def push_idle() -> Table:
    os.sched_setaffinity(0, {client_core()})
    os.environ["FIELDPOST_PUSH_MAX_CONNECTIONS_OF_DEVICE"] = str(_OF_DEVICE)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        owner = servers.create_account(data)
        with servers.fieldpost(data) as server:
            api = Api(server.port, owner.api_token)
            devices = enrol(api, CONNECTIONS // _OF_DEVICE)
            makers = [
                partial(PushAgent, device.credential)
                for device in devices
                for _ in range(_OF_DEVICE)
            ]
            ours = _measured(Server("fieldpost", server.pid, server.push_port), makers)
        files = data / "push-certificate.pem", data / "push-key.pem"
        with servers.tls_echo(*files) as server:
            theirs = _measured(server, [EchoClient] * len(makers))
    return Table("Agents at rest", _HEADERS, [ours, theirs], _NOTE)


def _measured(server: Server, makers: Sequence[Callable[[], Any]]) -> list[str]:
    return uvloop.run(_measure(server, makers))


async def _measure(server: Server, makers: Sequence[Callable[[], Any]]) -> list[str]:
    # What the first connections make it load is no cost of the others.
    first = await connect(server.port, makers[:50])
    before = resident_bytes(server.pid)
    started = time.monotonic()
    made = await connect(server.port, makers[50:])
    connected_s = time.monotonic() - started
    await asyncio.sleep(2)
    each = (resident_bytes(server.pid) - before) / len(made)
    cpu = cpu_s(server.pid)
    await asyncio.sleep(_REST_S)
    busy = (cpu_s(server.pid) - cpu) / _REST_S
    for transport, _ in first + made:
        transport.abort()
    return [
        server.name,
        number(len(makers)),
        number(each / 1024),
        f"{busy:.1%}",
        number(connected_s),
    ]
