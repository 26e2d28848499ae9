"""What every live feed must do."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from application.ports.live_feed import LiveEvent, LiveFeed

SOON_S = 5.0
NEVER_S = 60.0

Subscription = AsyncIterator[LiveEvent | None]


@pytest.mark.anyio
class LiveFeedContract:
    """Adapters set `ADAPTER`, give the `feed` and know how it is shut down."""

    PORT = LiveFeed
    ADAPTER: type

    @pytest.fixture
    def feed(self) -> LiveFeed:
        raise NotImplementedError

    def shut_down(self, feed: Any) -> None:
        raise NotImplementedError

    async def test_events_come_in_order_from_the_subscription_on(self, feed: LiveFeed) -> None:
        feed.publish(event(0))
        events = feed.subscribe("a", NEVER_S)
        for number in (1, 2, 3):
            feed.publish(event(number))
        assert [await _next(events) for _ in range(3)] == [event(n) for n in (1, 2, 3)]

    async def test_an_account_hears_its_own(self, feed: LiveFeed) -> None:
        ours, theirs = feed.subscribe("a", NEVER_S), feed.subscribe("b", NEVER_S)
        feed.publish(event(1, "b"))
        feed.publish(event(2, "a"))
        assert await _next(ours) == event(2, "a")
        assert await _next(theirs) == event(1, "b")

    async def test_everybody_of_an_account_hears_everything(self, feed: LiveFeed) -> None:
        subscriptions = [feed.subscribe("a", NEVER_S) for _ in range(3)]
        feed.publish(event(1))
        assert [await _next(events) for events in subscriptions] == [event(1)] * 3

    async def test_a_quiet_account_is_told_so(self, feed: LiveFeed) -> None:
        events = feed.subscribe("a", 0.01)
        assert await _next(events) is None
        feed.publish(event(1))
        assert await _next(events) == event(1)

    async def test_who_does_not_keep_up_loses_the_oldest(self, feed: LiveFeed) -> None:
        slow = feed.subscribe("a", 0.01)
        for number in range(100_000):
            feed.publish(event(number))
        heard = []
        while (told := await _next(slow)) is not None:
            heard.append(told.data["n"])
        assert 0 < len(heard) < 100_000
        assert heard == list(range(100_000 - len(heard), 100_000))

    async def test_who_goes_is_forgotten(self, feed: LiveFeed) -> None:
        events = feed.subscribe("a", NEVER_S)
        listening = asyncio.create_task(_next(events))
        await asyncio.sleep(0)
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        another = feed.subscribe("a", NEVER_S)
        feed.publish(event(1))
        assert await _next(another) == event(1)

    async def test_the_end_ends_every_subscription_and_those_that_come_later(
        self, feed: LiveFeed
    ) -> None:
        events = feed.subscribe("a", NEVER_S)
        listening = asyncio.create_task(_all(events))
        await asyncio.sleep(0)
        self.shut_down(feed)
        async with asyncio.timeout(SOON_S):
            assert await listening == []
            assert await _all(feed.subscribe("a", NEVER_S)) == []


def event(number: int, account: str = "a") -> LiveEvent:
    return LiveEvent(account, "observations", {"n": number})


async def _next(events: Subscription) -> LiveEvent | None:
    async with asyncio.timeout(SOON_S):
        return await anext(events)


async def _all(events: Subscription) -> list[LiveEvent]:
    return [one async for one in events if one is not None]
