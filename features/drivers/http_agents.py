"""What agents do, over HTTP."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import Any

from features.drivers.base import Agents
from features.drivers.http_calls import HttpCalls
from features.drivers.values import Agent, AppAccess, Observation, Receipt, RefusedPart, Task, Told

_WAIT_S = 30.0
_INFO = {"name": "scenario", "version": "1", "platform": "android"}


class HttpAgents(Agents):
    def __init__(self, calls: HttpCalls, waiting_room: ThreadPoolExecutor) -> None:
        self._calls = calls
        self._waiting_room = waiting_room

    def enrol(self, code: str) -> Agent:
        enrolled = self._calls.json("POST", "/agent/v1/enrol", body={"code": code, "agent": _INFO})
        return Agent(enrolled["device_id"], enrolled["credential"])

    def deliver(
        self, agent: Agent, kind: str, sequence: int, observations: Sequence[Observation]
    ) -> Receipt:
        body = {"batches": [_batch(kind, sequence, observations)]}
        return _receipt(self._post(agent, "batches", body))

    def check_in(self, agent: Agent, policy_version: int | None = None) -> Told:
        return _told(self._post(agent, "check-in", {"policy_version": policy_version}))

    def wait_for_news(self, agent: Agent, policy_version: int) -> "Future[Told]":
        return self._waiting_room.submit(self._wait, agent, policy_version)

    def answer(
        self,
        agent: Agent,
        request_id: str,
        delivery: tuple[str, int, Sequence[Observation]],
        complete: bool,
    ) -> Receipt:
        body = {"batches": [_batch(*delivery)], "complete": complete}
        return _receipt(self._post(agent, f"pull-requests/{request_id}/batches", body))

    def give_up(self, agent: Agent, request_id: str, reason: str) -> None:
        self._post(agent, f"pull-requests/{request_id}/failure", {"reason": reason})

    def send_words(self, access: AppAccess, words: bytes) -> None:
        self._calls.post(access.address, words, user=(access.device_id, access.token))

    def _post(self, agent: Agent, call: str, body: Any) -> Any:
        return self._calls.json("POST", f"/agent/v1/{call}", agent.credential, body=body)

    def _wait(self, agent: Agent, policy_version: int) -> Told:
        """An agent that is told nothing asks again."""
        body = {"policy_version": policy_version, "wait_s": _WAIT_S}
        while True:
            told = _told(self._post(agent, "check-in", body))
            if told.news:
                return told


def _batch(kind: str, sequence: int, observations: Sequence[Observation]) -> dict[str, Any]:
    return {"kind": kind, "sequence": sequence, "observations": list(observations)}


def _receipt(answer: Any) -> Receipt:
    (receipt,) = answer["receipts"]
    refused = tuple(RefusedPart(**part) for part in receipt["refused"])
    return Receipt(receipt["outcome"], receipt["accepted"], refused, receipt["reason"])


def _told(answer: Any) -> Told:
    policy = answer["policy"]
    return Told(
        policy_version=answer["policy_version"],
        collect=None if policy is None else frozenset(policy["kinds"]),
        tasks=tuple(task_of(view) for view in answer["pull_requests"]),
    )


def task_of(view: Any) -> Task:
    start, end = (datetime.fromisoformat(view[name]) for name in ("from", "to"))
    return Task(view["id"], view["kind"], start, end)
