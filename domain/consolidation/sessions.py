"""What was used, visited, written and said."""

import attrs

from domain.consolidation.columns import Columns, rows_between
from domain.consolidation.pulses import stretches


@attrs.frozen
class Session:
    """An app in the foreground."""

    from_ms: int
    to_ms: int
    app: str
    title: str | None = None


@attrs.frozen
class Visit:
    """A page before the eyes."""

    from_ms: int
    to_ms: int
    url: str
    title: str | None = None


@attrs.frozen
class Presence:
    """`status` is active, away or locked."""

    from_ms: int
    to_ms: int
    status: str


@attrs.frozen
class Message:
    from_ms: int
    to_ms: int
    direction: str
    channel: str
    counterpart: str
    text: str | None = None


@attrs.frozen
class Call:
    from_ms: int
    to_ms: int
    direction: str
    counterpart: str
    outcome: str


@attrs.frozen
class PlaceTransition:
    from_ms: int
    to_ms: int
    place: str
    event: str


def app_sessions(columns: Columns, from_ms: int, to_ms: int) -> list[Session]:
    """Sessions cut to [from_ms, to_ms); the columns should reach back by a session's length."""
    found = stretches(columns, ("app", "title"), from_ms, to_ms)
    return [Session(start, end, app, title or None) for start, end, (app, title) in found]


def web_visits(columns: Columns, from_ms: int, to_ms: int) -> list[Visit]:
    """Visits cut to [from_ms, to_ms)."""
    found = stretches(columns, ("url", "title"), from_ms, to_ms)
    return [Visit(start, end, url, title or None) for start, end, (url, title) in found]


def presences(columns: Columns, from_ms: int, to_ms: int) -> list[Presence]:
    """Stretches of one status, cut to [from_ms, to_ms)."""
    found = stretches(columns, ("status",), from_ms, to_ms)
    return [Presence(start, end, status) for start, end, (status,) in found]


def messages(columns: Columns, from_ms: int, to_ms: int) -> list[Message]:
    """Those of which the event time lies in [from_ms, to_ms)."""
    names = ("direction", "channel", "counterpart", "text")
    return [Message(row[0], *row) for row in rows_between(columns, names, from_ms, to_ms)]


def calls(columns: Columns, from_ms: int, to_ms: int) -> list[Call]:
    """Those that began in [from_ms, to_ms); a call may end after it."""
    names = ("direction", "counterpart", "outcome", "duration_s")
    return [
        Call(time_ms, time_ms + round((duration_s or 0) * 1000), *content)
        for time_ms, *content, duration_s in rows_between(columns, names, from_ms, to_ms)
    ]


def place_transitions(columns: Columns, from_ms: int, to_ms: int) -> list[PlaceTransition]:
    """What the device itself took for entering and leaving, in [from_ms, to_ms)."""
    names = ("place", "event")
    return [PlaceTransition(row[0], *row) for row in rows_between(columns, names, from_ms, to_ms)]
