"""Where accepted batches wait for processing. What it took is durable."""

from collections.abc import Sequence
from typing import Protocol

import attrs

from domain.batch import Batch
from domain.quarantine import Quarantined


@attrs.frozen
class Intake:
    """What one upload leaves behind: batches to process, and what was not understood."""

    batches: Sequence[Batch]
    quarantined: Sequence[Quarantined] = ()


class IntakeQueue(Protocol):
    async def accept(self, intake: Intake) -> list[bool]:
        """Keep an upload: for each batch, True when it is new and False for a duplicate.

        On return all of it is durable. Many uploads that wait at once share the cost.
        A batch is a duplicate when its device, kind and identity were accepted before.
        Raises Unavailable, and then nothing of the upload was kept.
        """
        ...

    def depth(self) -> int:
        """How many batches wait."""
        ...

    async def take(self, limit: int) -> list[Batch]:
        """The next batches, those of the live lane first; waits until there is one.

        They stay in the queue until `finish`; what was taken and not finished when a process
        dies is given again.
        """
        ...

    async def finish(self, batches: Sequence[Batch]) -> None:
        """They have had their effects: forget them.

        A power cut never undoes the effects and keeps this.
        """
        ...
