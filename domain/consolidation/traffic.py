"""What was sent and received, by app and by interface."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs

from domain.consolidation.columns import Columns, rows_between
from domain.kinds import Kind

MAX_LISTED = 100
"""Apps in an answer: those with most traffic."""


@attrs.frozen
class Amount:
    sent_bytes: int = 0
    received_bytes: int = 0

    def plus(self, sent_bytes: int, received_bytes: int) -> "Amount":
        return Amount(self.sent_bytes + sent_bytes, self.received_bytes + received_bytes)


@attrs.frozen
class Traffic:
    """All of it, and the same by interface and by app; "" stands for no app that is known."""

    whole: Amount = Amount()
    by_interface: Mapping[str, Amount] = attrs.field(factory=dict)
    by_app: Mapping[str, Amount] = attrs.field(factory=dict)


def traffic(devices: Iterable[Mapping[Kind, Columns]], from_ms: int, to_ms: int) -> Traffic:
    """Of [from_ms, to_ms), by the time at which the devices counted it."""
    whole, by_interface, by_app = Amount(), dict[str, Amount](), dict[str, Amount]()
    names = ("interface", "app", "sent_bytes", "received_bytes")
    for kinds in devices:
        for _, interface, app, *amount in rows_between(
            kinds.get(Kind.TRAFFIC, {}), names, from_ms, to_ms
        ):
            whole = whole.plus(*amount)
            by_interface[interface] = by_interface.get(interface, Amount()).plus(*amount)
            by_app[app or ""] = by_app.get(app or "", Amount()).plus(*amount)
    return Traffic(whole, by_interface, by_app)


def traffic_total(parts: Sequence[Traffic]) -> Traffic:
    whole, by_interface, by_app = Amount(), dict[str, Amount](), dict[str, Amount]()
    for part in parts:
        whole = whole.plus(*attrs.astuple(part.whole))
        for into, amounts in ((by_interface, part.by_interface), (by_app, part.by_app)):
            for name, amount in amounts.items():
                into[name] = into.get(name, Amount()).plus(*attrs.astuple(amount))
    return Traffic(whole, by_interface, by_app)


def traffic_json(found: Traffic) -> dict[str, Any]:
    """The amounts as an answer to `GET /api/v1/people/{id}/traffic` has them."""
    return {
        **attrs.asdict(found.whole),
        "interfaces": [
            {"interface": name, **attrs.asdict(amount)}
            for name, amount in _largest(found.by_interface)
        ],
        "apps": [
            {"app": name or None, **attrs.asdict(amount)}
            for name, amount in _largest(found.by_app)[:MAX_LISTED]
        ],
    }


def _largest(amounts: Mapping[str, Amount]) -> list[tuple[str, Amount]]:
    def order(item: tuple[str, Amount]) -> tuple[int, str]:
        return -(item[1].sent_bytes + item[1].received_bytes), item[0]

    return sorted(amounts.items(), key=order)
