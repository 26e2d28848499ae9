"""Who owns what: the account, its users, and the people who are monitored."""

from enum import StrEnum

import attrs


class Role(StrEnum):
    OWNER = "owner"
    MANAGER = "manager"
    VIEWER = "viewer"

    @property
    def may_change(self) -> bool:
        return self is not Role.VIEWER


@attrs.frozen
class Account:
    """A tenant: everything else belongs to exactly one."""

    id: str
    name: str
    created_at_ms: int


@attrs.frozen
class User:
    """Somebody who signs in. `password_hash` is argon2id in its own encoded form."""

    id: str
    account_id: str
    email: str
    password_hash: str
    role: Role
    created_at_ms: int


@attrs.frozen
class Person:
    """The monitored one. `time_zone` is an IANA name: days and schedules are theirs."""

    id: str
    account_id: str
    name: str
    time_zone: str
    created_at_ms: int
