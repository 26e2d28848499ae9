"""What agents hand in, before anything of it is trusted."""

import attrs


@attrs.define
class Delivery:
    """One batch as it came: a JSON array of observations of one kind, or a block.

    `sequence` is the agent's own number; None where it has none and the content identifies.
    """

    kind: str
    observations: bytes
    sequence: int | None = None
    foreign: bool = False
    block: bytes | None = None
    """When it is not None it says the kind, and `kind` and `observations` are empty."""

    @classmethod
    def of_block(cls, sequence: int | None, block: bytes) -> "Delivery":
        """A batch that the agent has encoded itself (native/FORMAT.md)."""
        return cls("", b"", sequence, False, block)


@attrs.frozen
class NotRead:
    """Words of a foreign agent that its format does not explain."""

    reason: str
    field: str
    payload: bytes
