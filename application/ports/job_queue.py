"""Where jobs wait for a worker. What a job is stands in the configuration; this hands it out."""

from typing import Protocol

import attrs


@attrs.frozen
class JobTicket:
    """`delivery` tells apart the times that the same job is handed out; it means nothing else."""

    account_id: str
    job_id: str
    delivery: str = ""


class JobQueue(Protocol):
    async def put(self, ticket: JobTicket, after_s: float = 0.0) -> None:
        """Hand the job to a worker, not before `after_s`. Durable on return. Raises Unavailable."""
        ...

    async def take(self) -> JobTicket:
        """The next job; waits until there is one.

        One worker has it at a time. It is handed out again when its worker's process has ended
        or hangs, and may be handed out again at other times: who takes it looks at its state.
        """
        ...

    async def finish(self, ticket: JobTicket) -> None:
        """What was taken is done with: forget it."""
        ...
