"""Entities as people and programs see them: names as in the contract, times as RFC 3339."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from domain.access import AuditEntry
from domain.account import Person
from domain.alert import Alert, Reason
from domain.consent import Consent
from domain.device import Credential, Device
from domain.device_history import DeviceHistory
from domain.job import Job
from domain.kinds import Kind
from domain.place import Circle, Place
from domain.policy import Collection
from domain.pull_request import PullRequest
from domain.quarantine import Quarantined
from domain.rules.condition import nature
from domain.rules.parsing import condition_json
from domain.rules.rule import Rule
from domain.rules.sentence import sentence
from domain.rules.templates import Template
from domain.schedule import Schedule
from domain.times import to_rfc3339

_JSON_FIELDS = ("attributes", "body")
"""Columns of JSON text: what foreign agents said besides, and documents."""

_QUIET_AFTER_MS = 30 * 60 * 1000
_SILENT_AFTER_MS = 24 * 3600 * 1000


def time_or_none(time_ms: int | None) -> str | None:
    return None if time_ms is None else to_rfc3339(time_ms)


def person_view(person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "time_zone": person.time_zone,
        "created_at": to_rfc3339(person.created_at_ms),
    }


def schedule_view(schedule: Schedule | None) -> dict[str, Any] | None:
    if schedule is None:
        return None
    return {
        "days": list(schedule.days),
        "from": _clock(schedule.start_minute),
        "to": _clock(schedule.end_minute),
        **({"except": schedule.calendar_id} if schedule.calendar_id else {}),
    }


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def consent_view(consent: Consent) -> dict[str, Any]:
    return {
        "id": consent.id,
        "person_id": consent.person_id,
        "kinds": [kind.value for kind in consent.kinds],
        "from": time_or_none(consent.from_ms),
        "to": time_or_none(consent.to_ms),
        "schedule": schedule_view(consent.schedule),
        "granted_at": to_rfc3339(consent.granted_at_ms),
        "revoked_at": time_or_none(consent.revoked_at_ms),
        "version": consent.version,
    }


def device_view(device: Device, history: DeviceHistory | None, now_ms: int) -> dict[str, Any]:
    latest = history.latest if history else {}
    return {
        "id": device.id,
        "person_id": device.person_id,
        "name": device.name,
        "platform": device.platform,
        "state": device.status.value,
        "agent": attrs.asdict(device.agent) if device.agent else None,
        "created_at": to_rfc3339(device.created_at_ms),
        "last_received_at": time_or_none(history.received_ms if history else None),
        "policy_version": device.policy_version,
        "health": _health(history, now_ms),
        "latest": {str(kind): latest_view(row) for kind, row in latest.items()},
    }


def _health(history: DeviceHistory | None, now_ms: int) -> dict[str, Any]:
    """`state` is never_seen, ok, quiet (half an hour without a word) or silent (a day)."""
    row = history.latest.get(Kind.DEVICE_STATE, {}) if history else {}
    return {
        "state": _health_state(history, now_ms),
        "battery": row.get("battery"),
        "charging": row.get("charging"),
        "network": row.get("network"),
    }


def _health_state(history: DeviceHistory | None, now_ms: int) -> str:
    if history is None or history.seen_ms is None:
        return "never_seen"
    quiet_ms = now_ms - history.seen_ms
    if quiet_ms > _SILENT_AFTER_MS:
        return "silent"
    return "quiet" if quiet_ms > _QUIET_AFTER_MS else "ok"


def latest_view(row: Mapping[str, Any]) -> dict[str, Any]:
    """The newest observation of a kind in its JSON form."""
    fields = {
        name: json.loads(value) if name in _JSON_FIELDS else value
        for name, value in row.items()
        if name != "time_ms"
    }
    return {"time": to_rfc3339(row["time_ms"]), **fields}


def token_view(credential: Credential) -> dict[str, Any]:
    return {
        "id": credential.id,
        "agent": credential.agent.value,
        "created_at": to_rfc3339(credential.created_at_ms),
        "revoked_at": time_or_none(credential.revoked_at_ms),
    }


def pull_request_view(request: PullRequest) -> dict[str, Any]:
    return {
        "id": request.id,
        "device_id": request.device_id,
        "kind": request.kind.value,
        "from": to_rfc3339(request.from_ms),
        "to": to_rfc3339(request.to_ms),
        "limit": request.limit,
        "state": request.state.value,
        "created_at": to_rfc3339(request.created_at_ms),
        "answered_at": time_or_none(request.closed_at_ms),
        "accepted": request.accepted,
        "reason": request.reason,
    }


def collection_view(collection: Collection) -> dict[str, Any]:
    return {"enabled": collection.enabled, "interval_s": collection.interval_s}


def place_view(place: Place) -> dict[str, Any]:
    shape: dict[str, Any]
    if isinstance(place.shape, Circle):
        shape = {"circle": attrs.asdict(place.shape)}
    else:
        shape = {"polygon": [list(corner) for corner in place.shape.corners]}
    created = to_rfc3339(place.created_at_ms)
    return {"id": place.id, "name": place.name, **shape, "created_at": created}


def rule_view(rule: Rule, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": rule.id,
        "name": rule.name,
        "enabled": rule.enabled,
        "sentence": sentence(rule, names),
        "scope": {"people": list(rule.scope.people), "devices": list(rule.scope.devices)},
        "when": condition_json(rule.when),
        "hold_s": rule.hold_s,
        "clear_s": rule.clear_s,
        "schedule": schedule_view(rule.schedule),
        "cooldown_s": rule.cooldown_s,
        "severity": rule.severity.value,
        "channels": list(rule.channels),
        "also_now": rule.also_now,
        "nature": nature(rule.when).value,
        "version": rule.version,
        "created_at": to_rfc3339(rule.created_at_ms),
    }


def template_view(template: Template) -> dict[str, Any]:
    return {
        "id": template.id,
        "title": template.title,
        "rule": {"name": template.title, **template.rule},
        "blanks": [{"blank": blank, "asks": asks} for blank, asks in template.blanks.items()],
    }


def alert_view(alert: Alert) -> dict[str, Any]:
    return {
        "id": alert.id,
        "rule_id": alert.rule_id,
        "rule_name": alert.rule_name,
        "device_id": alert.device_id,
        "person_id": alert.person_id,
        "severity": alert.severity.value,
        "state": alert.state.value,
        "text": alert.text,
        "occurred_at": to_rfc3339(alert.occurred_at_ms),
        "learned_at": to_rfc3339(alert.learned_at_ms),
        "late": alert.late,
        "cleared_at": time_or_none(alert.cleared_at_ms),
        "acknowledged_at": time_or_none(alert.acknowledged_at_ms),
        "acknowledged_by": alert.acknowledged_by,
        "observation": alert.observation,
        "value": alert.value,
        "threshold": alert.threshold,
        "reasons": reasons_view(alert.reasons),
    }


def reasons_view(reasons: Iterable[Reason]) -> list[dict[str, Any]]:
    return [{"text": one.text, "since": to_rfc3339(one.since_ms)} for one in reasons]


def quarantined_view(item: Quarantined) -> dict[str, Any]:
    return {
        "id": item.id,
        "device_id": item.device_id,
        "received_at": to_rfc3339(item.received_ms),
        "source": item.source,
        "reason": item.reason,
        "field": item.field,
        "kind": item.kind or None,
        "replayable": bool(item.kind),
        "payload": "" if item.kind else item.payload.decode("utf-8", "replace"),
    }


def job_view(job: Job) -> dict[str, Any]:
    return {
        "id": job.id,
        "kind": job.kind.value,
        "state": job.state.value,
        "progress": job.progress,
        "detail": job.detail,
        "attempt": job.attempt,
        "created_at": to_rfc3339(job.created_at_ms),
        "finished_at": time_or_none(job.finished_at_ms),
        "result": job.result,
    }


def audit_view(entry: AuditEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "at": to_rfc3339(entry.at_ms),
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "detail": entry.detail,
    }
