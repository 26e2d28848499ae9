"""Consent: a person allows kinds of data, from when to when, on which schedule."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

import attrs

from domain.kinds import Kind
from domain.schedule import Schedule


@attrs.frozen
class Consent:
    """What one person allowed once. It is never changed, only revoked.

    `from_ms` and `to_ms` bound the event times it covers (to is exclusive, None is open).
    Once revoked it covers nothing any more, whatever the event time: no means no.
    """

    id: str
    account_id: str
    person_id: str
    kinds: tuple[Kind, ...]
    granted_at_ms: int
    version: int = 1
    from_ms: int | None = None
    to_ms: int | None = None
    schedule: Schedule | None = None
    revoked_at_ms: int | None = None

    def covers(self, kind: Kind, time_ms: int, zone: ZoneInfo) -> bool:
        return (
            self.revoked_at_ms is None
            and kind in self.kinds
            and (self.from_ms is None or time_ms >= self.from_ms)
            and (self.to_ms is None or time_ms < self.to_ms)
            and (self.schedule is None or self.schedule.covers(time_ms, zone))
        )

    def covers_whole(self, kind: Kind, first_ms: int, last_ms: int) -> bool:
        """True when every moment between the two is surely covered."""
        return (
            self.revoked_at_ms is None
            and self.schedule is None
            and kind in self.kinds
            and (self.from_ms is None or first_ms >= self.from_ms)
            and (self.to_ms is None or last_ms < self.to_ms)
        )


def allowed_kinds(consents: Iterable[Consent]) -> frozenset[Kind]:
    """The kinds that some consent in force names."""
    return frozenset(
        kind for consent in consents if consent.revoked_at_ms is None for kind in consent.kinds
    )


@attrs.frozen
class ConsentGate:
    """All consents of the person who carries a device, as intake asks them."""

    consents: tuple[Consent, ...]
    zone: ZoneInfo

    def kinds(self) -> frozenset[Kind]:
        """The kinds that are allowed at some time or other."""
        return allowed_kinds(self.consents)

    def allows_anything(self, time_ms: int) -> bool:
        """Whether an observation of any kind at this time may be kept."""
        return any(
            consent.covers(kind, time_ms, self.zone)
            for consent in self.consents
            for kind in consent.kinds[:1]
        )

    def allows_whole(self, kind: Kind, first_ms: int, last_ms: int) -> bool:
        return any(consent.covers_whole(kind, first_ms, last_ms) for consent in self.consents)

    def allowed(self, kind: Kind, times_ms: Iterable[int]) -> list[bool]:
        """For each event time, whether an observation of this kind may be kept."""
        return [
            any(consent.covers(kind, time_ms, self.zone) for consent in self.consents)
            for time_ms in times_ms
        ]
