"""What each connection begins with: its own rules, whatever the server's are, and encryption."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from adapters.inbound.push.certificate import CertificateFiles
from adapters.outbound.mysql.configuration import MysqlConfiguration
from adapters.outbound.mysql.migrate import migrate
from adapters.outbound.mysql.settings import MysqlSettings
from application.faults import Conflict, StoreBroken, Unavailable
from deploy.local import MariaDb
from tests.contracts.entities import person
from tests.mysql.steps import add_person, opened, people, run
from tests.support.distributed import mysql_settings
from tests.support.fault_proxy import FaultProxy
from tests.support.servers import Database

pytestmark = pytest.mark.anyio

_LOOSE = ("--sql-mode=", "--lock-wait-timeout=3600")
_TOO_LONG = "x" * 100_000
_LOCKED_S = 30.0  # much longer than anybody may wait


@pytest.fixture
def certificate(tmp_path: Path) -> CertificateFiles:
    files = CertificateFiles.in_folder(tmp_path)
    files.make("localhost")
    return files


@pytest.fixture
def own_server(tmp_path: Path, certificate: CertificateFiles) -> Iterator[Database]:
    """One that lets everything pass, and demands that it is encrypted."""
    encrypted = (
        f"--ssl-cert={certificate.certificate}",
        f"--ssl-key={certificate.key}",
        "--require-secure-transport=ON",
    )
    with MariaDb(tmp_path / "own", options=(*_LOOSE, *encrypted)) as server:
        server.create_database("fieldpost")
        yield Database(server, "fieldpost")


async def test_encrypted_and_strict_whatever_the_server_is(
    own_server: Database, certificate: CertificateFiles
) -> None:
    settings = mysql_settings(own_server, ca_file=certificate.certificate)
    assert await migrate(settings)
    async with opened(settings) as configuration:
        with pytest.raises(StoreBroken, match="Data too long"):
            async with configuration.changing() as tx:
                await tx.people.add(person("p", name=_TOO_LONG))
        assert await people(configuration) == []
        await add_person(configuration, "p")
        assert await people(configuration) == ["p"]


async def test_a_server_that_nobody_has_vouched_for_is_told_nothing(
    own_server: Database, tmp_path: Path
) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    other = CertificateFiles.in_folder(folder)
    other.make("localhost")
    settings = mysql_settings(own_server, ca_file=other.certificate)
    with pytest.raises((Unavailable, StoreBroken)):
        await migrate(settings)
    with pytest.raises((Unavailable, StoreBroken)):
        await migrate(attrs.evolve(settings, ca_file=None))


async def test_a_file_without_certificates_is_named(tmp_path: Path, database: Database) -> None:
    (tmp_path / "empty.pem").write_text("")
    for name in ("missing.pem", "empty.pem"):
        settings = mysql_settings(database, ca_file=tmp_path / name)
        with pytest.raises(StoreBroken, match=name):
            await migrate(settings)
        with pytest.raises(StoreBroken, match=name):
            MysqlConfiguration(settings)


async def test_a_table_that_somebody_changes_is_not_waited_for(
    configuration: MysqlConfiguration, settings: MysqlSettings
) -> None:
    engine = create_async_engine(settings.url)
    async with engine.connect() as connection:
        await connection.exec_driver_sql("LOCK TABLES people WRITE")
        began = time.monotonic()
        with pytest.raises(Unavailable, match=r"[Ll]ock wait timeout"):
            async with asyncio.timeout(_LOCKED_S):
                await add_person(configuration, "p")
        assert time.monotonic() - began < settings.deadline_s
    await engine.dispose()
    await add_person(configuration, "p")


async def test_a_migration_does_not_wait_for_a_server_that_says_nothing(
    settings: MysqlSettings,
) -> None:
    with FaultProxy(settings.port) as proxy:
        proxy.hang()
        there = attrs.evolve(settings, port=proxy.port, deadline_s=0.5, connect_timeout_s=60.0)
        began = time.monotonic()
        with pytest.raises(Unavailable):
            await migrate(there)
        assert time.monotonic() - began < 5.0


async def test_what_people_entered_is_in_no_error(
    configuration: MysqlConfiguration, settings: MysqlSettings
) -> None:
    with pytest.raises(StoreBroken) as caught:
        async with configuration.changing() as tx:
            await tx.people.add(person("p", name="Ana Novak" + _TOO_LONG))
    said = ""
    error: BaseException | None = caught.value
    while error is not None:
        said += f"{error}\n"
        error = error.__cause__ or error.__context__
    assert "Data too long" in said
    assert "Novak" not in said


async def test_only_what_is_there_already_is_a_conflict(
    configuration: MysqlConfiguration, settings: MysqlSettings
) -> None:
    await run(settings, "ALTER TABLE people ADD FOREIGN KEY (account_id) REFERENCES accounts (id)")
    with pytest.raises(StoreBroken, match="foreign key"):
        await add_person(configuration, "p")


async def test_what_is_there_already_is_a_conflict(configuration: MysqlConfiguration) -> None:
    await add_person(configuration, "p")
    with pytest.raises(Conflict):
        await add_person(configuration, "p")
