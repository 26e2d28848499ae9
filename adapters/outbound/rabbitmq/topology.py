"""The exchanges and queues of the platform, as `fieldpost migrate` declares them."""

import hashlib
from collections.abc import Iterator
from typing import Any

from aiormq.exceptions import AMQPChannelError

from adapters.outbound.rabbitmq.connection import RabbitConnection, driver_faults
from adapters.outbound.rabbitmq.settings import RabbitSettings
from application.faults import StoreBroken
from domain.batch import Lane

OBSERVATIONS = "observations"
DEAD = "dead"
SIGNALS = "signals"
JOBS = "jobs"
JOB_DELAYS_S = (1, 5, 30, 120)
"""A job that shall wait is put into the queue with the next longer of these."""

_QUORUM = {"x-queue-type": "quorum"}
_MOST_DELIVERIES = 1_000
"""The workers count the tries that matter; this ends what never gets as far as to be counted."""


def partition_of(device_id: str, partitions: int) -> int:
    """The same in every process and version."""
    hashed = hashlib.blake2b(device_id.encode(), digest_size=8).digest()
    return int.from_bytes(hashed, "big") % partitions


def queue_name(lane: Lane, partition: int) -> str:
    return f"{OBSERVATIONS}.{lane.value}.{partition}"


def observation_queues(settings: RabbitSettings) -> Iterator[str]:
    for lane in Lane:
        for partition in range(settings.partitions):
            yield queue_name(lane, partition)


def delay_queue(delay_s: int) -> str:
    return f"{JOBS}.after.{delay_s}s"


async def declare(connection: RabbitConnection) -> list[str]:
    """Everything, where it is missing; what was missing, a line each. Raises Unavailable, and
    StoreBroken where something is there that is different.
    """
    settings = connection.settings
    made = []
    for name, arguments in _queues(settings):
        if not await _exists(connection, name):
            made.append(f"rabbitmq: queue {name}")
        await _declare(connection, name, arguments)
    async with connection.brief_channel() as channel:
        await channel.exchange_declare(OBSERVATIONS, exchange_type="direct", durable=True)
        await channel.exchange_declare(DEAD, exchange_type="fanout", durable=True)
        await channel.exchange_declare(SIGNALS, exchange_type="fanout", durable=True)
        await channel.queue_bind(DEAD, DEAD)
        for name in observation_queues(settings):
            await channel.queue_bind(name, OBSERVATIONS, routing_key=name)
    return made


async def check(connection: RabbitConnection) -> None:
    """Raises StoreBroken when something is missing, Unavailable."""
    for name, _ in _queues(connection.settings):
        if not await _exists(connection, name):
            raise StoreBroken(f"RabbitMQ has no queue {name}: run `fieldpost migrate`")


def _queues(settings: RabbitSettings) -> Iterator[tuple[str, dict[str, Any]]]:
    yield DEAD, _QUORUM
    for name in observation_queues(settings):
        yield (
            name,
            {
                **_QUORUM,
                "x-single-active-consumer": True,
                "x-delivery-limit": _MOST_DELIVERIES,
                "x-dead-letter-exchange": DEAD,
                "x-dead-letter-strategy": "at-least-once",
                "x-overflow": "reject-publish",
                "x-max-length": settings.max_waiting,
            },
        )
    yield JOBS, {**_QUORUM, "x-delivery-limit": _MOST_DELIVERIES}
    for delay_s in JOB_DELAYS_S:
        yield (
            delay_queue(delay_s),
            {
                **_QUORUM,
                "x-message-ttl": delay_s * 1_000,
                "x-dead-letter-exchange": "",
                "x-dead-letter-routing-key": JOBS,
                "x-dead-letter-strategy": "at-least-once",
                "x-overflow": "reject-publish",
            },
        )


async def _exists(connection: RabbitConnection, name: str) -> bool:
    """A question that is answered with no costs its channel."""
    channel = await connection.channel()
    try:
        with driver_faults():
            await channel.queue_declare(name, passive=True)
            await channel.close()
    except Exception as error:
        if isinstance(error.__cause__, AMQPChannelError):
            return False
        raise
    return True


async def _declare(connection: RabbitConnection, name: str, arguments: dict[str, Any]) -> None:
    channel = await connection.channel()
    try:
        with driver_faults():
            await channel.queue_declare(name, durable=True, arguments=arguments)
            await channel.close()
    except Exception as error:
        if isinstance(error.__cause__, AMQPChannelError):
            raise StoreBroken(f"RabbitMQ has another queue {name}: {error.__cause__}") from error
        raise
