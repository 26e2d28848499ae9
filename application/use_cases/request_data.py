"""Ask a device for a kind over a time range, and take its answer."""

from collections.abc import Sequence

import attrs

from application.actor import Actor
from application.device_directory import DeviceAccess
from application.faults import Conflict, Invalid, NotFound
from application.identifiers import new_id
from application.ports.clock import Clock
from application.ports.configuration import Configuration
from application.ports.device_bell import DeviceBell
from application.use_cases.accept_batches import AcceptBatches, Delivery
from application.use_cases.enrol_device import active_device
from domain.batch import Outcome, Receipt
from domain.kinds import Kind
from domain.pull_request import MAX_LIMIT, PullRequest, PullState
from domain.refusals import FieldError

MAX_OPEN = 50
MAX_RANGE_MS = 366 * 86_400_000
MAX_REASON = 500


@attrs.frozen
class RequestData:
    configuration: Configuration
    bell: DeviceBell
    clock: Clock

    async def __call__(
        self, actor: Actor, device_id: str, kind: Kind, from_ms: int, to_ms: int, limit: int
    ) -> PullRequest:
        """The device's waiting agent is woken at once. Raises Invalid, NotFound, Conflict."""
        actor.must_change()
        errors = _errors(from_ms, to_ms, limit)
        if errors:
            raise Invalid.of(errors)
        now_ms = self.clock.now_ms()
        async with self.configuration.changing() as tx:
            device = await active_device(tx, actor.account_id, device_id)
            consents = await tx.consents.matching(actor.account_id, person_id=device.person_id)
            if not any(c.revoked_at_ms is None and kind in c.kinds for c in consents):
                raise Conflict(
                    f"the person has not consented to {kind.value}",
                    [FieldError("kind", "is not consented to")],
                )
            requests = await tx.pull_requests.matching(actor.account_id, device_id=device_id)
            if sum(request.pending for request in requests) >= MAX_OPEN:
                raise Conflict(f"{MAX_OPEN} requests wait for this device already")
            request = PullRequest(
                id=new_id(now_ms),
                account_id=actor.account_id,
                device_id=device_id,
                kind=kind,
                from_ms=from_ms,
                to_ms=to_ms,
                limit=limit,
                created_at_ms=now_ms,
            )
            await tx.pull_requests.add(request)
            await tx.audit.add(actor.entry(now_ms, "data.request", device_id, kind.value))
        self.bell.ring(device_id)
        return request


@attrs.frozen
class AnswerRequest:
    """The agent's answer to a pull request: batches, or why there are none."""

    configuration: Configuration
    accept: AcceptBatches
    clock: Clock

    async def batches(
        self,
        access: DeviceAccess,
        request_id: str,
        deliveries: Sequence[Delivery],
        complete: bool,
    ) -> list[Receipt]:
        """Raises NotFound. What comes after the request was closed is accepted all the same."""
        await self._find(access, request_id)
        receipts = await self.accept(access, deliveries)
        accepted = sum(r.accepted for r in receipts if r.outcome is Outcome.ACCEPTED)
        async with self.configuration.changing() as tx:
            request = await tx.pull_requests.get(access.account_id, request_id)
            if request is not None:
                request = attrs.evolve(request, accepted=request.accepted + accepted)
                if complete and request.pending:
                    request = attrs.evolve(
                        request, state=PullState.ANSWERED, closed_at_ms=self.clock.now_ms()
                    )
                await tx.pull_requests.replace(request)
        return receipts

    async def failure(self, access: DeviceAccess, request_id: str, reason: str) -> None:
        """Closes the request; a second word on a closed one changes nothing."""
        if len(reason) > MAX_REASON:
            raise Invalid.of([FieldError("reason", f"has more than {MAX_REASON} characters")])
        await self._find(access, request_id)
        async with self.configuration.changing() as tx:
            request = await tx.pull_requests.get(access.account_id, request_id)
            if request is not None and request.pending:
                await tx.pull_requests.replace(
                    attrs.evolve(
                        request,
                        state=PullState.FAILED,
                        reason=reason,
                        closed_at_ms=self.clock.now_ms(),
                    )
                )

    async def _find(self, access: DeviceAccess, request_id: str) -> PullRequest:
        async with self.configuration.reading() as tx:
            request = await tx.pull_requests.get(access.account_id, request_id)
        if request is None or request.device_id != access.device_id:
            raise NotFound("there is no such request for this device")
        return request


def _errors(from_ms: int, to_ms: int, limit: int) -> list[FieldError]:
    errors = []
    if to_ms <= from_ms:
        errors.append(FieldError("to", "must be later than from"))
    elif to_ms - from_ms > MAX_RANGE_MS:
        errors.append(FieldError("to", "is more than 366 days after from"))
    if not 1 <= limit <= MAX_LIMIT:
        errors.append(FieldError("limit", f"must be between 1 and {MAX_LIMIT}"))
    return errors
