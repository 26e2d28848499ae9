"""Single events of a device, drawn at random: one function per kind."""

from random import Random

from adapters.inbound.cli.simulation.contents import (
    COMPUTER_APPS,
    COUNTERPARTS,
    PAGES,
    app_of,
    text_of,
)
from adapters.inbound.cli.simulation.people import Person
from adapters.inbound.cli.simulation.seen import Seen, seen
from domain.kinds import Kind


def app_use(device: str, person: Person, time_ms: int, duration_s: float, draw: Random) -> Seen:
    app = app_of(person, draw)
    return seen(device, Kind.APP_USE, time_ms, app=app, duration_s=round(duration_s, 1))


def computer_use(device: str, time_ms: int, duration_s: float, draw: Random) -> Seen:
    app, title = draw.choice(COMPUTER_APPS)
    return seen(
        device, Kind.APP_USE, time_ms, app=app, title=title, duration_s=round(duration_s, 1)
    )


def web_visit(device: str, time_ms: int, duration_s: float, draw: Random) -> Seen:
    page = draw.choice(PAGES)
    return seen(
        device,
        Kind.WEB_VISIT,
        time_ms,
        url=page.url,
        title=page.title,
        browser="Browser",
        duration_s=round(duration_s, 1),
    )


def presence(device: str, time_ms: int, status: str, duration_s: float) -> Seen:
    return seen(device, Kind.PRESENCE, time_ms, status=status, duration_s=round(duration_s, 1))


def message(device: str, person: Person, time_ms: int, draw: Random) -> Seen:
    text = text_of(draw)
    return seen(
        device,
        Kind.MESSAGE,
        time_ms,
        direction=draw.choice(("sent", "received")),
        channel=draw.choice(("chat", "chat", "sms")),
        counterpart=draw.choice(COUNTERPARTS[person.key]),
        size_bytes=len(text.encode()),
        text=text,
    )


def call(
    device: str, person: Person, time_ms: int, draw: Random, *, longest_s: float = 1_500.0
) -> Seen:
    outcome = draw.choices(("answered", "missed", "rejected"), (7, 2, 1))[0]
    talked_s = round(min(longest_s, draw.expovariate(1 / 140)), 1)
    return seen(
        device,
        Kind.CALL,
        time_ms,
        direction=draw.choice(("sent", "received")),
        counterpart=draw.choice(COUNTERPARTS[person.key]),
        outcome=outcome,
        duration_s=talked_s if outcome == "answered" else None,
    )


def traffic(
    device: str,
    time_ms: int,
    interface: str,
    duration_s: float,
    draw: Random,
    *,
    app: str | None = None,
) -> Seen:
    """Phones count by app, the computer only what goes through its cable."""
    received = round(draw.lognormvariate(13.5, 1.6))
    return seen(
        device,
        Kind.TRAFFIC,
        time_ms,
        interface=interface,
        app=app,
        sent_bytes=round(received * draw.uniform(0.05, 0.3)),
        received_bytes=received,
        duration_s=duration_s,
    )


def backup(device: str, time_ms: int, draw: Random) -> Seen:
    """The unstructured kind: the report of the computer's own backup."""
    body = {
        "result": "done",
        "files": draw.randrange(120, 900),
        "copied_bytes": draw.randrange(10**7, 10**9),
    }
    return seen(device, Kind.DOCUMENT, time_ms, source="backup", body=body)
