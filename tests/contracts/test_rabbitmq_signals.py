"""What is told between processes over RabbitMQ, each against the suite of its port."""

from collections.abc import AsyncIterator

import pytest

from adapters.outbound.embedded.signals import InProcessDeviceBell, InProcessLiveFeed
from adapters.outbound.rabbitmq.change_news import RabbitChangeNews
from adapters.outbound.rabbitmq.connection import RabbitConnection
from adapters.outbound.rabbitmq.device_bell import RabbitDeviceBell
from adapters.outbound.rabbitmq.live_feed import RabbitLiveFeed
from adapters.outbound.rabbitmq.signal_bus import SignalBus
from adapters.outbound.rabbitmq.topology import declare
from tests.contracts.change_news import ChangeNewsContract
from tests.contracts.device_bell import DeviceBellContract
from tests.contracts.live_feed import LiveFeedContract
from tests.support.distributed import rabbit_settings
from tests.support.servers import VirtualHost


class OnABus:
    """Nobody else is on it: what a suite asks for is answered in the process."""

    @pytest.fixture
    async def bus(self, virtual_host: VirtualHost) -> AsyncIterator[SignalBus]:
        connection = RabbitConnection(rabbit_settings(virtual_host, partitions=1))
        bus = SignalBus(connection)
        await connection.open()
        await declare(connection)
        await bus.open()
        yield bus
        await bus.close()
        await connection.close()


class TestRabbitChangeNews(OnABus, ChangeNewsContract):
    ADAPTER = RabbitChangeNews

    @pytest.fixture
    def news(self, bus: SignalBus) -> RabbitChangeNews:
        return RabbitChangeNews(bus)


class TestRabbitDeviceBell(OnABus, DeviceBellContract):
    ADAPTER = RabbitDeviceBell

    @pytest.fixture
    def bell(self, bus: SignalBus) -> RabbitDeviceBell:
        return RabbitDeviceBell(bus, InProcessDeviceBell())

    def shut_down(self, bell: RabbitDeviceBell) -> None:
        bell.close()


class TestRabbitLiveFeed(OnABus, LiveFeedContract):
    ADAPTER = RabbitLiveFeed

    @pytest.fixture
    def feed(self, bus: SignalBus) -> RabbitLiveFeed:
        return RabbitLiveFeed(bus, InProcessLiveFeed())

    def shut_down(self, feed: RabbitLiveFeed) -> None:
        feed.close()
