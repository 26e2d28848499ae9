"""What a process remembers of accounts is dropped as soon as another says that they changed."""

from collections.abc import Callable

from application.device_directory import DeviceDirectory


class Forgetting:
    """Part of a program: it listens from its making on. News that may have been missed make it
    forget everything.
    """

    def __init__(
        self,
        on_change: Callable[[Callable[[str], None]], None],
        on_gap: Callable[[Callable[[], None]], None],
        directory: DeviceDirectory,
    ) -> None:
        on_change(directory.forget)
        on_gap(directory.forget_all)

    async def open(self) -> None:
        pass

    async def close(self) -> None:
        pass
