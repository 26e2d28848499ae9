"""The least of each client: enough to see whether a server keeps what it was given."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import aioboto3
import aiormq
import aiormq.abc
from aiormq.abc import DeliveredMessage
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from deploy.local import Dynoxide

QUEUE = "words"


async def rows(url: str, *statements: str) -> list[tuple[Any, ...]]:
    """What the last statement finds; each is committed."""
    engine = create_async_engine(url)
    found: list[tuple[Any, ...]] = []
    try:
        for statement in statements:
            async with engine.begin() as connection:
                result = await connection.execute(text(statement))
                found = [tuple(row) for row in result] if result.returns_rows else []
    finally:
        await engine.dispose()
    return found


@contextlib.asynccontextmanager
async def channel(url: str) -> AsyncIterator[aiormq.abc.AbstractChannel]:
    connection = await aiormq.connect(url)
    try:
        yield await connection.channel()
    finally:
        await connection.close()


async def publish(url: str, word: str) -> None:
    """Returns when the broker has confirmed that a durable queue keeps it."""
    async with channel(url) as broker:
        await broker.queue_declare(QUEUE, durable=True, arguments={"x-queue-type": "quorum"})
        properties = aiormq.spec.Basic.Properties(delivery_mode=2)
        await broker.basic_publish(
            word.encode(), routing_key=QUEUE, properties=properties, mandatory=True
        )


async def fetch(url: str) -> str | None:
    """The next word of the queue; None where there is none."""
    async with channel(url) as broker:
        message: DeliveredMessage = await broker.basic_get(QUEUE, no_ack=True)
        return message.body.decode() if message.routing_key is not None else None


@contextlib.asynccontextmanager
async def tables(server: Dynoxide) -> AsyncIterator[Any]:
    async with aioboto3.Session().client("dynamodb", **server.client_options) as client:
        yield client


async def create_table(server: Dynoxide, name: str) -> None:
    async with tables(server) as client:
        await client.create_table(
            TableName=name,
            AttributeDefinitions=[{"AttributeName": "word", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "word", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
        )


async def put(server: Dynoxide, table: str, word: str) -> None:
    async with tables(server) as client:
        await client.put_item(TableName=table, Item={"word": {"S": word}})


async def has(server: Dynoxide, table: str, word: str) -> bool:
    async with tables(server) as client:
        found = await client.get_item(TableName=table, Key={"word": {"S": word}})
        return "Item" in found
