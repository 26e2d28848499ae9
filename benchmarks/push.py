"""What a batch costs over a connection that stays, beside the same batch over HTTP."""

import asyncio
import json
import os
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import uvloop
from fieldpost_native import encode_json

from benchmarks import servers
from benchmarks.fleet import Api, EnrolledDevice, enrol
from benchmarks.machine import client_core, cpu_s
from benchmarks.push_agents import PushAgent, connect
from benchmarks.servers import free_port
from benchmarks.table import Table, number
from benchmarks.uploads import walk

_SIZES = (10, 100, 500)
_AGENTS = 32
_UNDER_WAY = 32
_SECONDS = 6.0
_DRAIN_S = 60.0

_HEADERS = ("locations", "batches/s", "locations/s", "CPU us/batch", "with processing")
_NOTE = (
    f"{_AGENTS} agents over TLS, each with {_UNDER_WAY} blocks under way for {_SECONDS:.0f} s. CPU "
    "is of the server's process per batch, while batches are sent and until all are processed."
)


def push() -> Table:
    os.sched_setaffinity(0, {client_core()})
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        owner = servers.create_account(data)
        port = free_port()
        with servers.fieldpost(data, f"127.0.0.1:{port}") as server:
            api = Api(server.port, owner.api_token)
            rows = []
            for size in _SIZES:
                devices = enrol(api, _AGENTS)
                rows.append(uvloop.run(_measure(server.pid, port, devices, size, api)))
    return Table("Push", _HEADERS, rows, _NOTE)


async def _measure(
    pid: int, port: int, devices: Sequence[EnrolledDevice], size: int, api: Api
) -> list[str]:
    made = await connect(port, [partial(PushAgent, device.credential) for device in devices])
    agents: list[PushAgent] = [agent for _, agent in made]
    blocks = [_block(size, seed) for seed in range(16)]
    stopped = False
    numbers = [0] * len(agents)

    def feed(place: int) -> None:
        agent = agents[place]
        while not stopped and agent.connection.unacknowledged < _UNDER_WAY:
            agent.connection.send_block(numbers[place], blocks[numbers[place] % len(blocks)])
            numbers[place] += 1
        agent.flush()

    cpu, started = cpu_s(pid), time.monotonic()
    for place, agent in enumerate(agents):
        agent.told = partial(feed, place)
        feed(place)
    await asyncio.sleep(_SECONDS)
    stopped = True
    took_s = time.monotonic() - started
    batches = sum(agent.receipts for agent in agents)
    sent_cpu = cpu_s(pid) - cpu
    deadline = time.monotonic() + _DRAIN_S
    while api.queue_depth() and time.monotonic() < deadline:
        await asyncio.sleep(0.2)
    whole_cpu = cpu_s(pid) - cpu
    for transport, _ in made:
        transport.abort()
    return [
        str(size),
        number(batches / took_s),
        number(batches * size / took_s),
        number(sent_cpu / batches * 1e6),
        number(whole_cpu / batches * 1e6),
    ]


def _block(size: int, seed: int) -> bytes:
    observations = json.dumps(walk(size, seed)).encode()
    encoded = encode_json("location", observations, 0, 4_102_444_800_000)
    assert encoded.count == size, encoded.refused
    return encoded.block
