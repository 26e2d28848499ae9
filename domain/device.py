"""Devices, how they enrol, and the secrets by which their agents are known."""

from enum import StrEnum

import attrs


class DeviceStatus(StrEnum):
    NEW = "new"
    ENROLLED = "enrolled"
    RETIRED = "retired"


class Agent(StrEnum):
    """The programs that may speak for a device, each on its own address only."""

    FIELDPOST = "fieldpost"
    OWNTRACKS = "owntracks"
    OSMAND = "osmand"
    OVERLAND = "overland"
    ACTIVITYWATCH = "activitywatch"


@attrs.frozen
class AgentInfo:
    name: str
    version: str
    platform: str


@attrs.frozen
class Device:
    """Belongs to an account, is carried by a person."""

    id: str
    account_id: str
    person_id: str
    name: str
    platform: str
    created_at_ms: int
    status: DeviceStatus = DeviceStatus.NEW
    agent: AgentInfo | None = None
    policy_version: int = 1


@attrs.frozen
class Enrolment:
    """A one-time code. Only its SHA-256 is kept; it is good until used or expired."""

    id: str
    account_id: str
    device_id: str
    code_digest: str
    created_at_ms: int
    expires_at_ms: int
    used_at_ms: int | None = None

    def redeemable(self, now_ms: int) -> bool:
        return self.used_at_ms is None and now_ms < self.expires_at_ms


@attrs.frozen
class Credential:
    """What an agent shows with every call. Only its SHA-256 is kept."""

    id: str
    account_id: str
    device_id: str
    agent: Agent
    digest: str
    created_at_ms: int
    revoked_at_ms: int | None = None
