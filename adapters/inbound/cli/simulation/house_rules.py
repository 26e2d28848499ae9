"""The rules that the demo family has agreed on, in the JSON form of the dashboard API."""

from collections.abc import Mapping
from typing import Any

SPEED_LIMIT_MPS = 25.0
"""The recorded drive is faster for some seconds of each round: 26.0 m/s at most."""

_WEEKDAYS = ["mon", "tue", "wed", "thu", "fri"]
_HOUR_S = 3_600


def rules(people: Mapping[str, str], places: Mapping[str, str]) -> list[dict[str, Any]]:
    """`people` and `places` are ids by key."""
    daughter = {"people": [people["daughter"]]}
    household = {"people": [people[key] for key in ("mother", "father", "daughter")]}
    return [
        _rule("Neli leaves School", {"leaves": places["school"]}, daughter),
        _rule("Neli arrives at School", {"enters": places["school"]}, daughter),
        _rule("Somebody comes Home", {"enters": places["home"]}, household),
        _rule("Mira leaves Home", {"leaves": places["home"]}, {"people": [people["mother"]]}),
        _rule("Somebody is at the lake", {"enters": places["lake"]}, {}),
        _rule(
            "Grandfather goes out",
            {"leaves": places["grandfather"]},
            {"people": [people["grandfather"]]},
            cooldown_s=4 * _HOUR_S,
        ),
        _rule(
            "Neli misses school",
            {"outside": places["school"]},
            daughter,
            severity="critical",
            hold_s=600,
            schedule={"days": _WEEKDAYS, "from": "08:30", "to": "13:00"},
            cooldown_s=_HOUR_S,
        ),
        _rule(
            "Neli is out late",
            {"outside": places["home"]},
            daughter,
            severity="warning",
            hold_s=600,
            schedule={"from": "22:00", "to": "06:00"},
            cooldown_s=2 * _HOUR_S,
        ),
        _rule(
            "Tomo drives fast",
            {"speed_over_mps": SPEED_LIMIT_MPS},
            {"people": [people["father"]]},
            severity="warning",
            clear_s=60,
            cooldown_s=420,
        ),
        _rule(
            "A battery is nearly empty",
            {"all": [{"battery_below": 0.15}, {"charging": False}]},
            {},
            clear_s=_HOUR_S,
        ),
        _rule(
            "Neli has seen enough clips",
            {"used_over": {"app": "Clips", "per_day_s": 900, "warn_at_s": [300]}},
            daughter,
        ),
        _rule(
            "Neli writes at night",
            {"communicates": {"with": "anybody", "by": ["message"], "direction": "sent"}},
            daughter,
            schedule={"from": "22:00", "to": "06:00"},
            cooldown_s=_HOUR_S,
        ),
        _rule("A device is silent for a day", {"silent_for_s": 86_400}, {}, severity="warning"),
    ]


def _rule(
    name: str,
    when: dict[str, Any],
    scope: dict[str, Any],
    *,
    severity: str = "info",
    **more: Any,
) -> dict[str, Any]:
    return {
        "name": name,
        "scope": {"people": [], "devices": [], **scope},
        "when": when,
        "severity": severity,
        "channels": ["dashboard"],
        **more,
    }
