"""Who asks: a signed-in user or a program with a token, always of one account."""

import attrs

from application.faults import NotAllowed
from application.identifiers import new_id
from domain.access import AuditEntry
from domain.account import Role


@attrs.frozen
class Actor:
    """Every use case and query of the dashboard is asked by one and stays in its account."""

    account_id: str
    user_id: str
    email: str
    role: Role

    def must_change(self) -> None:
        """Raises NotAllowed for those who may only look."""
        if not self.role.may_change:
            raise NotAllowed("viewers may look at everything and change nothing")

    def entry(self, now_ms: int, action: str, subject: str, detail: str = "") -> AuditEntry:
        return AuditEntry(
            id=new_id(now_ms),
            account_id=self.account_id,
            at_ms=now_ms,
            actor=self.email,
            action=action,
            subject=subject,
            detail=detail[:500],
        )
