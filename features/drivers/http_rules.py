"""What people do about rules, as calls of the dashboard API."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from features.drivers.http_calls import HttpCalls
from features.drivers.rule_making import RulePeople, RuleSeen
from features.drivers.rule_wishes import body_of
from features.drivers.values import Owner, RuleWish


class HttpRules(RulePeople):
    _calls: HttpCalls

    def _sent(self, owner: Owner, path: str, body: Any) -> Any:
        return self._calls.json("POST", f"/api/v1/{path}", owner.secret, body=body)

    def _id_of(self, owner: Owner, path: str, body: Any) -> str:
        made: str = self._sent(owner, path, body)["id"]
        return made

    def describe_rule(self, owner: Owner, wish: RuleWish) -> RuleSeen:
        view = self._sent(owner, "rules/check", body_of(wish))
        return RuleSeen(view["sentence"], {one["field"]: one["reason"] for one in view["warnings"]})

    def templates(self, owner: Owner) -> Sequence[Mapping[str, Any]]:
        answer = self._calls.json("GET", "/api/v1/rules/templates", owner.secret)
        items: list[Mapping[str, Any]] = answer["items"]
        return items

    def draw_polygon(self, owner: Owner, name: str, corners: Sequence[tuple[float, float]]) -> str:
        return self._id_of(owner, "places", {"name": name, "polygon": [*map(list, corners)]})

    def keep_calendar(self, owner: Owner, name: str, days: Sequence[date]) -> str:
        ranges = [{"from": day.isoformat(), "to": day.isoformat()} for day in days]
        return self._id_of(owner, "calendars", {"name": name, "days": ranges})

    def add_contact(self, owner: Owner, name: str, address: str) -> str:
        return self._id_of(owner, "contacts", {"name": name, "addresses": [address]})
