"""Where accepted batches wait for processing. What it took is durable."""

from collections.abc import Sequence
from typing import Protocol

import attrs

from domain.batch import Batch
from domain.kinds import Kind
from domain.quarantine import Quarantined

MAX_ASKED = 4_096
"""Batches in one question."""


@attrs.frozen
class Intake:
    """What an upload of one device leaves behind: batches, and what was not understood."""

    batches: Sequence[Batch]
    quarantined: Sequence[Quarantined] = ()


class IntakeQueue(Protocol):
    async def accept(self, intake: Intake) -> list[bool]:
        """Keep an upload: for each batch, True when it is new and False for a duplicate.

        On return all of it is durable. Many uploads that wait at once share the cost.
        A batch is a duplicate when its device, kind and identity were accepted before. Where
        several processes accept, one that another has just accepted may be called new; it has
        its effects once all the same.
        Raises Unavailable, and then nothing of the upload was kept, or none of it was told.
        """
        ...

    async def known(
        self, account_id: str, device_id: str, keys: Sequence[tuple[Kind, str]]
    ) -> list[bool]:
        """Whether a batch of this device, kind and identity was accepted before and is durable.

        Never a wrong yes. A batch that another process took and that waits may be a no.
        At most MAX_ASKED keys. Raises Unavailable.
        """
        ...

    def depth(self) -> int:
        """How many batches wait."""
        ...

    async def take(self, limit: int) -> list[Batch]:
        """The next batches, those of the live lane first; waits until there is one.

        Those of one device and lane come in the order in which they were accepted.
        They stay in the queue until `finish`; what was taken and not finished when a process
        dies is given again.
        """
        ...

    async def finish(self, batches: Sequence[Batch]) -> None:
        """They have had their effects: forget them.

        A power cut never undoes the effects and keeps this.
        """
        ...
