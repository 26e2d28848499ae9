"""What channels were told, are told and will be told of alerts."""

from collections.abc import Sequence
from typing import Protocol

import attrs

from application.paging import Page
from domain.delivery import Delivery


@attrs.frozen
class Claim:
    """What somebody is about to send on a channel.

    What is due at `now_ms` sets it off; what has never been tried and is due by `together_until_ms`
    comes along, under `message_id`. Nobody else gets it before `until_ms`.
    """

    account_id: str
    channel_id: str
    message_id: str
    now_ms: int
    together_until_ms: int
    until_ms: int
    limit: int


class DeliveryLog(Protocol):
    """Every call raises Unavailable; what it changed is durable on return."""

    async def add(self, deliveries: Sequence[Delivery]) -> int:
        """How many are new. Those that are there stay as they are."""
        ...

    async def waiting(self, now_ms: int, limit: int) -> list[tuple[str, str]]:
        """Channels, as (account, channel), on which something is due and nobody is at it; longest
        due first.
        """
        ...

    async def claim(self, claim: Claim) -> list[Delivery]:
        """One message's deliveries, each with one attempt more; empty when there is nothing.

        What was tried before is tried again as it was, under the message id that it had; what
        was tried least comes first. Of those who claim at once one gets them.
        """
        ...

    async def settle(self, deliveries: Sequence[Delivery]) -> bool:
        """Let what was claimed be as it is given, and be free. False, and nothing is changed,
        when any of it is in other hands by now: the claim was over.
        """
        ...

    async def postpone(self, account_id: str, channel_id: str, until_ms: int) -> None:
        """What waits on the channel, and nobody is at, is not due before that."""
        ...

    async def hasten(self, account_id: str, channel_id: str, until_ms: int, now_ms: int) -> None:
        """What was postponed until then is due now."""
        ...

    async def drop(self, account_id: str, channel_id: str, detail: str, now_ms: int) -> None:
        """What waits on the channel, and nobody is at, is not sent, for this reason."""
        ...

    async def get(self, account_id: str, delivery_id: str) -> Delivery | None: ...

    async def resend(self, account_id: str, delivery_id: str, now_ms: int) -> Delivery | None:
        """Have what has ended wait anew, due now. None when there is none that has ended."""
        ...

    async def page(
        self, account_id: str, channel_id: str, cursor: str | None, limit: int
    ) -> Page[Delivery]:
        """Of one channel, newest first by when the alerts occurred."""
        ...

    async def forget(self, before_ms: int, limit: int) -> int:
        """Of those that have ended and were due before that, so many at most; how many it was."""
        ...
