"""Rules to start from: what people ask for most, each a whole rule with some blanks.

A blank is a name in angle brackets in place of a value: `<place>` is the id of a place, `<home>`
that of the place where somebody lives.
"""

from collections.abc import Mapping
from typing import Any

import attrs

PLACE, HOME, CALENDAR = "<place>", "<home>", "<calendar>"


@attrs.frozen
class Template:
    """`rule` has the fields of a rule in their JSON form; `blanks` say what is to be filled in."""

    id: str
    title: str
    rule: Mapping[str, Any]
    blanks: Mapping[str, str] = attrs.field(factory=dict)


_A_PLACE = {PLACE: "which place"}
_NIGHT = {"from": "21:00", "to": "06:00"}

TEMPLATES = (
    Template(
        "arrives",
        "Arrives at school",
        {
            "when": {"enters": PLACE},
            "hold_s": 120,
            "schedule": {
                "days": ["mon", "tue", "wed", "thu", "fri"],
                "from": "06:00",
                "to": "10:00",
            },
        },
        _A_PLACE,
    ),
    Template(
        "leaves-early",
        "Leaves school early",
        {
            "when": {"outside": PLACE},
            "hold_s": 600,
            "clear_s": 300,
            "schedule": {
                "days": ["mon", "tue", "wed", "thu", "fri"],
                "from": "08:00",
                "to": "15:00",
                "except": CALENDAR,
            },
            "cooldown_s": 3_600,
            "severity": "warning",
        },
        {PLACE: "which school", CALENDAR: "the days without school, if there is such a calendar"},
    ),
    Template(
        "out-after-dark",
        "Out after dark",
        {"when": {"outside": HOME}, "hold_s": 900, "schedule": _NIGHT, "severity": "warning"},
        {HOME: "which home"},
    ),
    Template(
        "silent",
        "Phone silent for a day",
        {"when": {"silent_for_s": 86_400}, "severity": "warning"},
    ),
    Template(
        "battery",
        "Battery nearly empty, and not charging",
        {"when": {"all": [{"battery_below": 0.15}, {"charging": False}]}, "cooldown_s": 3_600},
    ),
    Template(
        "video",
        "Two hours of video",
        {"when": {"used_over": {"category": "video", "per_day_s": 7_200, "warn_at_s": [900]}}},
    ),
    Template(
        "games-at-school",
        "Games during school",
        {
            "when": {"all": [{"uses": {"category": "games"}}, {"inside": PLACE}]},
            "hold_s": 300,
            "cooldown_s": 3_600,
        },
        _A_PLACE,
    ),
    Template(
        "top-speed",
        "Top speed",
        {"when": {"speed_over_mps": 36.2}, "hold_s": 30, "clear_s": 120, "severity": "warning"},
    ),
    Template(
        "left-the-country",
        "Left the country",
        {"when": {"leaves": PLACE}, "hold_s": 600, "severity": "warning"},
        {PLACE: "a place drawn around the country"},
    ),
    Template(
        "stranger",
        "Message or call from somebody unknown",
        {
            "when": {"communicates": {"with": "stranger", "direction": "received"}},
            "cooldown_s": 600,
        },
    ),
    Template(
        "words",
        "Words to worry about",
        {
            "when": {
                "keyword": {"words": ["self-harm", "suicide"], "in": ["url", "title", "text"]}
            },
            "severity": "critical",
        },
    ),
    Template(
        "mobile-data",
        "Mobile data used up",
        {"when": {"traffic_over": {"bytes": 5_000_000_000, "per": "month", "interface": "mobile"}}},
    ),
)
