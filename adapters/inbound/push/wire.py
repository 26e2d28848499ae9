"""What a session needs of the stream below it."""

from typing import Protocol


class Wire(Protocol):
    """Bytes both ways. It tells its session what arrives, and when it can take no more."""

    def write(self, data: bytes) -> None: ...

    def unsent(self) -> int:
        """Bytes that the peer has not taken yet."""
        ...

    def pause(self) -> None:
        """Read nothing more until `resume`."""
        ...

    def resume(self) -> None: ...

    def close(self) -> None:
        """Send what was written, then end the stream."""
        ...

    def abort(self) -> None:
        """End the stream at once."""
        ...
