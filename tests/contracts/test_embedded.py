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
from tests.contracts.alert_book import AlertBookContract
from tests.contracts.assembly import Stores
from tests.contracts.block_store import BlockStoreContract
from tests.contracts.change_news import ChangeNewsContract
from tests.contracts.configuration import ConfigurationContract
from tests.contracts.device_bell import DeviceBellContract
from tests.contracts.device_ledger import DeviceLedgerContract
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
                jobs=SqliteJobQueue(file),
                ledger=SqliteDeviceLedger(file),
                quarantine=SqliteQuarantineShelf(file),
                queue=queue,
            )
        finally:
            await configuration.close()
            await file.close()

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


class TestSqliteBlockStore(Embedded, BlockStoreContract):
    ADAPTER = SqliteBlockStore


class TestSqliteConfiguration(Embedded, ConfigurationContract):
    ADAPTER = SqliteConfiguration


class TestSqliteDeviceLedger(Embedded, DeviceLedgerContract):
    ADAPTER = SqliteDeviceLedger


class TestSqliteIntakeQueue(Embedded, IntakeQueueContract):
    ADAPTER = SqliteIntakeQueue


class TestSqliteJobQueue(Embedded, JobQueueContract):
    ADAPTER = SqliteJobQueue


class TestSqliteQuarantineShelf(Embedded, QuarantineShelfContract):
    ADAPTER = SqliteQuarantineShelf


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
