"""The job queue on RabbitMQ against the suite of its port."""

import contextlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import attrs
import pytest

from adapters.outbound.rabbitmq.connection import RabbitConnection
from adapters.outbound.rabbitmq.job_queue import RabbitJobQueue
from adapters.outbound.rabbitmq.settings import RabbitSettings
from adapters.outbound.rabbitmq.topology import declare
from tests.contracts.job_queue import JobQueueContract
from tests.support.distributed import rabbit_settings
from tests.support.fault_proxy import FaultProxy
from tests.support.servers import VirtualHost


@attrs.frozen
class OnlyJobs:
    """The one port of the assembly that the suite asks for."""

    jobs: RabbitJobQueue


@attrs.frozen
class JobsAssembly:
    """A virtual host of the test's own, behind a network that can be cut."""

    settings: RabbitSettings
    proxy: FaultProxy

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Any]:
        connection = RabbitConnection(self.settings)
        jobs = RabbitJobQueue(connection)
        await connection.open()
        try:
            await declare(connection)
            await jobs.open()
            yield OnlyJobs(jobs)
        finally:
            await jobs.close()
            await connection.close()

    @contextlib.contextmanager
    def unavailable(self) -> Iterator[None]:
        self.proxy.refuse()
        try:
            yield
        finally:
            self.proxy.restore()


class TestRabbitJobQueue(JobQueueContract):
    ADAPTER = RabbitJobQueue

    @pytest.fixture
    def assembly(self, virtual_host: VirtualHost) -> Iterator[JobsAssembly]:
        with FaultProxy(virtual_host.server.port) as proxy:
            settings = rabbit_settings(virtual_host, partitions=1)
            yield JobsAssembly(attrs.evolve(settings, port=proxy.port), proxy)
