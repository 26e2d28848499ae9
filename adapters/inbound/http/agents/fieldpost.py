"""The Fieldpost agent's calls: enrol, check in, deliver, answer our requests."""

from typing import Annotated, Any

import attrs
import msgspec
from msgspec import Meta

from adapters.inbound.http.agents.asgi import AgentRequest, Answer, Doorkeeper
from adapters.inbound.http.agents.blocks import framed_blocks, holds_blocks, said_complete
from adapters.inbound.http.bodies import decoded
from adapters.inbound.http.problems import HttpRefusal
from application.queries.views import collection_view
from application.use_cases.accept_batches import AcceptBatches, Delivery
from application.use_cases.check_in import CheckedIn, CheckIn
from application.use_cases.enrol_device import EnrolDevice
from application.use_cases.request_data import AnswerRequest
from domain.batch import MAX_BATCHES_PER_UPLOAD, MAX_SEQUENCE, Receipt
from domain.device import Agent, AgentInfo
from domain.kinds import Kind
from domain.policy import Collection
from domain.refusals import Refusal
from domain.times import to_rfc3339

_Name = Annotated[str, Meta(min_length=1, max_length=64)]


class AgentIn(msgspec.Struct, forbid_unknown_fields=True):
    name: _Name
    version: _Name
    platform: _Name


class EnrolIn(msgspec.Struct, forbid_unknown_fields=True):
    code: Annotated[str, Meta(min_length=1, max_length=64)]
    agent: AgentIn


class CheckInIn(msgspec.Struct, forbid_unknown_fields=True):
    policy_version: int | None = None
    device_state: dict[str, Any] | None = None
    wait_s: Annotated[float, Meta(ge=0, le=3600)] = 0


class BatchIn(msgspec.Struct, forbid_unknown_fields=True):
    kind: Annotated[str, Meta(max_length=64)]
    sequence: Annotated[int, Meta(ge=0, le=MAX_SEQUENCE)]
    observations: msgspec.Raw


class BatchesIn(msgspec.Struct, forbid_unknown_fields=True):
    batches: Annotated[list[BatchIn], Meta(max_length=MAX_BATCHES_PER_UPLOAD)]
    complete: bool = False


class FailureIn(msgspec.Struct, forbid_unknown_fields=True):
    reason: Annotated[str, Meta(min_length=1, max_length=500)]


_enrol = msgspec.json.Decoder(EnrolIn)
_check_in = msgspec.json.Decoder(CheckInIn)
_batches = msgspec.json.Decoder(BatchesIn)
_failure = msgspec.json.Decoder(FailureIn)


@attrs.frozen
class FieldpostAgentCalls:
    doorkeeper: Doorkeeper
    enrol_device: EnrolDevice
    check_in_: CheckIn
    accept: AcceptBatches
    answer: AnswerRequest

    async def enrol(self, request: AgentRequest) -> Answer:
        wanted = decoded(_enrol, request.body)
        agent = AgentInfo(wanted.agent.name, wanted.agent.version, wanted.agent.platform)
        enrolled = await self.enrol_device.redeem(wanted.code, agent)
        access = await self.doorkeeper.secret(enrolled.credential, Agent.FIELDPOST)
        told = await self.check_in_(access, None, 0)
        content = {
            "device_id": enrolled.device.id,
            "credential": enrolled.credential,
            "policy": _policy(told.policy_version, told.policy or {}),
            "next_check_in_s": told.next_check_in_s,
        }
        return Answer(content, 201)

    async def check_in(self, request: AgentRequest) -> Answer:
        access = await self.doorkeeper.bearer(request, Agent.FIELDPOST)
        said = decoded(_check_in, request.body or b"{}")
        if said.device_state:
            await self.accept(access, [_state_delivery(said.device_state, self.accept)])
        told = await self.check_in_(access, said.policy_version, said.wait_s)
        return Answer(_checked_in(told))

    async def batches(self, request: AgentRequest) -> Answer:
        access = await self.doorkeeper.bearer(request, Agent.FIELDPOST)
        deliveries, _ = _read(request)
        receipts = await self.accept(access, deliveries)
        return Answer({"receipts": [receipt_json(receipt) for receipt in receipts]})

    async def pull_request(self, request: AgentRequest) -> Answer:
        """`{id}/batches` and `{id}/failure`."""
        access = await self.doorkeeper.bearer(request, Agent.FIELDPOST)
        request_id, _, call = request.path.partition("/")
        if request.method != "POST" or call not in ("batches", "failure"):
            raise HttpRefusal(404, "Not found", "there is no such call for agents")
        if call == "failure":
            reason = decoded(_failure, request.body).reason
            await self.answer.failure(access, request_id, reason)
            return Answer({})
        deliveries, complete = _read(request)
        receipts = await self.answer.batches(access, request_id, deliveries, complete)
        return Answer({"receipts": [receipt_json(receipt) for receipt in receipts]})


def _read(request: AgentRequest) -> tuple[list[Delivery], bool]:
    """The batches of an upload, as JSON or as blocks, and whether they are the last ones."""
    complete = said_complete(request)
    if holds_blocks(request):
        return framed_blocks(request.body), complete
    said = decoded(_batches, request.body)
    deliveries = [Delivery(one.kind, bytes(one.observations), one.sequence) for one in said.batches]
    return deliveries, said.complete or complete


def _state_delivery(state: dict[str, Any], accept: AcceptBatches) -> Delivery:
    """The device state of a check-in is an observation like any other, of now."""
    observation = {"time": to_rfc3339(accept.clock.now_ms()), **state}
    return Delivery(Kind.DEVICE_STATE, msgspec.json.encode([observation]))


def receipt_json(receipt: Receipt) -> dict[str, Any]:
    return {
        "kind": receipt.kind,
        "sequence": receipt.sequence,
        "outcome": receipt.outcome,
        "accepted": receipt.accepted,
        "refused": [_refusal_json(refusal) for refusal in receipt.refused],
        "reason": receipt.reason,
    }


def _refusal_json(refusal: Refusal) -> dict[str, Any]:
    return {"index": refusal.index, "field": refusal.field, "reason": refusal.reason}


def _policy(version: int, kinds: dict[Kind, Collection]) -> dict[str, Any]:
    told = {kind.value: collection_view(collection) for kind, collection in kinds.items()}
    return {"version": version, "kinds": told}


def _checked_in(told: CheckedIn) -> dict[str, Any]:
    policy = None if told.policy is None else _policy(told.policy_version, told.policy)
    return {
        "policy_version": told.policy_version,
        "policy": policy,
        "pull_requests": [
            {
                "id": request.id,
                "kind": request.kind.value,
                "from": to_rfc3339(request.from_ms),
                "to": to_rfc3339(request.to_ms),
                "limit": request.limit,
            }
            for request in told.pull_requests
        ],
        "next_check_in_s": told.next_check_in_s,
    }
