"""Real databases and brokers for tests: started when the first test asks, shared by the rest.

One set for each pytest process. What a test keeps in them is under a name of its own: `database`,
`virtual_host`, `table_name`. A test that kills or pauses a server makes its own, from
`deploy.local`; one that only loses the connection puts a `FaultProxy` before a shared one.
"""

import uuid
from collections.abc import Callable, Iterator
from typing import TypeVar

import attrs
import pytest

from deploy.local import Dynoxide, LocalServer, MariaDb, RabbitMq
from deploy.local.server import NotStarted

S = TypeVar("S", bound=LocalServer)


@attrs.frozen
class Database:
    """An empty database of a test."""

    server: MariaDb
    name: str

    @property
    def url(self) -> str:
        return self.url_at(self.server.port)

    def url_at(self, port: int) -> str:
        """As seen through another port, a proxy's for example."""
        return self.server.url(self.name, port)


@attrs.frozen
class VirtualHost:
    """An empty virtual host of a test."""

    server: RabbitMq
    name: str

    @property
    def url(self) -> str:
        return self.url_at(self.server.port)

    def url_at(self, port: int) -> str:
        """As seen through another port, a proxy's for example."""
        return self.server.url(self.name, port)


@pytest.fixture(scope="session")
def mariadb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MariaDb]:
    yield from _running(lambda: MariaDb(tmp_path_factory.mktemp("mariadb")))


@pytest.fixture(scope="session")
def rabbitmq(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RabbitMq]:
    yield from _running(lambda: RabbitMq(tmp_path_factory.mktemp("rabbitmq")))


@pytest.fixture(scope="session")
def dynoxide(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dynoxide]:
    """In memory: tests that kill it make their own, which is durable."""
    yield from _running(lambda: Dynoxide(tmp_path_factory.mktemp("dynoxide"), durable=False))


@pytest.fixture
def database(mariadb: MariaDb) -> Iterator[Database]:
    database = Database(mariadb, f"test_{uuid.uuid4().hex}")
    mariadb.create_database(database.name)
    yield database
    mariadb.drop_database(database.name)


@pytest.fixture
def virtual_host(rabbitmq: RabbitMq) -> Iterator[VirtualHost]:
    virtual_host = VirtualHost(rabbitmq, f"test-{uuid.uuid4().hex}")
    rabbitmq.create_virtual_host(virtual_host.name)
    yield virtual_host
    rabbitmq.delete_virtual_host(virtual_host.name)


@pytest.fixture
def table_name() -> str:
    """A name that no table of DynamoDB has yet."""
    return f"test-{uuid.uuid4().hex}"


def _running(make: Callable[[], S]) -> Iterator[S]:
    """Others may take a port between its choice and the start: then another one is tried."""
    for left in (2, 1, 0):
        server = make()
        try:
            server.start()
            break
        except NotStarted:
            if not left:
                raise
    try:
        yield server
    finally:
        server.kill()
