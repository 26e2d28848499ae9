"""What agents do, as calls of use cases; the words of foreign apps go through their reader."""

import base64
import json
from collections.abc import Sequence
from concurrent.futures import Future
from datetime import UTC, datetime

from adapters.inbound.http.agents.asgi import AgentRequest, Answer, Doorkeeper
from adapters.inbound.http.agents.foreign import ForeignAgentCalls
from application.device_directory import DeviceAccess
from application.identifiers import digest
from application.use_cases.accept_batches import Delivery
from application.use_cases.check_in import CheckedIn
from domain import batch
from domain.device import Agent as Program
from domain.device import AgentInfo
from domain.pull_request import PullRequest
from features.drivers.assembly import Assembly
from features.drivers.base import Agents
from features.drivers.patience import eventually
from features.drivers.values import (
    Agent,
    AppAccess,
    Denial,
    Denied,
    Observation,
    Receipt,
    RefusedPart,
    Task,
    Told,
)

_INFO = AgentInfo("scenario", "1", "android")
_WAIT_S = 30.0


class ApplicationAgents(Agents):
    def __init__(self, assembly: Assembly) -> None:
        self._assembly = assembly
        self._call = assembly.call

    def enrol(self, code: str) -> Agent:
        enrolled = self._call(self._assembly.services.enrol_device.redeem(code, _INFO))
        return Agent(enrolled.device.id, enrolled.credential)

    def deliver(
        self, agent: Agent, kind: str, sequence: int, observations: Sequence[Observation]
    ) -> Receipt:
        access = self._call(self._access(agent))
        accept = self._assembly.services.accept_batches
        (receipt,) = self._call(accept(access, [_delivery(kind, sequence, observations)]))
        return _receipt(receipt)

    def check_in(self, agent: Agent, policy_version: int | None = None) -> Told:
        return _told(self._call(self._ask(agent, policy_version, 0)))

    def wait_for_news(self, agent: Agent, policy_version: int) -> "Future[Told]":
        bell = self._assembly.container.bell()
        before = bell.waiting()
        future = self._assembly.begin(self._wait(agent, policy_version))
        eventually(bell.waiting, lambda waiting: waiting > before or future.done())
        return future

    def answer(
        self,
        agent: Agent,
        request_id: str,
        delivery: tuple[str, int, Sequence[Observation]],
        complete: bool,
    ) -> Receipt:
        access = self._call(self._access(agent))
        answer = self._assembly.services.answer_request
        (receipt,) = self._call(
            answer.batches(access, request_id, [_delivery(*delivery)], complete)
        )
        return _receipt(receipt)

    def give_up(self, agent: Agent, request_id: str, reason: str) -> None:
        access = self._call(self._access(agent))
        self._call(self._assembly.services.answer_request.failure(access, request_id, reason))

    def send_words(self, access: AppAccess, words: bytes) -> None:
        services = self._assembly.services
        doorkeeper = Doorkeeper(services.directory, services.tally)
        calls = ForeignAgentCalls(doorkeeper, services.accept_batches)
        answers = {"owntracks": calls.owntracks, "osmand": calls.osmand}
        answer: Answer = self._call(answers[access.address](_app_request(access, words)))
        assert answer.status == 200

    async def _access(self, agent: Agent) -> DeviceAccess:
        directory = self._assembly.services.directory
        access = await directory.access(digest(agent.credential))
        if access is None or access.agent is not Program.FIELDPOST:
            raise Denied(Denial.NOT_KNOWN, "the device credential is unknown or revoked")
        return access

    async def _ask(self, agent: Agent, policy_version: int | None, wait_s: float) -> CheckedIn:
        access = await self._access(agent)
        return await self._assembly.services.check_in(access, policy_version, wait_s)

    async def _wait(self, agent: Agent, policy_version: int) -> Told:
        """An agent that is told nothing asks again."""
        while True:
            told = _told(await self._ask(agent, policy_version, _WAIT_S))
            if told.news:
                return told


def _delivery(kind: str, sequence: int, observations: Sequence[Observation]) -> Delivery:
    return Delivery(kind, json.dumps(list(observations)).encode(), sequence)


def _receipt(receipt: batch.Receipt) -> Receipt:
    refused = tuple(RefusedPart(part.index, part.field, part.reason) for part in receipt.refused)
    return Receipt(receipt.outcome.value, receipt.accepted, refused, receipt.reason)


def _told(told: CheckedIn) -> Told:
    collect = None if told.policy is None else frozenset(kind.value for kind in told.policy)
    return Told(told.policy_version, collect, tuple(_task(one) for one in told.pull_requests))


def _task(request: PullRequest) -> Task:
    start, end = (datetime.fromtimestamp(ms / 1000, UTC) for ms in (request.from_ms, request.to_ms))
    return Task(request.id, request.kind.value, start, end)


def _app_request(access: AppAccess, words: bytes) -> AgentRequest:
    user = f"{access.device_id}:{access.token}".encode()
    headers = {b"authorization": b"Basic " + base64.b64encode(user)}
    return AgentRequest("POST", access.token, b"", headers, words)
