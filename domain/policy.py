"""What a device shall collect and how often: its settings, narrowed by consent."""

from collections.abc import Mapping

import attrs

from domain.kinds import Kind

MIN_INTERVAL_S = 1
MAX_INTERVAL_S = 86_400

DEFAULT_INTERVALS_S: dict[Kind, int] = {
    Kind.LOCATION: 60,
    Kind.PLACE_TRANSITION: 60,
    Kind.WEB_VISIT: 300,
    Kind.APP_USE: 300,
    Kind.PRESENCE: 300,
    Kind.MESSAGE: 300,
    Kind.CALL: 300,
    Kind.TRAFFIC: 900,
    Kind.DEVICE_STATE: 900,
    Kind.DOCUMENT: 3600,
}


@attrs.frozen
class Collection:
    """How one kind is collected: whether, and how many seconds apart it is delivered."""

    enabled: bool = True
    interval_s: int = 300


@attrs.frozen
class PolicySettings:
    """What the account chose for a device; kinds that are not named take the defaults."""

    device_id: str
    account_id: str
    kinds: Mapping[Kind, Collection] = attrs.field(factory=dict)

    def of(self, kind: Kind) -> Collection:
        return self.kinds.get(kind, Collection(interval_s=DEFAULT_INTERVALS_S[kind]))


def effective(settings: PolicySettings, consented: frozenset[Kind]) -> dict[Kind, Collection]:
    """What the agent is told: never a kind that the person has not allowed."""
    return {
        kind: settings.of(kind) for kind in Kind if kind in consented and settings.of(kind).enabled
    }
