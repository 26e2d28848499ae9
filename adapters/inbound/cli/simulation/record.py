"""What the players remember between two runs: credentials, numbers, how far they have come."""

import os
from pathlib import Path
from typing import Any

import attrs
import msgspec

from domain.kinds import Kind


@attrs.define
class DeviceRecord:
    """`secret` is the credential or, for a foreign agent, its token.

    `delivered_ms`: all that was known before is delivered, but for `owed`, a range that the
    device still has to deliver. `kinds` are those of the policy, None before there is one.
    """

    device_id: str
    secret: str
    delivered_ms: int
    sequences: dict[str, int] = attrs.field(factory=dict)
    first_sequence: int = 1
    owed: tuple[int, int] | None = None
    policy_version: int | None = None
    kinds: list[str] | None = None

    def next_sequence(self, kind: str) -> int:
        number = self.sequences.get(kind, self.first_sequence - 1) + 1
        self.sequences[kind] = number
        return number

    def collects(self, kind: Kind) -> bool:
        return self.kinds is None or kind.value in self.kinds

    def forget_owed(self) -> None:
        """Begin again where it was owed from: a new story tells it in its order."""
        if self.owed is not None:
            self.delivered_ms, self.owed = self.owed[0], None

    def obey(self, policy: dict[str, Any] | None) -> None:
        """Take over what the platform tells to collect; None changes nothing."""
        if policy is not None:
            self.policy_version = policy["version"]
            self.kinds = sorted(policy["kinds"])


@attrs.define
class Record:
    """The family's state. A chapter is a past followed by a live part: see `story.Chapter`.

    `settled`: people, places and rules are set up, and are the owner's from then on.
    `answered` are the ranges of pull requests that were answered: device, kind, from, to.
    """

    seed: int
    chapter_from_ms: int
    live_ms: int
    earlier_live_ms: int | None = None
    settled: bool = False
    devices: dict[str, DeviceRecord] = attrs.field(factory=dict)
    answered: list[tuple[str, str, int, int]] = attrs.field(factory=list)

    @property
    def stopped_ms(self) -> int:
        """Up to where every device has delivered."""
        return min((one.delivered_ms for one in self.devices.values()), default=self.live_ms)


def read(path: Path) -> Record | None:
    """None where there is no state yet."""
    if not path.exists():
        return None
    return msgspec.json.decode(path.read_bytes(), type=Record)


def write(path: Path, record: Record) -> None:
    """Whole or not at all, for its owner's eyes only: it holds credentials."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(msgspec.json.encode(record))
        file.flush()
    new.replace(path)
