"""Consent: a person allows kinds of data, from when to when, on which schedule."""

from collections.abc import Iterable
from functools import cached_property
from math import inf
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

    def unbroken(self) -> tuple[float, float] | None:
        """From when to when (exclusive) every moment is surely covered; None if there is none."""
        if self.revoked_at_ms is not None or self.schedule is not None:
            return None
        return (
            -inf if self.from_ms is None else self.from_ms,
            inf if self.to_ms is None else self.to_ms,
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

    @cached_property
    def _kinds(self) -> frozenset[Kind]:
        return allowed_kinds(self.consents)

    @cached_property
    def _unbroken(self) -> dict[Kind, list[tuple[float, float]]]:
        spans = [(consent.kinds, consent.unbroken()) for consent in self.consents]
        return {
            kind: [span for kinds, span in spans if span is not None and kind in kinds]
            for kind in Kind
        }

    def kinds(self) -> frozenset[Kind]:
        """The kinds that are allowed at some time or other."""
        return self._kinds

    def allows_anything(self, time_ms: int) -> bool:
        """Whether an observation of any kind at this time may be kept."""
        return any(
            consent.covers(kind, time_ms, self.zone)
            for consent in self.consents
            for kind in consent.kinds[:1]
        )

    def allows_whole(self, kind: Kind, first_ms: int, last_ms: int) -> bool:
        """True when every moment between the two is surely covered; asked for each batch."""
        for from_ms, to_ms in self._unbroken[kind]:
            if from_ms <= first_ms and last_ms < to_ms:
                return True
        return False

    def allowed(self, kind: Kind, times_ms: Iterable[int]) -> list[bool]:
        """For each event time, whether an observation of this kind may be kept."""
        return [
            any(consent.covers(kind, time_ms, self.zone) for consent in self.consents)
            for time_ms in times_ms
        ]
