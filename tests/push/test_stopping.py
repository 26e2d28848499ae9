"""A server that stops says so and sends the receipts that are due; one that is killed says
nothing, and whoever resumes learns what is kept.
"""

import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.push.agent import PushAgent, TlsClient, block_of
from tests.push.test_websocket import connected
from tests.push.websocket import SocketClient
from tests.support.client import Account, Device, fix, now
from tests.support.server import Server

_KILLS = 8
_SEED = 20261124


@pytest.mark.parametrize("connect", [PushAgent, connected], ids=["tls", "websocket"])
def test_everybody_is_told_to_come_again(
    own_server: Server, connect: Callable[[Device], PushAgent]
) -> None:
    account = Account(own_server)
    person = account.person()
    agents = [connect(account.enrolled(person)).enter() for _ in range(5)]
    unknown = TlsClient(own_server)  # has not said who it is
    own_server.signal(signal.SIGTERM)
    for agent in agents:
        assert agent.close_code() == "done"
        assert agent.leaving is not None and 1 <= agent.leaving.retry_after_s <= 30
        agent.stream.close()
    unknown.close()
    assert own_server.ended() == 0, own_server.log_tail()


def test_receipts_that_are_due_are_sent(own_server: Server) -> None:
    device = Account(own_server).enrolled()
    with PushAgent(device).enter() as agent:
        number = 0
        stopping = threading.Timer(0.05, lambda: own_server.signal(signal.SIGTERM))
        stopping.start()
        while agent.closed is None and not agent.ended:
            while agent.connection.may_send(1000) and number < 100_000:
                block = block_of("device_state", {"time": now(ago_s=number % 9999), "battery": 1})
                agent.connection.send_block(number, block)
                number += 1
                if number % 20 == 0:
                    break
            try:
                agent.flush()
            except OSError:
                break
            seen = len(agent.receipts)
            agent.until(lambda seen=seen: len(agent.receipts) > seen or agent.closed, "an answer")
        assert agent.close_code() == "done"
    code = own_server.ended()
    assert code == 0, own_server.log_tail()
    assert "Traceback" not in own_server.log_tail(200)
    outcomes = {sequence: receipt[2] for sequence, receipt in agent.receipts.items()}
    accepted = {sequence for sequence, outcome in outcomes.items() if outcome == "accepted"}
    assert set(outcomes.values()) <= {"accepted", "later"} and accepted
    own_server.start()
    pending = [("device_state", sequence) for sequence in range(min(number, 4096))]
    with PushAgent(device, pending=pending).enter() as again:
        assert again.admitted is not None
        kept = {
            sequence for (_, sequence), yes in zip(pending, again.admitted.kept, strict=True) if yes
        }
    assert kept == {sequence for sequence in accepted if sequence < 4096}


def test_an_agent_that_does_not_go_is_cut_off(own_server: Server) -> None:
    device = Account(own_server).enrolled()
    tls, web = PushAgent(device).enter(), connected(device).enter()
    started = time.monotonic()
    own_server.signal(signal.SIGTERM)  # nobody reads what is said
    assert own_server.ended() == 0, own_server.log_tail()
    assert time.monotonic() - started < 25
    tls.stream.close()
    web.stream.close()


def test_new_agents_are_turned_away_while_it_stops(own_server: Server) -> None:
    device = Account(own_server).enrolled()
    stays = PushAgent(device).enter()
    own_server.signal(signal.SIGTERM)
    assert stays.close_code() == "done"
    with pytest.raises((ConnectionError, AssertionError)):
        SocketClient(own_server).receive(20) or _nobody()
    stays.stream.close()
    assert own_server.ended() == 0


def _nobody() -> None:
    raise ConnectionError("nobody answers")


@contextmanager
def _killed_soon(server: Server, chance: random.Random) -> Iterator[None]:
    timer = threading.Timer(chance.uniform(0.0, 0.3), lambda: server.signal(signal.SIGKILL))
    timer.start()
    try:
        yield
    finally:
        timer.join()
        server.kill()


def test_what_has_a_receipt_survives_being_killed(own_server: Server) -> None:
    device = Account(own_server).enrolled()
    chance = random.Random(_SEED)
    settled: set[int] = set()
    unsettled: dict[int, bytes] = {}
    number = 0
    for _ in range(_KILLS):
        pending = [("location", sequence) for sequence in sorted(unsettled)]
        agent = PushAgent(device, pending=pending).enter()
        assert agent.admitted is not None
        for (_, sequence), kept in zip(pending, agent.admitted.kept, strict=True):
            if kept:
                settled.add(sequence)
                del unsettled[sequence]
        with _killed_soon(own_server, chance):
            again = sorted(unsettled)
            try:
                while not agent.ended:
                    sequence = again.pop(0) if again else number
                    if sequence == number:
                        at_s = 90_000 - number
                        unsettled[number] = block_of("location", fix(45.8, 14.3, ago_s=at_s))
                        number += 1
                    agent.deliver(sequence, unsettled[sequence])
                    if agent.connection.unacknowledged >= 50:
                        agent.until(lambda: agent.connection.unacknowledged < 50, "room")
            except (OSError, AssertionError):
                pass
        for sequence, receipt in agent.receipts.items():
            assert receipt[2] in ("accepted", "duplicate"), receipt
            settled.add(sequence)
            unsettled.pop(sequence, None)
        agent.stream.close()
        own_server.start()
    with PushAgent(
        device, pending=[("location", one) for one in range(min(number, 4096))]
    ).enter() as last:
        assert last.admitted is not None
        kept = {place for place, yes in enumerate(last.admitted.kept) if yes}
    assert {one for one in settled if one < 4096} <= kept
    own_server.settled()
    found = device.observations("location")
    assert len(found) >= len(settled) > 0
    assert len({one["time"] for one in found}) == len(found)
    print(f"{number} batches, {len(settled)} settled, {_KILLS} kills, seed {_SEED}")
