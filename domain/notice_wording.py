"""How a message speaks of its alerts: in words and in the local time of its channel."""

from zoneinfo import ZoneInfo

from domain.alert import Alert
from domain.notice import Message
from domain.times import local

TEST = "A test message: alerts will come this way."


def subject(message: Message) -> str:
    """One line, whatever the alerts' texts hold."""
    if not message.alerts:
        return TEST
    first = " ".join(message.alerts[0].text.split())
    others = len(message.alerts) - 1
    return first if not others else f"{others + 1} alerts: {first} and {others} more"


def times(alert: Alert, zone: ZoneInfo) -> str:
    """`happened 14:02, learned 16:30`; with the day where they are of different days."""
    happened = local(alert.occurred_at_ms, zone)
    learned = local(alert.learned_at_ms, zone)
    day = "" if happened.date() == learned.date() else f"{happened.day} {happened:%b} "
    return f"happened {day}{happened:%H:%M}, learned {learned:%H:%M}"
