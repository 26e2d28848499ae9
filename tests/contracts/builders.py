"""Values for the suites of ports."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

from application.ports.block_codec import BlockCodec
from application.ports.device_ledger import Effects, StoredBlock
from application.ports.intake_queue import Intake
from domain.alert import Alert, Reason, alert_id
from domain.batch import Batch
from domain.device_history import DeviceHistory
from domain.kinds import Kind
from domain.quarantine import Quarantined
from domain.rules.rule import Severity
from domain.times import DAY_MS, to_rfc3339
from tests.contracts.assembly import Stores

ACCOUNT = "account-1"
OTHER_ACCOUNT = "account-2"
DEVICE = "device-1"
NOW_MS = 1_790_000_000_000
TODAY_MS = NOW_MS - NOW_MS % DAY_MS


def batch(
    identity: int | str = 1,
    *,
    device: str = DEVICE,
    kind: Kind = Kind.LOCATION,
    account: str = ACCOUNT,
    late: bool = False,
    block: bytes = b"block",
    left_out: Quarantined | None = None,
) -> Batch:
    """A batch of the live lane, or a late one."""
    last_ms = NOW_MS - (DAY_MS if late else 1_000)
    times_ms = (last_ms - 2_000, last_ms, NOW_MS)
    return Batch(account, device, kind, str(identity), block, 3, *times_ms, left_out)


def quarantined(
    number: int = 1, *, account: str = ACCOUNT, device: str = DEVICE, payload: bytes = b"{}"
) -> Quarantined:
    ident = f"{NOW_MS + number:012x}{number:012x}"
    return Quarantined(ident, account, device, NOW_MS, "osmand", "not_json", "", payload)


def alert(
    occurred_ms: int = NOW_MS,
    *,
    account: str = ACCOUNT,
    device: str = DEVICE,
    rule: str = "rule-1",
    **changes: Any,
) -> Alert:
    fields: dict[str, Any] = {
        "id": alert_id(rule, device, occurred_ms),
        "account_id": account,
        "rule_id": rule,
        "rule_name": "leaves school",
        "device_id": device,
        "person_id": "person-1",
        "severity": Severity.WARNING,
        "text": "Ana left School",
        "occurred_at_ms": occurred_ms,
        "learned_at_ms": occurred_ms + 1_000,
        "observation": {"time": to_rfc3339(occurred_ms), "lat": 45.8, "lon": 14.3},
        "reasons": (Reason("is outside School", occurred_ms - 5),),
    }
    return Alert(**{**fields, **changes})


def history(version: int = 1, *, device: str = DEVICE, **fields: Any) -> DeviceHistory:
    return DeviceHistory(device, fields.pop("account", ACCOUNT), version, **fields)


def encoded(codec: BlockCodec, kind: Kind, times_ms: Sequence[int], lat: float = 45.0) -> bytes:
    """A block with an observation at each of these times."""
    rows = [
        {"time": to_rfc3339(time_ms), **_fields(kind, lat + number / 1_000)}
        for number, time_ms in enumerate(times_ms)
    ]
    made = codec.encode_json(kind, json.dumps(rows).encode(), 0, 2**52, foreign=False)
    assert made.count == len(times_ms), made
    return made.block


def _fields(kind: Kind, value: float) -> dict[str, Any]:
    if kind is Kind.LOCATION:
        return {"lat": value, "lon": 14.0}
    assert kind is Kind.APP_USE
    return {"app": f"app-{value:.3f}"}


def stored(
    codec: BlockCodec,
    identity: int | str,
    times_ms: Sequence[int],
    *,
    account: str = ACCOUNT,
    device: str = DEVICE,
    kind: Kind = Kind.LOCATION,
) -> StoredBlock:
    """A block of one day, as processing stores it."""
    first_ms, last_ms = min(times_ms), max(times_ms)
    return StoredBlock(
        account_id=account,
        device_id=device,
        kind=kind,
        day_ms=first_ms - first_ms % DAY_MS,
        identity=str(identity),
        block=encoded(codec, kind, times_ms),
        count=len(times_ms),
        first_ms=first_ms,
        last_ms=last_ms,
    )


async def effect(stores: Stores, **effects: Any) -> None:
    """Let one device have these effects, whatever its version is."""
    account, device = effects.pop("account", ACCOUNT), effects.pop("device", DEVICE)
    before = (await stores.ledger.histories([(account, device)]))[device]
    after = history(before.version + 1, device=device, account=account)
    assert await stores.ledger.apply([Effects(after, **effects)]) == [True]


async def accepted(stores: Stores, *batches: Batch) -> None:
    assert await stores.queue.accept(Intake(batches)) == [True] * len(batches)


async def taken(stores: Stores, count: int) -> list[Batch]:
    """So many batches, in the order in which they are given; they are not finished."""
    found: list[Batch] = []
    async with asyncio.timeout(10):
        while len(found) < count:
            found += await stores.queue.take(100)
    return found


async def depth_becomes(stores: Stores, depth: int) -> None:
    """Within some seconds: a queue that is far away is asked now and then."""
    async with asyncio.timeout(10):
        while stores.queue.depth() != depth:
            await asyncio.sleep(0.01)


async def processed(stores: Stores, count: int, *, device: str = DEVICE) -> None:
    """Let so many batches of one device have no effects but their own remains."""
    batches = await taken(stores, count)
    left_out = [batch.left_out for batch in batches if batch.left_out is not None]
    await effect(stores, batches=batches, quarantined=left_out, device=device)
    await stores.queue.finish(batches)
