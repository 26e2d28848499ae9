"""What happens now, told to those who look on. Nothing is kept: a feed may lose events."""

from collections.abc import AsyncIterator
from typing import Any, Protocol

import attrs


@attrs.frozen
class LiveEvent:
    """`name` is `observations`, `alert` or `device`; `data` is its JSON form."""

    account_id: str
    name: str
    data: dict[str, Any]


class LiveFeed(Protocol):
    def publish(self, event: LiveEvent) -> None:
        """Never waits; a subscriber that does not keep up loses its oldest events."""
        ...

    def subscribe(self, account_id: str, idle_s: float) -> AsyncIterator[LiveEvent | None]:
        """The account's events from now on; None whenever nothing happened for `idle_s`.

        Ends when the platform shuts down.
        """
        ...
