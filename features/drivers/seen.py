"""What people and agents see of the platform, read from its views."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import attrs

View = Mapping[str, Any]


@attrs.frozen
class AlertSeen:
    id: str
    rule_id: str
    device_id: str
    text: str
    severity: str
    state: str
    happened: datetime
    learned: datetime
    late: bool
    over: datetime | None
    acknowledged_by: str | None
    acknowledged: datetime | None
    value: float | None
    threshold: float | None
    reasons: Mapping[str, datetime]
    """Since when each of several conditions was so."""
    observed: datetime | None
    """Of when the observation is that decided, if one did."""


@attrs.frozen
class DeviceSeen:
    """`latest` are the newest observations by kind."""

    state: str
    latest: Mapping[str, View]


@attrs.frozen
class IntakeSeen:
    """Batches by what became of them, and observations that were kept and left out."""

    kind: str
    batches: int
    again: int
    refused: int
    kept: int
    left_out: int
    because: str


@attrs.frozen
class QuarantineSeen:
    device_id: str
    source: str
    reason: str
    field: str
    payload: str


@attrs.frozen
class RequestSeen:
    id: str
    state: str
    accepted: int
    reason: str | None


def alert_seen(view: View) -> AlertSeen:
    return AlertSeen(
        id=view["id"],
        rule_id=view["rule_id"],
        device_id=view["device_id"],
        text=view["text"],
        severity=view["severity"],
        state=view["state"],
        happened=datetime.fromisoformat(view["occurred_at"]),
        learned=datetime.fromisoformat(view["learned_at"]),
        late=view["late"],
        over=_moment(view["cleared_at"]),
        acknowledged_by=view["acknowledged_by"],
        acknowledged=_moment(view["acknowledged_at"]),
        value=view["value"],
        threshold=view["threshold"],
        reasons={one["text"]: datetime.fromisoformat(one["since"]) for one in view["reasons"]},
        observed=_moment((view["observation"] or {}).get("time")),
    )


def device_seen(view: View) -> DeviceSeen:
    return DeviceSeen(view["state"], view["latest"])


def intake_seen(views: Sequence[View]) -> list[IntakeSeen]:
    """By kind, over all days: a scenario may run over midnight."""
    found: dict[str, IntakeSeen] = {}
    for view in reversed(views):
        kind = view["kind"] or ""
        known = found.get(kind, IntakeSeen(kind, 0, 0, 0, 0, 0, ""))
        found[kind] = IntakeSeen(
            kind,
            known.batches + view["accepted_batches"],
            known.again + view["duplicate_batches"],
            known.refused + view["refused_batches"],
            known.kept + view["accepted"],
            known.left_out + view["refused"],
            view["reason"] or known.because,
        )
    return [found[kind] for kind in sorted(found)]


def quarantine_seen(view: View) -> QuarantineSeen:
    said = (view[name] for name in ("device_id", "source", "reason", "field", "payload"))
    return QuarantineSeen(*said)


def request_seen(view: View) -> RequestSeen:
    return RequestSeen(view["id"], view["state"], view["accepted"], view["reason"])


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
