"""A table that refuses for a while, or for long, and answers that are lost."""

import asyncio
import json
from collections.abc import Iterator
from functools import partial
from typing import Any

import attrs
import pytest
from aiobotocore.awsrequest import AioAWSResponse

from adapters.outbound.dynamodb import keys
from adapters.outbound.dynamodb.at_once import AT_ONCE, each
from adapters.outbound.dynamodb.client import DynamoClient
from adapters.outbound.dynamodb.schema import check_table, create_table
from adapters.outbound.dynamodb.settings import DynamoSettings
from application.faults import StoreBroken, StoreClosed, Unavailable
from application.ports.device_ledger import Effects
from deploy.local import Dynoxide
from tests.contracts.builders import ACCOUNT, DEVICE, alert, batch, history, quarantined
from tests.dynamodb.table import UnitTally, Worker, items_of, opened
from tests.support.fault_proxy import FaultProxy

pytestmark = pytest.mark.anyio


class Refusal:
    """Answers for the table, `times` times."""

    def __init__(self, code: str, times: int, status: int = 400) -> None:
        self.left = times
        self._status = status
        self._body = json.dumps({"__type": f"com.amazonaws.dynamodb.v20120810#{code}"}).encode()

    def __call__(self, request: Any, **_: Any) -> Any:
        if self.left == 0:
            return None
        self.left -= 1
        response = AioAWSResponse(request.url, self._status, {}, None)
        response._content = self._body
        return response


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("ProvisionedThroughputExceededException", 400),
        ("ThrottlingException", 400),
        ("RequestLimitExceeded", 400),
        ("InternalServerError", 500),
    ],
)
async def test_what_is_refused_for_a_moment_is_tried_again(
    worker: Worker, code: str, status: int
) -> None:
    refusal = Refusal(code, 3, status)
    worker.client.events.register("before-send.dynamodb.PutItem", refusal)
    assert await worker.ledger.apply([Effects(history(1), [batch(1)])]) == [True]
    assert refusal.left == 0


async def test_what_is_refused_for_long_is_unavailable_and_has_no_effect(
    settings: DynamoSettings, worker: Worker
) -> None:
    quick = attrs.evolve(settings, deadline_s=0.5)
    async with opened(DynamoClient(quick, UnitTally())) as client:
        client.events.register(
            "before-send.dynamodb.PutItem", Refusal("ThrottlingException", 10_000)
        )
        another = Worker.on(client)
        with pytest.raises(Unavailable):
            await another.ledger.apply([Effects(history(1), [batch(1)])])
        assert await another.ledger.unapplied([batch(1)]) == [batch(1)]
    assert (await worker.history()).version == 0


async def test_what_the_table_does_not_take_is_broken(worker: Worker) -> None:
    worker.client.events.register("before-send.dynamodb.PutItem", Refusal("ValidationException", 1))
    with pytest.raises(StoreBroken, match="ValidationException") as caught:
        await worker.ledger.apply([Effects(history(1), [batch(1)])])
    assert not isinstance(caught.value, StoreClosed)


@pytest.mark.parametrize("code", ["AccessDeniedException", "ExpiredTokenException"])
async def test_a_table_that_lets_nobody_in_is_closed(worker: Worker, code: str) -> None:
    worker.client.events.register("before-send.dynamodb.PutItem", Refusal(code, 1))
    with pytest.raises(StoreClosed, match=code):
        await worker.ledger.apply([Effects(history(1), [batch(1)])])


async def test_after_one_that_is_unavailable_no_other_is_asked() -> None:
    begun = []

    async def call(number: int) -> int:
        begun.append(number)
        await asyncio.sleep(0.01)
        raise Unavailable("away")

    with pytest.raises(Unavailable):
        await each([partial(call, number) for number in range(10 * AT_ONCE)])
    assert len(begun) == AT_ONCE


@pytest.fixture
def proxy(dynoxide: Dynoxide) -> Iterator[FaultProxy]:
    with FaultProxy(dynoxide.port) as proxy:
        yield proxy


@pytest.mark.parametrize("transaction", [False, True])
async def test_an_answer_that_was_lost_is_asked_for_again(
    settings: DynamoSettings, proxy: FaultProxy, transaction: bool
) -> None:
    through = attrs.evolve(settings, endpoint_url=f"http://127.0.0.1:{proxy.port}", deadline_s=8.0)
    alerts = [alert()] if transaction else []
    async with (
        opened(DynamoClient(through, UnitTally())) as client,
        opened(DynamoClient(settings, UnitTally())) as direct,
    ):
        worker = Worker.on(client)
        await worker.history()
        proxy.hold_replies()
        effects = Effects(history(1), [batch(1)], alerts=alerts)
        applying = asyncio.create_task(worker.ledger.apply([effects]))
        async with asyncio.timeout(5):
            while not await items_of(direct, keys.device(ACCOUNT, DEVICE), "journal#ring"):
                await asyncio.sleep(0.01)
        proxy.refuse()
        proxy.restore()
        assert await applying == [True]
        assert (await Worker.on(direct).history()).version == 1


async def test_alerts_beyond_a_transaction_are_there_too(worker: Worker) -> None:
    alerts = [alert(rule=f"rule-{number}") for number in range(130)]
    shelf = [quarantined(number, payload=bytes(60_000)) for number in range(70)]
    await worker.effect(batches=[batch(1)], alerts=alerts, quarantined=shelf)
    assert len(await items_of(worker.client, keys.alerts(ACCOUNT))) == 130
    assert len((await worker.quarantine.page(ACCOUNT, None, 100)).items) == 70


async def test_a_table_is_made_once_and_looked_at(settings: DynamoSettings) -> None:
    client = DynamoClient(settings, UnitTally())
    await client.open()
    try:
        with pytest.raises(StoreBroken, match="fieldpost migrate"):
            await check_table(client)
        assert len(await create_table(client)) == 2
        assert await create_table(client) == []
        await check_table(client)
    finally:
        await client.close()


async def test_another_table_of_that_name_is_refused(settings: DynamoSettings) -> None:
    client = DynamoClient(settings, UnitTally())
    await client.open()
    try:
        request = {
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        }
        await client.call("schema", "create_table", request)
        with pytest.raises(StoreBroken, match="other keys"):
            await check_table(client)
    finally:
        await client.close()


async def test_a_client_that_is_not_open_is_unavailable(settings: DynamoSettings) -> None:
    with pytest.raises(Unavailable):
        await Worker.on(DynamoClient(settings, UnitTally())).history()
