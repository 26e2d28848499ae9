"""What processes tell each other: everybody but the teller hears it, also after an outage."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import attrs
import pytest

from adapters.outbound.embedded.signals import InProcessDeviceBell, InProcessLiveFeed
from adapters.outbound.prometheus_tally import PrometheusTally
from adapters.outbound.rabbitmq.change_news import RabbitChangeNews
from adapters.outbound.rabbitmq.connection import RabbitConnection
from adapters.outbound.rabbitmq.device_bell import RabbitDeviceBell
from adapters.outbound.rabbitmq.live_feed import RabbitLiveFeed
from adapters.outbound.rabbitmq.settings import RabbitSettings
from adapters.outbound.rabbitmq.signal_bus import MAX_BYTES, MAX_OUTGOING, SignalBus
from adapters.outbound.rabbitmq.topology import JOBS, SIGNALS, declare
from application.ports.live_feed import LiveEvent
from deploy.local import RabbitMq
from tests.support.distributed import rabbit_settings
from tests.support.fault_proxy import FaultProxy
from tests.support.servers import VirtualHost
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

SOON_S = 30.0
NEVER_S = 300.0
EVERY_S = 0.02
EVENT = LiveEvent("account", "alert", {"n": 1, "words": ["здраво", None, 1.5]})


@attrs.frozen
class Process:
    """What a process has of its own."""

    connection: RabbitConnection
    bus: SignalBus
    heard: asyncio.Queue[dict[str, Any]]
    tally: PrometheusTally

    async def next(self) -> dict[str, Any]:
        async with asyncio.timeout(SOON_S):
            return await self.heard.get()

    def feed(self, **times_s: float) -> RabbitLiveFeed:
        return RabbitLiveFeed(self.bus, InProcessLiveFeed(), **times_s)

    def lost(self, reason: str) -> bool:
        return f'event="signals_lost",reason="{reason}"' in self.tally.exposition(0).decode()


@asynccontextmanager
async def process(settings: RabbitSettings) -> AsyncIterator[Process]:
    """It hears signals of the kind `word`."""
    connection = RabbitConnection(settings)
    tally = PrometheusTally()
    bus = SignalBus(connection, tally)
    heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    bus.on("word", heard.put_nowait)
    await connection.open()
    try:
        await declare(connection)
        await bus.open()
        yield Process(connection, bus, heard, tally)
    finally:
        await bus.close()
        await connection.close()


@pytest.fixture
def settings(virtual_host: VirtualHost) -> RabbitSettings:
    return rabbit_settings(virtual_host, partitions=1)


async def test_everybody_else_hears_it_in_order(settings: RabbitSettings) -> None:
    async with process(settings) as one, process(settings) as two, process(settings) as three:
        for number in range(3):
            one.bus.send("word", {"n": number})
        for other in (two, three):
            assert [await other.next() for _ in range(3)] == [{"n": n} for n in range(3)]
        two.bus.send("word", {"n": 3})
        assert await one.next() == {"n": 3}


async def test_what_nobody_knows_or_can_read_is_passed_over(settings: RabbitSettings) -> None:
    async with process(settings) as one, process(settings) as two:
        async with one.connection.brief_channel() as channel:
            for body in (b"", b"?", b"\x01\xc1", b"\x02\x93", b"\x01" + b"?" * MAX_BYTES):
                await channel.basic_publish(body, exchange=SIGNALS)
        one.bus.send("unheard of", {})
        one.bus.send("word", {"n": 1})
        assert await two.next() == {"n": 1}
        await until_so(lambda: two.lost("unreadable"))


async def test_one_who_cannot_take_a_signal_keeps_it_from_nobody(settings: RabbitSettings) -> None:
    async with process(settings) as one, process(settings) as two:
        two.bus.on("number", lambda data: data["missing"])
        also: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        two.bus.on("number", also.put_nowait)
        one.bus.send("number", {"n": 1})
        async with asyncio.timeout(SOON_S):
            assert await also.get() == {"n": 1}
        one.bus.send("word", {"n": 2})
        assert await two.next() == {"n": 2}


async def test_what_is_said_last_is_heard(settings: RabbitSettings) -> None:
    async with process(settings) as two:
        async with process(settings) as one:
            one.bus.send("word", {"last": True})
        assert await two.next() == {"last": True}


async def test_too_much_and_too_large_is_dropped_and_counted(settings: RabbitSettings) -> None:
    async with process(settings) as one, process(settings) as two:
        one.bus.send("word", {"much": "?" * MAX_BYTES})
        assert one.lost("too_large")
        for number in range(MAX_OUTGOING + 2):  # nothing is sent meanwhile
            one.bus.send("word", {"n": number})
        assert one.lost("dropped")
        assert await two.next() == {"n": 2}


async def test_a_connection_that_is_lost_is_a_gap(settings: RabbitSettings) -> None:
    with FaultProxy(settings.port) as proxy:
        behind = attrs.evolve(settings, port=proxy.port)
        async with process(settings) as near, process(behind) as far:
            gaps: asyncio.Queue[None] = asyncio.Queue()
            far.bus.on_gap(lambda: gaps.put_nowait(None))
            near.bus.send("word", {"n": 1})
            assert await far.next() == {"n": 1}
            assert gaps.empty()
            proxy.refuse()
            near.bus.send("word", {"n": 2})
            proxy.restore()
            async with asyncio.timeout(SOON_S):
                await gaps.get()
            near.bus.send("word", {"n": 3})
            assert await far.next() in ({"n": 2}, {"n": 3})
            far.bus.send("word", {"n": 4})
            assert await near.next() == {"n": 4}
            assert gaps.empty()


async def test_a_killed_broker_that_comes_again_carries_signals_again(tmp_path: Path) -> None:
    with RabbitMq(tmp_path / "rabbitmq") as server:
        server.create_virtual_host("again")
        settings = rabbit_settings(VirtualHost(server, "again"), partitions=1)
        async with process(settings) as one, process(settings) as two:
            until(lambda: server.keeps("again", JOBS), "the queues are on disk")
            gaps: set[str] = set()
            one.bus.on_gap(lambda: gaps.add("one"))
            two.bus.on_gap(lambda: gaps.add("two"))
            watching = one.feed().subscribe(EVENT.account_id, NEVER_S)
            telling = two.feed()
            server.kill()
            await asyncio.to_thread(server.start)
            await until_so(lambda: gaps == {"one", "two"})
            assert await told(watching, telling) == EVENT
            two.bus.send("word", {"n": 1})
            assert await one.next() == {"n": 1}


async def test_who_looks_on_hears_what_happens_elsewhere(settings: RabbitSettings) -> None:
    async with process(settings) as web, process(settings) as worker:
        telling, looking = worker.feed(), web.feed()
        assert await told(looking.subscribe(EVENT.account_id, NEVER_S), telling) == EVENT


async def test_who_comes_later_learns_who_looks_on(settings: RabbitSettings) -> None:
    async with process(settings) as web:
        watching = web.feed(announce_every_s=NEVER_S).subscribe(EVENT.account_id, NEVER_S)
        connection = RabbitConnection(settings)
        bus = SignalBus(connection)
        telling = RabbitLiveFeed(bus, InProcessLiveFeed())
        await connection.open()
        await bus.open()
        try:
            assert await told(watching, telling) == EVENT
        finally:
            await bus.close()
            await connection.close()


async def test_what_interests_nobody_is_not_sent(settings: RabbitSettings) -> None:
    async with process(settings) as web, process(settings) as worker:
        sent: list[dict[str, Any]] = []
        web.bus.on("event", sent.append)
        looking, telling = web.feed(), worker.feed()
        others = looking.subscribe("another account", NEVER_S)
        assert await told(others, telling, "another account")
        sent.clear()
        telling.publish(EVENT)
        worker.bus.send("word", {"n": 1})
        assert await web.next() == {"n": 1}
        assert [one for one in sent if one["account_id"] == EVENT.account_id] == []


async def test_an_interest_ends_unless_it_is_said_again(settings: RabbitSettings) -> None:
    async with process(settings) as web, process(settings) as worker:
        sent: list[dict[str, Any]] = []
        web.bus.on("event", sent.append)
        worker.bus.on("interest", worker.heard.put_nowait)
        telling = worker.feed(interest_s=0.0)
        looking = web.feed(announce_every_s=EVERY_S)
        events = looking.subscribe(EVENT.account_id, NEVER_S)
        for _ in range(3):
            assert await worker.next() == {"accounts": [EVENT.account_id]}
        telling.publish(EVENT)
        worker.bus.send("word", {"n": 1})
        assert await web.next() == {"n": 1}
        assert sent == []
        del events
        looking.close()


async def test_nobody_announces_what_nobody_looks_at_any_more(settings: RabbitSettings) -> None:
    async with process(settings) as web, process(settings) as worker:
        accounts: list[list[str]] = []
        worker.bus.on("interest", lambda data: accounts.append(data["accounts"]))
        looking = web.feed(announce_every_s=EVERY_S)
        gone = looking.subscribe("gone", NEVER_S)
        stays = looking.subscribe("stays", NEVER_S)
        await until_so(lambda: ["gone", "stays"] in accounts)
        del gone
        accounts.clear()
        await until_so(lambda: ["stays"] in accounts)
        accounts.clear()
        await until_so(lambda: len(accounts) == 2)
        assert accounts == [["stays"]] * 2
        del stays
        looking.close()


async def test_a_bell_is_heard_everywhere(settings: RabbitSettings) -> None:
    async with process(settings) as web, process(settings) as gateway:
        ringing = RabbitDeviceBell(web.bus, InProcessDeviceBell())
        bell = RabbitDeviceBell(gateway.bus, InProcessDeviceBell())
        rung: asyncio.Queue[None] = asyncio.Queue()
        bell.listen("device", lambda: rung.put_nowait(None))
        waiting = asyncio.create_task(bell.wait("device", SOON_S))
        await until_so(lambda: bell.waiting() == 1)
        ringing.ring("device")
        assert await waiting
        async with asyncio.timeout(SOON_S):
            await rung.get()
        assert await ringing.wait("device", NEVER_S), "it rang here, too"


async def test_changes_are_news_to_others_only(settings: RabbitSettings) -> None:
    async with process(settings) as one, process(settings) as two:
        changed: list[str] = []
        other: list[str] = []
        news, others_news = RabbitChangeNews(one.bus), RabbitChangeNews(two.bus)
        news.on_change(changed.append)
        others_news.on_change(other.append)
        news.spread("a")
        news.spread("b")
        others_news.spread("c")
        await until_so(lambda: (changed, other) == (["c"], ["a", "b"]))


async def told(
    events: AsyncIterator[LiveEvent | None],
    feed: RabbitLiveFeed,
    account_id: str = EVENT.account_id,
) -> LiveEvent | None:
    """The first that is heard when the same happens again and again."""
    hearing = asyncio.ensure_future(anext(events))
    async with asyncio.timeout(SOON_S):
        while not hearing.done():
            feed.publish(attrs.evolve(EVENT, account_id=account_id))
            await asyncio.wait([hearing], timeout=EVERY_S)
    return await hearing


async def until_so(look: Callable[[], object]) -> None:
    async with asyncio.timeout(SOON_S):
        while not look():
            await asyncio.sleep(EVERY_S)
