"""The other half of an agent: it asks what to do, and answers requests for data."""

import random
from collections.abc import Callable
from datetime import datetime
from typing import Any

import attrs

from adapters.inbound.cli.simulation.calls import CallRefused
from adapters.inbound.cli.simulation.clock import Clock
from adapters.inbound.cli.simulation.couriers import FieldpostCourier
from adapters.inbound.cli.simulation.player import LOST_CREDENTIAL, PAUSE_AFTER_REFUSAL_S
from adapters.inbound.cli.simulation.record import Record
from adapters.inbound.cli.simulation.story import Story
from domain.kinds import Kind
from domain.times import from_datetime

WAIT_S = 60
"""How long a check-in may be held open, so that a request for data is answered at once."""

_KEPT_ANSWERS = 500
_IN_VAIN = 3


@attrs.frozen
class Answerer:
    """Checks in for one device, over and over. `remember` stores the record."""

    key: str
    story: Story
    record: Record
    courier: FieldpostCourier
    clock: Clock
    remember: Callable[[], None]

    async def run(self) -> None:
        """Until the credential is revoked. An open check-in follows the other; only when
        several in a row were neither held nor had anything to say, or one was refused, does it
        come again as late as the platform says.
        """
        in_vain = 0
        while True:
            began_ms = self.clock.now_ms()
            try:
                told = await self._check_in()
                for request in told["pull_requests"]:
                    await self._answer(request)
                held = self.clock.now_ms() - began_ms > WAIT_S * 500
                useful = held or told["pull_requests"] or told["policy"] is not None
                in_vain = 0 if useful else in_vain + 1
                pause_s = random.uniform(0.5, 2.0)
                if in_vain >= _IN_VAIN:
                    pause_s = float(told["next_check_in_s"])
            except CallRefused as refusal:
                if refusal.status == LOST_CREDENTIAL:
                    return
                pause_s = PAUSE_AFTER_REFUSAL_S
            await self.clock.sleep(pause_s)

    async def _check_in(self) -> dict[str, Any]:
        device = self.courier.record
        body: dict[str, Any] = {"wait_s": WAIT_S}
        if device.policy_version is not None:
            body["policy_version"] = device.policy_version
        told: dict[str, Any] = await self.courier.calls(
            "POST", "/agent/v1/check-in", body, headers=self.courier.headers, wait_s=WAIT_S
        )
        device.obey(told["policy"])
        return told

    async def _answer(self, request: dict[str, Any]) -> None:
        """With what was asked for and not sent before."""
        from_ms, to_ms = _time_ms(request["from"]), _time_ms(request["to"])
        kind = Kind(request["kind"])
        found = self.story.untold(self.key, kind, from_ms, to_ms)
        fresh = [one for one in found if not self._was_answered(kind, one.time_ms)]
        fresh = fresh[: request["limit"]]
        await self.courier.answer(request["id"], fresh)
        if fresh:
            answered = (self.key, kind.value, fresh[0].time_ms, fresh[-1].time_ms + 1)
            self.record.answered = [*self.record.answered, answered][-_KEPT_ANSWERS:]
            self.remember()

    def _was_answered(self, kind: Kind, time_ms: int) -> bool:
        return any(
            key == self.key and name == kind.value and from_ms <= time_ms < to_ms
            for key, name, from_ms, to_ms in self.record.answered
        )


def _time_ms(text: str) -> int:
    return from_datetime(datetime.fromisoformat(text))
