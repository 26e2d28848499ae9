"""What people do with channels, and see of what these were told."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

import attrs

from features.drivers.values import Hours, Owner


@attrs.frozen
class DeliverySeen:
    state: str
    detail: str


def delivery_seen(view: Mapping[str, Any]) -> DeliverySeen:
    return DeliverySeen(view["state"], view["detail"])


class ChannelPeople(ABC):
    """Every call may raise Denied."""

    @abstractmethod
    def open_channel(self, owner: Owner, name: str, address: str) -> str:
        """A channel to a program at this address, which waits for nothing; its id."""

    @abstractmethod
    def tell_on(self, owner: Owner, rule_id: str, channel_id: str) -> None:
        """Let what the rule finds be told on this channel, beside the dashboard."""

    @abstractmethod
    def give_quiet_hours(self, owner: Owner, channel_id: str, hours: Hours) -> None:
        """By the clock of UTC."""

    @abstractmethod
    def tell_daily(self, owner: Owner, channel_id: str) -> None: ...

    @abstractmethod
    def send_test(self, owner: Owner, channel_id: str) -> bool:
        """Whether it could be sent."""

    @abstractmethod
    def resume_channel(self, owner: Owner, channel_id: str) -> None: ...

    @abstractmethod
    def channel_state(self, owner: Owner, channel_id: str) -> str: ...

    @abstractmethod
    def deliveries(self, owner: Owner, channel_id: str) -> list[DeliverySeen]: ...

    @abstractmethod
    def send_what_is_due(self) -> None:
        """Now, where that can be done; elsewhere it takes its time."""
