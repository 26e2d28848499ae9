"""The embedded adapters, each against the suite of its port."""

import contextlib
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import attrs
import pytest

from adapters.outbound.embedded.alert_book import SqliteAlertBook
from adapters.outbound.embedded.block_store import SqliteBlockStore
from adapters.outbound.embedded.configuration import SqliteConfiguration
from adapters.outbound.embedded.day_summaries import SqliteDaySummaries
from adapters.outbound.embedded.device_ledger import SqliteDeviceLedger
from adapters.outbound.embedded.intake_queue import SqliteIntakeQueue
from adapters.outbound.embedded.job_queue import SqliteJobQueue
from adapters.outbound.embedded.quarantine_shelf import SqliteQuarantineShelf
from adapters.outbound.embedded.signals import (
    InProcessChangeNews,
    InProcessDeviceBell,
    InProcessLiveFeed,
)
from adapters.outbound.embedded.sqlite_file import SqliteFile
from adapters.outbound.native_codec import NativeBlockCodec
from adapters.outbound.sql.delivery_log import SqlDeliveryLog
from adapters.outbound.sql.intake_log import SqlIntakeLog
from application.faults import Unavailable
from application.ports.intake_queue import Intake
from domain.kinds import Kind
from domain.times import DAY_MS
from tests.contracts.alert_book import AlertBookContract
from tests.contracts.assembly import Assembly, Stores
from tests.contracts.block_store import BlockStoreContract
from tests.contracts.builders import (
    ACCOUNT,
    DEVICE,
    TODAY_MS,
    accepted,
    alert,
    batch,
    effect,
    quarantined,
    stored,
)
from tests.contracts.change_news import ChangeNewsContract
from tests.contracts.configuration import ConfigurationContract
from tests.contracts.day_summaries import DaySummariesContract
from tests.contracts.delivery_log import DeliveryLogContract
from tests.contracts.device_bell import DeviceBellContract
from tests.contracts.device_ledger import DeviceLedgerContract
from tests.contracts.intake_log import IntakeLogContract
from tests.contracts.intake_queue import IntakeQueueContract
from tests.contracts.job_queue import JobQueueContract
from tests.contracts.live_feed import LiveFeedContract
from tests.contracts.quarantine_shelf import QuarantineShelfContract


@attrs.frozen
class EmbeddedAssembly:
    """All ports on one file, which another process may lock."""

    path: Path

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Stores]:
        file = SqliteFile(self.path)
        configuration = SqliteConfiguration(file)
        codec = NativeBlockCodec()
        queue = SqliteIntakeQueue(file)
        await file.open()
        try:
            await configuration.open()
            await queue.open()
            yield Stores(
                alert_book=SqliteAlertBook(file),
                blocks=SqliteBlockStore(file, codec),
                codec=codec,
                configuration=configuration,
                deliveries=SqlDeliveryLog(configuration),
                intake_log=SqlIntakeLog(configuration),
                jobs=SqliteJobQueue(file),
                ledger=SqliteDeviceLedger(file),
                quarantine=SqliteQuarantineShelf(file),
                queue=queue,
                summaries=SqliteDaySummaries(file),
            )
        finally:
            await configuration.close()
            await file.close()

    async def arrived(self, stores: Stores) -> None:
        """It has."""

    @contextlib.contextmanager
    def unavailable(self) -> Iterator[None]:
        connection = sqlite3.connect(self.path, isolation_level=None)
        try:
            connection.execute("BEGIN EXCLUSIVE")
            yield
        finally:
            connection.close()


class Embedded:
    @pytest.fixture
    def assembly(self, tmp_path: Path) -> EmbeddedAssembly:
        return EmbeddedAssembly(tmp_path / "fieldpost.db")


class TestSqliteAlertBook(Embedded, AlertBookContract):
    ADAPTER = SqliteAlertBook

    async def test_while_nothing_can_be_written_it_is_read(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            await effect(stores, alerts=[alert()])
            with assembly.unavailable():
                page = await stores.alert_book.alerts(ACCOUNT, None, None, 10)
            assert page.items == [alert()]


class TestSqliteBlockStore(Embedded, BlockStoreContract):
    ADAPTER = SqliteBlockStore

    async def test_the_small_blocks_of_a_day_become_one(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            for day in range(3):
                times_ms = [TODAY_MS + day * DAY_MS + number for number in range(40)]
                for number, time_ms in enumerate(times_ms):
                    await effect(stores, blocks=[stored(stores.codec, number, [time_ms])])
            many_ms = [TODAY_MS + 1_000 + number for number in range(400)]
            await effect(stores, blocks=[stored(stores.codec, "large", many_ms)])
            assert await stores.blocks.merge_small(2) == 2
            assert await stores.blocks.merge_small(2) == 1
            found = await stores.blocks.blocks(ACCOUNT, DEVICE, Kind.LOCATION, 0, 2**52)
            assert len(found) == 4


class TestSqliteConfiguration(Embedded, ConfigurationContract):
    ADAPTER = SqliteConfiguration


class TestSqliteDeliveryLog(Embedded, DeliveryLogContract):
    ADAPTER = SqlDeliveryLog


class TestSqliteDaySummaries(Embedded, DaySummariesContract):
    ADAPTER = SqliteDaySummaries


class TestSqliteDeviceLedger(Embedded, DeviceLedgerContract):
    ADAPTER = SqliteDeviceLedger


class TestSqliteIntakeLog(Embedded, IntakeLogContract):
    ADAPTER = SqlIntakeLog


class TestSqliteIntakeQueue(Embedded, IntakeQueueContract):
    """Beyond the suite: all is known at once, since there is one process."""

    ADAPTER = SqliteIntakeQueue

    async def test_what_waits_is_known_too(self, assembly: EmbeddedAssembly) -> None:
        async with assembly.opened() as stores:
            await accepted(stores, batch(1))
            assert stores.queue.depth() == 1
        async with assembly.opened() as stores:
            assert await stores.queue.known(ACCOUNT, DEVICE, [(Kind.LOCATION, "1")]) == [True]
            assert await stores.queue.accept(Intake([batch(1)])) == [False]
            assert stores.queue.depth() == 1

    async def test_finishing_may_be_tried_again(self, assembly: EmbeddedAssembly) -> None:
        async with assembly.opened() as stores:
            await accepted(stores, batch(1))
            some = await stores.queue.take(10)
            with assembly.unavailable(), pytest.raises(Unavailable):
                await stores.queue.finish(some)
            assert stores.queue.depth() == 1
            await stores.queue.finish(some)
            assert stores.queue.depth() == 0


class TestSqliteJobQueue(Embedded, JobQueueContract):
    ADAPTER = SqliteJobQueue


class TestSqliteQuarantineShelf(Embedded, QuarantineShelfContract):
    ADAPTER = SqliteQuarantineShelf

    async def test_while_nothing_can_be_written_it_is_read(self, assembly: Assembly) -> None:
        async with assembly.opened() as stores:
            await stores.quarantine.put([quarantined(1)])
            with assembly.unavailable():
                page = await stores.quarantine.page(ACCOUNT, None, 10)
            assert page.items == [quarantined(1)]


class TestInProcessChangeNews(ChangeNewsContract):
    ADAPTER = InProcessChangeNews

    @pytest.fixture
    def news(self) -> InProcessChangeNews:
        return InProcessChangeNews()


class TestInProcessDeviceBell(DeviceBellContract):
    ADAPTER = InProcessDeviceBell

    @pytest.fixture
    def bell(self) -> InProcessDeviceBell:
        return InProcessDeviceBell()

    def shut_down(self, bell: InProcessDeviceBell) -> None:
        bell.close()


class TestInProcessLiveFeed(LiveFeedContract):
    ADAPTER = InProcessLiveFeed

    @pytest.fixture
    def feed(self) -> InProcessLiveFeed:
        return InProcessLiveFeed()

    def shut_down(self, feed: InProcessLiveFeed) -> None:
        feed.close()
