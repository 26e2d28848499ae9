"""What people do with channels, as calls of the dashboard API."""

from typing import Any

from features.drivers.channels import ChannelPeople, DeliverySeen, delivery_seen
from features.drivers.http_calls import HttpCalls
from features.drivers.rule_wishes import hours_body
from features.drivers.values import Hours, Owner


class HttpChannels(ChannelPeople):
    _calls: HttpCalls

    def open_channel(self, owner: Owner, name: str, address: str) -> str:
        body = {"name": name, "webhook": {"url": address}, "gather_s": 0}
        channel_id: str = self._channel("POST", owner, "", body)["id"]
        return channel_id

    def tell_on(self, owner: Owner, rule_id: str, channel_id: str) -> None:
        body = {"channels": ["dashboard", channel_id]}
        self._calls.json("PATCH", f"/api/v1/rules/{rule_id}", owner.secret, body=body)

    def give_quiet_hours(self, owner: Owner, channel_id: str, hours: Hours) -> None:
        self._channel("PATCH", owner, f"/{channel_id}", {"quiet": hours_body(hours)})

    def tell_daily(self, owner: Owner, channel_id: str) -> None:
        self._channel("PATCH", owner, f"/{channel_id}", {"digest": "daily"})

    def send_test(self, owner: Owner, channel_id: str) -> bool:
        sent: bool = self._channel("POST", owner, f"/{channel_id}/test")["sent"]
        return sent

    def resume_channel(self, owner: Owner, channel_id: str) -> None:
        self._channel("POST", owner, f"/{channel_id}/resume")

    def channel_state(self, owner: Owner, channel_id: str) -> str:
        state: str = self._channel("GET", owner, f"/{channel_id}")["state"]
        return state

    def deliveries(self, owner: Owner, channel_id: str) -> list[DeliverySeen]:
        found = self._channel("GET", owner, f"/{channel_id}/deliveries")["items"]
        return [delivery_seen(view) for view in found]

    def send_what_is_due(self) -> None:
        """The platform does so by itself, every second."""

    def _channel(self, method: str, owner: Owner, path: str, body: Any = None) -> Any:
        return self._calls.json(method, f"/api/v1/channels{path}", owner.secret, body=body)
