"""What an adapter gives to the suites: its stores, opened as often as a test wants."""

from contextlib import AbstractAsyncContextManager, AbstractContextManager
from typing import Protocol

import attrs
import pytest

from application.ports.alert_book import AlertBook
from application.ports.block_codec import BlockCodec
from application.ports.block_store import BlockStore
from application.ports.configuration import Configuration
from application.ports.day_summaries import DaySummaries
from application.ports.delivery_log import DeliveryLog
from application.ports.device_ledger import DeviceLedger
from application.ports.intake_log import IntakeLog
from application.ports.intake_queue import IntakeQueue
from application.ports.job_queue import JobQueue
from application.ports.quarantine_shelf import QuarantineShelf


@attrs.frozen
class Stores:
    """The ports of one assembly, which share their state."""

    alert_book: AlertBook
    blocks: BlockStore
    codec: BlockCodec
    configuration: Configuration
    deliveries: DeliveryLog
    intake_log: IntakeLog
    jobs: JobQueue
    ledger: DeviceLedger
    quarantine: QuarantineShelf
    queue: IntakeQueue
    summaries: DaySummaries


class Assembly(Protocol):
    def opened(self) -> AbstractAsyncContextManager[Stores]:
        """The stores as a process opens them; again after that it is a restart."""
        ...

    async def arrived(self, stores: Stores) -> None:
        """Returns when all that was accepted has come to where it is taken."""
        ...

    def unavailable(self) -> AbstractContextManager[None]:
        """For the length of the block nothing can be written."""
        ...


@pytest.mark.anyio
class StoreContract:
    """A suite of a port that keeps things. Adapters set `ADAPTER` and give the `assembly`."""

    ADAPTER: type

    @pytest.fixture
    def assembly(self) -> Assembly:
        raise NotImplementedError("an adapter's test class gives its assembly")
