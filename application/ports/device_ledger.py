"""The effects of processing, by device: its history, its blocks and its alerts."""

from collections.abc import Sequence
from typing import Protocol

import attrs

from domain.alert import Alert
from domain.batch import Batch
from domain.device_history import DeviceHistory
from domain.kinds import Kind
from domain.quarantine import Quarantined
from domain.rules.judge import Cleared


@attrs.frozen
class StoredBlock:
    """A block of one UTC day. `identity` is its batch's; with the day it makes the key."""

    account_id: str
    device_id: str
    kind: Kind
    day_ms: int
    identity: str
    block: bytes
    count: int
    first_ms: int
    last_ms: int


@attrs.frozen
class Effects:
    """What some batches of one device do. `history` is the new one, based on the version
    before it; `batches` are those that cause it, `derived` what documents among them became.
    """

    history: DeviceHistory
    batches: Sequence[Batch] = ()
    blocks: Sequence[StoredBlock] = ()
    alerts: Sequence[Alert] = ()
    cleared: Sequence[Cleared] = ()
    quarantined: Sequence[Quarantined] = ()
    derived: Sequence[Batch] = ()


class DeviceLedger(Protocol):
    async def histories(self, devices: Sequence[tuple[str, str]]) -> dict[str, DeviceHistory]:
        """The histories of (account, device) by device; an empty one where there is none."""
        ...

    async def unapplied(self, batches: Sequence[Batch]) -> list[Batch]:
        """Those of the batches that have had no effect yet."""
        ...

    async def apply(self, effects: Sequence[Effects]) -> list[bool]:
        """Make each device's effects, all of them or none, once. They outlive the process.

        A power cut may undo them; then their batches are in the queue again.

        False where the history has moved on, or where a batch has had its effects already:
        read again and judge again. Alerts and blocks that exist already are left as they are.
        """
        ...

    async def silent(self, now_ms: int, limit: int) -> list[DeviceHistory]:
        """Devices whose `silence_due_ms` has come, longest due first."""
        ...
