"""The agent asks what to do: its policy, our requests for data, and when to come again."""

import random
from collections.abc import Sequence

import attrs

from application.device_directory import DeviceAccess
from application.ports.clock import Clock
from application.ports.configuration import Configuration, ConfigurationTransaction
from application.ports.device_bell import DeviceBell
from application.ports.intake_queue import IntakeQueue
from domain.consent import allowed_kinds
from domain.kinds import Kind
from domain.policy import Collection, PolicySettings, effective
from domain.pull_request import PullRequest, PullState

CHECK_IN_EVERY_S = 300
MAX_CHECK_IN_S = 3_600
MAX_WAIT_S = 300
_QUEUE_AT_EASE = 2_000
_WAITING_AT_EASE = 5_000


@attrs.frozen
class CheckedIn:
    """`policy` is None when the agent has the current one. `next_check_in_s` is jittered."""

    policy_version: int
    policy: dict[Kind, Collection] | None
    pull_requests: Sequence[PullRequest]
    next_check_in_s: int


@attrs.frozen
class CheckIn:
    configuration: Configuration
    bell: DeviceBell
    queue: IntakeQueue
    clock: Clock

    async def __call__(
        self, access: DeviceAccess, policy_version: int | None, wait_s: float
    ) -> CheckedIn:
        """With `wait_s`, waits that long for a request or a new policy, and wakes at once."""
        found = await self._look(access, policy_version)
        until_ms = self.clock.now_ms() + min(wait_s, MAX_WAIT_S) * 1000
        # The bell may have rung for what an earlier call was told: then it is waited on.
        while not (found.pull_requests or found.policy is not None):
            left_s = (until_ms - self.clock.now_ms()) / 1000
            if left_s <= 0 or not await self.bell.wait(access.device_id, left_s):
                break
            found = await self._look(access, policy_version)
        return found

    async def now(self, access: DeviceAccess, policy_version: int | None) -> CheckedIn:
        """Without waiting, for who has just looked `access` up, and listens to the bell for what
        changes meanwhile: then the device and its consents need not be read again.
        """
        current = access.policy_version
        async with self.configuration.reading() as tx:
            requests = await _pending(tx, access)
            settings = None
            if policy_version != current:
                settings = await tx.policies.get(access.account_id, access.device_id)
        consented = access.gate.kinds()
        return await self._answer(access, policy_version, current, settings, requests, consented)

    async def _look(self, access: DeviceAccess, policy_version: int | None) -> CheckedIn:
        """Consents are read again: they may have changed while the agent waited."""
        account, device_id = access.account_id, access.device_id
        async with self.configuration.reading() as tx:
            device = await tx.devices.get(account, device_id)
            settings = await tx.policies.get(account, device_id)
            requests = await _pending(tx, access)
            # Not from `access`: while the call waited, a consent or the person may have changed.
            person_id = device.person_id if device else access.person_id
            consents = await tx.consents.matching(account, person_id=person_id)
        current = device.policy_version if device else access.policy_version
        consented = allowed_kinds(consents)
        return await self._answer(access, policy_version, current, settings, requests, consented)

    async def _answer(
        self,
        access: DeviceAccess,
        policy_version: int | None,
        current: int,
        settings: PolicySettings | None,
        requests: Sequence[PullRequest],
        consented: frozenset[Kind],
    ) -> CheckedIn:
        requests = [request for request in requests if request.kind in consented]
        await self._mark_fetched(requests)
        policy = None
        if policy_version != current:
            chosen = settings or PolicySettings(access.device_id, access.account_id)
            policy = effective(chosen, consented)
        return CheckedIn(current, policy, requests, self.next_check_in_s())

    def next_check_in_s(self) -> int:
        """When the agent shall come next.

        Half of the interval is chance, so that a fleet that was woken at once spreads out;
        the interval grows with the batches and the agents that wait.
        """
        load = max(self.queue.depth() / _QUEUE_AT_EASE, self.bell.waiting() / _WAITING_AT_EASE, 1.0)
        interval = min(MAX_CHECK_IN_S, CHECK_IN_EVERY_S * load)
        return round(interval * random.uniform(0.75, 1.25))

    async def _mark_fetched(self, requests: Sequence[PullRequest]) -> None:
        fresh = [request for request in requests if request.state is PullState.OPEN]
        if not fresh:
            return
        async with self.configuration.changing() as tx:
            for request in fresh:
                now = await tx.pull_requests.get(request.account_id, request.id)
                if now is not None and now.state is PullState.OPEN:
                    await tx.pull_requests.replace(attrs.evolve(now, state=PullState.FETCHED))


async def _pending(tx: ConfigurationTransaction, access: DeviceAccess) -> list[PullRequest]:
    return [
        request
        for state in (PullState.OPEN, PullState.FETCHED)
        for request in await tx.pull_requests.matching(
            access.account_id, device_id=access.device_id, state=state
        )
    ]
