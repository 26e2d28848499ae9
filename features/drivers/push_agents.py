"""What agents do, over the push protocol and with the native client; they enrol over HTTP.

For each deed the agent's program is started anew, with an empty spool: like one that was
reinstalled, it knows only what the scenario says that it knows.
"""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from features.drivers.http_agents import HttpAgents, task_of
from features.drivers.http_calls import HttpCalls
from features.drivers.native_client import NativeClient
from features.drivers.values import (
    Agent,
    Denial,
    Denied,
    Observation,
    Receipt,
    RefusedPart,
    Told,
)

_PATIENCE_S = 40.0
_STEP_MS = 200

Event = dict[str, Any]


class PushAgents(HttpAgents):
    def __init__(
        self, calls: HttpCalls, waiting_room: ThreadPoolExecutor, server: str, certificate: Path
    ) -> None:
        super().__init__(calls, waiting_room)
        host, _, port = server.rpartition(":")
        self._server = host, int(port)
        self._certificate = certificate

    def deliver(
        self, agent: Agent, kind: str, sequence: int, observations: Sequence[Observation]
    ) -> Receipt:
        return self._delivered(agent, (kind, sequence, observations))

    def check_in(self, agent: Agent, policy_version: int | None = None) -> Told:
        return self._told(agent, policy_version, lambda _: True)

    def wait_for_news(self, agent: Agent, policy_version: int) -> "Future[Told]":
        return self._waiting_room.submit(self._told, agent, policy_version, lambda told: told.news)

    def answer(
        self,
        agent: Agent,
        request_id: str,
        delivery: tuple[str, int, Sequence[Observation]],
        complete: bool,
    ) -> Receipt:
        receipt = self._delivered(agent, delivery, request_id, complete)
        _must_be_known(receipt.reason != "unknown_request")
        return receipt

    def give_up(self, agent: Agent, request_id: str, reason: str) -> None:
        with self._program(agent) as client:
            _await(client, "connected")
            client.cannot(request_id, reason)
            _must_be_known(_await(client, "request_closed")["known"])

    def _delivered(
        self,
        agent: Agent,
        delivery: tuple[str, int, Sequence[Observation]],
        request_id: str | None = None,
        completes: bool = False,
    ) -> Receipt:
        kind, sequence, observations = delivery
        body = json.dumps(list(observations)).encode()
        with self._program(agent) as client:
            client.put_batch(kind, sequence, body, request_id, completes)
            return _receipt(_await(client, "receipt"))

    def _told(
        self, agent: Agent, policy_version: int | None, enough: Callable[[Told], bool]
    ) -> Told:
        with self._program(agent, policy_version) as client:
            policy = _await(client, "connected", also="told").get("policy")
            client.check_in()
            while True:
                event = _await(client, "told")
                policy = policy if event["policy"] is None else event["policy"]
                told = Told(
                    policy_version=event["policy_version"],
                    collect=None if policy is None else frozenset(one["kind"] for one in policy),
                    tasks=tuple(task_of(request) for request in event["requests"]),
                )
                if enough(told):
                    return told

    @contextmanager
    def _program(self, agent: Agent, policy_version: int | None = None) -> Iterator[NativeClient]:
        with TemporaryDirectory() as spool:
            client = NativeClient(
                self._server,
                self._certificate,
                agent.device_id,
                agent.credential,
                Path(spool),
                policy_version,
            )
            try:
                yield client
            finally:
                client.close()


def _await(client: NativeClient, wanted: str, *, also: str = "") -> Event:
    """The next event of this sort, with the members of an `also` that came before it."""
    before: Event = {}
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline:
        client.step(_STEP_MS)
        while (event := client.next_event()) is not None:
            if event["event"] == "stopped":
                raise Denied(Denial.NOT_KNOWN, event["reason"])
            if event["event"] == wanted:
                return {**before, **event}
            if event["event"] == also:
                before = event
    raise TimeoutError(f"no {wanted} within {_PATIENCE_S:g} s")


def _must_be_known(known: bool) -> None:
    if not known:
        raise Denied(Denial.NOT_FOUND, "there is no such request for this device")


def _receipt(event: Event) -> Receipt:
    refused = tuple(RefusedPart(**part) for part in event["refused"])
    return Receipt(event["outcome"], event["accepted"], refused, event["reason"] or None)
