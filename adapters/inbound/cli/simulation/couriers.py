"""Who carries observations to the platform: a Fieldpost agent, or OwnTracks."""

import base64
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

import attrs

from adapters.inbound.cli.simulation.calls import Calls
from adapters.inbound.cli.simulation.record import DeviceRecord
from adapters.inbound.cli.simulation.seen import Seen

MAX_OBSERVATIONS = 500
"""In one batch; the platform takes more, but short batches lose less when a call breaks."""

MAX_BATCHES = 32
_OWNTRACKS_MESSAGES = 50

Batch = dict[str, Any]


@attrs.define
class Counts:
    """What the platform said: observations that were accepted and refused, batches that it
    had before. `reasons` counts the refusals by reason.
    """

    accepted: int = 0
    duplicate: int = 0
    refused: int = 0
    reasons: Counter[str] = attrs.field(factory=Counter)

    def add(self, batch: Batch, receipt: dict[str, Any]) -> None:
        """Read one receipt."""
        self.accepted += receipt.get("accepted") or 0
        self.duplicate += receipt["outcome"] == "duplicate"
        refusals = receipt.get("refused") or []
        for refusal in refusals:
            self.reasons[str(refusal["reason"])] += 1
        self.refused += len(refusals)
        if receipt["outcome"] == "refused" and not refusals:
            self.refused += len(batch["observations"])
            self.reasons[str(receipt.get("reason"))] += len(batch["observations"])


class Courier(Protocol):
    """One device's way to the platform. What has been delivered is kept by the platform."""

    async def deliver(self, observations: Sequence[Seen]) -> None:
        """In the given order. Raises CallRefused and Unreachable."""


@attrs.define
class FieldpostCourier:
    """Numbers its batches per kind; `remember` stores a number before it is used, so that it
    is never used for two batches. Only kinds that the policy names are sent; before a policy
    is known, all are.
    """

    calls: Calls
    record: DeviceRecord
    remember: Callable[[], None]
    counts: Counts = attrs.field(factory=Counts)

    async def deliver(self, observations: Sequence[Seen]) -> None:
        await self._send("/agent/v1/batches", observations, complete=None)

    async def answer(self, request_id: str, observations: Sequence[Seen]) -> None:
        """Everything that was asked for; the last call says that it is complete."""
        path = f"/agent/v1/pull-requests/{request_id}/batches"
        await self._send(path, observations, complete=True)

    async def _send(
        self, path: str, observations: Sequence[Seen], *, complete: bool | None
    ) -> None:
        batches = list(self._batches(observations))
        loads = [batches[i : i + MAX_BATCHES] for i in range(0, len(batches), MAX_BATCHES)]
        if complete and not loads:
            loads = [[]]
        for index, load in enumerate(loads):
            for batch in load:
                batch["sequence"] = self.record.next_sequence(batch["kind"])
            self.remember()
            body: dict[str, Any] = {"batches": load}
            if complete and index == len(loads) - 1:
                body["complete"] = True
            answer = await self.calls("POST", path, body, headers=self.headers)
            for batch, receipt in zip(load, answer["receipts"], strict=True):
                self.counts.add(batch, receipt)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.record.secret}"}

    def _batches(self, observations: Sequence[Seen]) -> Iterator[Batch]:
        by_kind: dict[str, list[dict[str, Any]]] = {}
        for one in sorted(observations, key=lambda one: one.time_ms):
            if self.record.collects(one.kind):
                by_kind.setdefault(one.kind.value, []).append(one.observation)
        for kind, rows in by_kind.items():
            for start in range(0, len(rows), MAX_OBSERVATIONS):
                yield {"kind": kind, "observations": rows[start : start + MAX_OBSERVATIONS]}


@attrs.define
class OwnTracksCourier:
    """HTTP mode: a message per fix; what has gathered goes as one array.

    `battery` gives the charge as a fraction and whether it charges, at a time in ms.
    """

    calls: Calls
    record: DeviceRecord
    battery: Callable[[int], tuple[float | None, bool]]
    counts: Counts = attrs.field(factory=Counts)

    async def deliver(self, observations: Sequence[Seen]) -> None:
        messages = [self._message(one) for one in observations]
        pair = f"{self.record.device_id}:{self.record.secret}".encode()
        headers = {
            "Authorization": "Basic " + base64.b64encode(pair).decode(),
            "X-Limit-U": self.record.device_id,
            "X-Limit-D": "phone",
        }
        for start in range(0, len(messages), _OWNTRACKS_MESSAGES):
            some = messages[start : start + _OWNTRACKS_MESSAGES]
            body = some[0] if len(some) == 1 else some
            await self.calls("POST", "/agent/owntracks", body, headers=headers)
            self.counts.accepted += len(some)

    def _message(self, one: Seen) -> dict[str, Any]:
        """Units are the app's: km/h, percent, seconds since 1970."""
        fix = one.observation
        battery, charging = self.battery(one.time_ms)
        message = {
            "_type": "location",
            "tid": "iv",
            "tst": one.time_ms // 1000,
            "lat": fix["lat"],
            "lon": fix["lon"],
            "acc": round(fix["accuracy_m"]),
            "vel": round(fix.get("speed_mps", 0.0) * 3.6),
            "batt": round(100 * (battery or 0.0)),
            "bs": 2 if charging else 1,
            "conn": "m",
        }
        if "bearing_deg" in fix:
            message["cog"] = round(fix["bearing_deg"])
        if "altitude_m" in fix:
            message["alt"] = round(fix["altitude_m"])
        return message
