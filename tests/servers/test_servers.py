"""The servers of tests: they keep what they were given, and serve nobody but this machine."""

import asyncio
import os
import socket
from pathlib import Path

import pytest

from deploy.local import Dynoxide, LocalServer, MariaDb, NotStarted, RabbitMq
from deploy.local.ports import greets, listens
from tests.servers.clients import QUEUE, create_table, fetch, has, publish, put, rows
from tests.support.servers import Database, VirtualHost
from tests.support.waiting import until

KINDS: tuple[type[LocalServer], ...] = (Dynoxide, MariaDb)  # those that start at once


def test_mariadb_keeps_what_was_committed_over_a_kill(tmp_path: Path) -> None:
    with MariaDb(tmp_path / "mariadb") as server:
        server.create_database("kept")
        url = server.url("kept")
        asyncio.run(rows(url, "CREATE TABLE t (word TEXT)", "INSERT INTO t VALUES ('здраво 🛰')"))
        before = server.pid
        server.kill()
        server.start()
        assert server.pid != before
        assert asyncio.run(rows(url, "SELECT word FROM t")) == [("здраво 🛰",)]


def test_rabbitmq_keeps_what_was_confirmed_over_a_kill(tmp_path: Path) -> None:
    with RabbitMq(tmp_path / "rabbitmq") as server:
        server.create_virtual_host("kept")
        asyncio.run(publish(server.url("kept"), "word"))
        until(lambda: server.keeps("kept", QUEUE), "the queue is on disk")
        server.kill()
        assert not listens(server.management_port)
        server.start()
        assert asyncio.run(fetch(server.url("kept"))) == "word"
        assert asyncio.run(fetch(server.url("kept"))) is None


def test_dynoxide_keeps_what_was_answered_over_a_kill(tmp_path: Path, table_name: str) -> None:
    with Dynoxide(tmp_path / "dynoxide") as server:
        asyncio.run(create_table(server, table_name))
        asyncio.run(put(server, table_name, "word"))
        server.kill()
        server.start()
        assert asyncio.run(has(server, table_name, "word"))
        assert not asyncio.run(has(server, table_name, "another"))


def test_a_shared_dynoxide_serves_and_writes_no_file(dynoxide: Dynoxide, table_name: str) -> None:
    asyncio.run(create_table(dynoxide, table_name))
    asyncio.run(put(dynoxide, table_name, "word"))
    assert asyncio.run(has(dynoxide, table_name, "word"))
    assert [file.name for file in dynoxide.folder.iterdir()] == ["output.log"]


def test_a_database_is_a_test_s_own_and_speaks_as_mysql_8_does(database: Database) -> None:
    found = asyncio.run(
        rows(database.url, "SELECT DATABASE(), @@character_set_database, @@time_zone, @@sql_mode")
    )
    name, characters, zone, mode = found[0]
    assert (name, characters, zone) == (database.name, "utf8mb4", "+00:00")
    assert "STRICT_TRANS_TABLES" in mode
    assert asyncio.run(rows(database.url, "SHOW TABLES")) == []


def test_a_database_is_made_once(database: Database) -> None:
    with pytest.raises(RuntimeError, match="database exists"):
        database.server.create_database(database.name)


def test_a_virtual_host_is_a_test_s_own(virtual_host: VirtualHost, rabbitmq: RabbitMq) -> None:
    rabbitmq.create_virtual_host("neighbour")
    try:
        asyncio.run(publish(rabbitmq.url("neighbour"), "theirs"))
        asyncio.run(publish(virtual_host.url, "ours"))
        assert asyncio.run(fetch(virtual_host.url)) == "ours"
        assert asyncio.run(fetch(virtual_host.url)) is None
    finally:
        rabbitmq.delete_virtual_host("neighbour")


def test_a_virtual_host_that_is_not_there_cannot_be_deleted(rabbitmq: RabbitMq) -> None:
    with pytest.raises(RuntimeError, match="404"):
        rabbitmq.delete_virtual_host("nobody")


@pytest.mark.parametrize("name", ["", "a b", "a/b", "a`b", "Ä", "x" * 200])
def test_names_that_would_need_quotes_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        MariaDb(tmp_path).create_database(name)
    with pytest.raises(ValueError, match="not a name"):
        RabbitMq(tmp_path).create_virtual_host(name)


@pytest.mark.parametrize("kind", KINDS)
def test_a_graceful_end_and_another_start(kind: type[LocalServer], tmp_path: Path) -> None:
    server = kind(tmp_path / "server")
    assert not server.running
    with server:
        assert server.running and listens(server.port)
    assert not server.running and not listens(server.port)
    with server.start() as again:
        assert listens(again.port)
        pid = again.pid
        assert again.start().pid == pid, "a second start does nothing"


def test_a_paused_server_keeps_silent_until_it_is_resumed(tmp_path: Path) -> None:
    with MariaDb(tmp_path / "mariadb") as server:
        server.pause()
        with socket.create_connection((server.host, server.port), 5.0) as connection:
            connection.settimeout(0.2)
            with pytest.raises(TimeoutError):
                connection.recv(1)
            server.resume()
            connection.settimeout(10.0)
            assert connection.recv(1)


def test_a_paused_server_can_be_stopped(tmp_path: Path) -> None:
    server = MariaDb(tmp_path / "mariadb").start()
    server.pause()
    server.stop()
    assert not server.running
    assert "Shutdown complete" in server.log_tail()


def test_a_port_that_is_taken_is_left_to_who_has_it(tmp_path: Path) -> None:
    with MariaDb(tmp_path / "first") as first:
        second = MariaDb(tmp_path / "second", first.port)
        with pytest.raises(NotStarted, match=f"port {first.port} is taken"):
            second.start()
        assert not second.running
        assert greets(first.port)


def test_a_start_that_fails_tells_the_log_and_leaves_nothing(tmp_path: Path) -> None:
    server = MariaDb(tmp_path / "mariadb")
    (server.folder / "data").mkdir(parents=True)  # not as MariaDb would fill it
    with pytest.raises(NotStarted, match=r"(?s)MariaDb ended at start.*mysql\.plugin"):
        server.start()
    assert not server.running


def test_a_program_that_is_not_installed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.local.dynoxide.PROGRAM", tmp_path / "nowhere")
    with pytest.raises(NotStarted, match="nowhere"):
        Dynoxide(tmp_path / "dynoxide").start()


def test_servers_listen_on_one_address_only(
    dynoxide: Dynoxide, mariadb: MariaDb, rabbitmq: RabbitMq
) -> None:
    for port in (dynoxide.port, mariadb.port, rabbitmq.port, rabbitmq.management_port):
        assert listens(port)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.2", port), 5.0)


def test_a_server_leads_a_group_of_its_own(mariadb: MariaDb) -> None:
    assert os.getpgid(mariadb.pid) == mariadb.pid != os.getpgid(0)
