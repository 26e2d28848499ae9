"""Tells people outside the dashboard, over one kind of channel."""

from collections.abc import Mapping
from typing import Any, Protocol

from domain.channel import Channel
from domain.notice import Message, Outcome
from domain.refusals import FieldError


class Notifier(Protocol):
    def settings_errors(self, settings: Mapping[str, Any]) -> list[FieldError]:
        """Why nothing can be sent by a channel with these settings, before anything is tried."""
        ...

    async def notify(self, channel: Channel, message: Message) -> Outcome:
        """Send the message, once, within half a minute. Whatever happens is an outcome: it raises
        nothing.

        The same message may be sent again: whoever gets it can tell by its id.
        """
        ...
