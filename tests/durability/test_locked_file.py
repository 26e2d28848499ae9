"""The data file is locked by another process: agents are told to come later, and may."""

import contextlib
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.client import Account, Device, fix, upload
from tests.support.http_calls import Reply
from tests.support.server import Server
from tests.support.waiting import until

_AGENTS = 12
_PATIENCE_S = 12.0
"""Agents time out after 15 to 60 s; then they would not read the 503."""


@contextlib.contextmanager
def locked(data: Path, how: str) -> Iterator[None]:
    connection = sqlite3.connect(data / "fieldpost.db", timeout=20, isolation_level=None)
    try:
        connection.execute(f"BEGIN {how}")
        yield
        connection.execute("ROLLBACK")
    finally:
        connection.close()


def expect_come_later(reply: Reply) -> None:
    reply.expect_problem(503)
    assert int(reply.headers["retry-after"]) > 0


@pytest.mark.parametrize("how", ["IMMEDIATE", "EXCLUSIVE"])
def test_a_locked_file_is_waited_out(own_server: Server, how: str) -> None:
    account = Account(own_server)
    device = account.enrolled()
    device.deliver("location", fix(45.8, 14.3, ago_s=60), sequence=1)
    own_server.settled()
    body = upload("location", 2, fix(45.8, 14.3, ago_s=30))
    with locked(own_server.data, how):
        expect_come_later(device.agent.post("/agent/v1/batches", body))
        expect_come_later(account.api.post("/api/v1/people", {"name": "Ana", "time_zone": "UTC"}))
        assert len(device.observations("location")) == 1
        account.api.get("/api/v1/people").expect(200)
        device.check_in()
    until(
        lambda: device.agent.post("/agent/v1/batches", body).status == 200,
        "the refused upload is accepted",
        also=own_server.log_tail,
    )
    account.person()
    own_server.settled()
    assert len(device.observations("location")) == 2


def test_what_waits_to_be_processed_is_processed_when_the_lock_is_gone(own_server: Server) -> None:
    device = Account(own_server).enrolled()
    stop = threading.Event()
    sender = threading.Thread(target=_deliver_until, args=(device, stop))
    sender.start()
    try:
        for _ in range(3):
            with locked(own_server.data, "IMMEDIATE"):
                device.account.api.again().get(device.path).expect(200)
    finally:
        stop.set()
        sender.join()
    own_server.settled()
    found = [one["lat"] for one in device.observations("location")]
    assert len(found) == len(set(found)) > 0
    assert own_server.stop() == 0


def test_agents_that_all_wait_for_the_lock_are_all_answered_in_time(own_server: Server) -> None:
    account = Account(own_server)
    person = account.person()
    devices = [account.enrolled(person) for _ in range(_AGENTS)]
    replies: list[Reply] = []

    def deliver(device: Device) -> None:
        body = upload("location", 1, fix(45.8, 14.3))
        call = ("POST", "/agent/v1/batches", body)
        replies.append(device.agent.call(*call, timeout_s=60))

    with locked(own_server.data, "IMMEDIATE"):
        threads = [threading.Thread(target=deliver, args=(device,)) for device in devices]
        started = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took_s = time.monotonic() - started
    assert len(replies) == _AGENTS
    for reply in replies:
        expect_come_later(reply)
    assert took_s < _PATIENCE_S, f"the last of {_AGENTS} agents waited {took_s:.0f} s for its 503"


def _deliver_until(device: Device, stop: threading.Event) -> None:
    """Numbered batches, each until it is accepted."""
    sequence = 0
    while not stop.is_set():
        sequence += 1
        body = upload("location", sequence, fix(sequence / 1000, 14.3))
        while device.agent.post("/agent/v1/batches", body).status == 503:
            pass
