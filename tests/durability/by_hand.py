"""Beside a running platform: messages that no intake has written, and looks into its stores."""

import asyncio
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from adapters.inbound.cli.program import opened_parts
from adapters.inbound.cli.settings_file import read_settings
from adapters.outbound.rabbitmq.connection import RabbitConnection
from adapters.outbound.rabbitmq.dead_letters import NOBODY
from adapters.outbound.rabbitmq.publisher import RabbitPublisher
from adapters.outbound.rabbitmq.topology import DEAD, OBSERVATIONS, partition_of, queue_name
from bootstrap import Settings, distributed
from deploy.local.platform import LocalPlatform
from domain.batch import Batch, Lane
from domain.kinds import Kind
from domain.quarantine import Quarantined
from tests.durability.fleet import INSIDE, LON
from tests.support.blocks import block
from tests.support.client import Device, fix

_DATABASE = "fieldpost"
_LOCK_S = 10


def batch_of(device: Device, identity: str, whole: bytes | None = None) -> Batch:
    """One location of a minute ago, or what is said to be one."""
    now_ms = time.time_ns() // 1_000_000
    whole = whole or block("location", fix(INSIDE, LON, ago_s=60))
    account_id = device.account.id
    times_ms = (now_ms - 60_000, now_ms - 60_000, now_ms)
    return Batch(account_id, device.id, Kind.LOCATION, identity, whole, 1, *times_ms)


def remains_of(device: Device, number: int) -> Quarantined:
    """Something that was not understood of what the device has sent."""
    now_ms = time.time_ns() // 1_000_000
    ident = f"{now_ms:012x}{number:012x}"
    return Quarantined(
        ident, device.account.id, device.id, now_ms, "fieldpost", "invalid", "lat", b'{"lat": 91}'
    )


def put_into_queue(
    platform: LocalPlatform, device_id: str, *bodies: bytes, lane: Lane = Lane.LIVE
) -> None:
    """As messages of this device; returns when the broker has them on disk."""
    partitions = read_settings(Settings, platform.settings).rabbitmq.partitions
    name = queue_name(lane, partition_of(device_id, partitions))
    _publish(platform, OBSERVATIONS, name, bodies)


def put_among_dead(platform: LocalPlatform, body: bytes) -> None:
    """As the broker does with a message that was given out too often."""
    _publish(platform, DEAD, "", [body])


def _publish(platform: LocalPlatform, exchange: str, key: str, bodies: Iterable[bytes]) -> None:
    settings = read_settings(Settings, platform.settings).rabbitmq

    async def run() -> None:
        connection = RabbitConnection(settings)
        await connection.open()
        try:
            publisher = RabbitPublisher(connection)
            for body in bodies:
                await publisher.publish(exchange, key, body)
            await publisher.close()
        finally:
            await connection.close()

    asyncio.run(run())


def unreadable(platform: LocalPlatform) -> list[Quarantined]:
    """What stands in quarantine for nobody, as those see it who run the platform."""

    async def run() -> list[Quarantined]:
        stores = distributed(platform.settings).table()
        async with opened_parts([stores]):
            page = await stores.quarantine.page(NOBODY, None, 100)
            return list(page.items)

    return asyncio.run(run())


@contextmanager
def rules_locked(platform: LocalPlatform) -> Iterator[None]:
    """Nobody can read which rules there are: a worker has to wait with a device it does not know,
    and holds what it has taken. All else goes on.
    """
    server = platform.mariadb
    client = subprocess.Popen(
        [
            "mariadb",
            "--no-defaults",
            "--skip-column-names",
            "--unbuffered",
            f"--host={server.host}",
            f"--port={server.port}",
            f"--user={server.user}",
            _DATABASE,
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert client.stdin is not None and client.stdout is not None
    try:
        client.stdin.write(f"SET lock_wait_timeout = {_LOCK_S};\n")
        client.stdin.write("LOCK TABLES rules WRITE;\nSELECT 'locked';\n")
        client.stdin.flush()
        assert client.stdout.readline().strip() == "locked"
        yield
    finally:
        client.kill()
        client.communicate()
