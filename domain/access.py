"""How users and programs prove who they are, and the record of what was done."""

import attrs

SESSION_LIFETIME_MS = 14 * 86_400_000


@attrs.frozen
class ApiToken:
    """For programs. Only its SHA-256 is kept."""

    id: str
    account_id: str
    user_id: str
    digest: str
    created_at_ms: int


@attrs.frozen
class WebSession:
    """A signed-in browser. Only the SHA-256 of its cookie is kept.

    `csrf_token` must come back in a header with every request that changes something.
    """

    id: str
    account_id: str
    user_id: str
    digest: str
    csrf_token: str
    created_at_ms: int
    expires_at_ms: int


@attrs.frozen
class AuditEntry:
    """Who did what to whom, and when. `detail` is for people; it holds no secrets."""

    id: str
    account_id: str
    at_ms: int
    actor: str
    action: str
    subject: str
    detail: str
