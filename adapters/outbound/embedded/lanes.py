"""The order of the queue: two lanes of numbered batches, their next ones in memory.

The ids of the backlog come after all of the live lane, so that the order of ids is the order
of processing. What was just written need not be read: it stays in memory up to a bound. Beyond
that the file alone has it, and it is read when its turn has come.
"""

from collections import deque
from collections.abc import Iterable

import attrs

from domain.batch import Batch

BACKLOG_BASE = 1 << 60
MAX_READY_BYTES = 32 * 1024 * 1024

_BATCH_BYTES = 700
"""What a batch takes in memory beside its block."""

Numbered = tuple[int, Batch]


@attrs.define(eq=False)
class WaitingLane:
    """Batches with ids in [`first_id`, `end_id`) that wait.

    Those up to `known_id` are in memory or taken, those up to `last_id` are in the file.
    """

    first_id: int
    end_id: int
    known_id: int = attrs.field(init=False)
    last_id: int = attrs.field(init=False)
    _ready: deque[Numbered] = attrs.field(init=False, factory=deque)
    _ready_bytes: int = attrs.field(init=False, default=0)

    def __attrs_post_init__(self) -> None:
        self.known_id = self.last_id = self.first_id - 1

    def written(self, id_: int, batch: Batch) -> None:
        """A batch is in the file now; batches come in the order of their ids."""
        whole = self.known_id >= self.last_id
        if id_ > self.last_id:
            self.last_id = id_
        if whole and id_ > self.known_id and self._ready_bytes < MAX_READY_BYTES:
            self._keep(id_, batch)

    def read(self, numbered: Iterable[Numbered]) -> None:
        """The batches that follow `known_id`, from the file."""
        for id_, batch in numbered:
            if id_ > self.known_id:
                self._keep(id_, batch)

    def must_be_read(self) -> bool:
        """The next batches are in the file only."""
        return not self._ready and self.known_id < self.last_id

    def take(self, limit: int) -> list[Numbered]:
        taken = [self._ready.popleft() for _ in range(min(limit, len(self._ready)))]
        self._ready_bytes -= sum(_size(batch) for _, batch in taken)
        return taken

    def _keep(self, id_: int, batch: Batch) -> None:
        self._ready.append((id_, batch))
        self._ready_bytes += _size(batch)
        self.known_id = id_


def _size(batch: Batch) -> int:
    return len(batch.block) + _BATCH_BYTES
