"""How the features speak of what rules ask: the words on the left, the contract's on the right."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from features.steps.wording import duration

Condition = Mapping[str, Any]

_SAID: dict[str, dict[str, Any]] = {
    "hears from": {"direction": "received"},
    "is called by": {"by": ["call"], "direction": "received"},
    "is written to by": {"by": ["message"], "direction": "received"},
    "calls": {"by": ["call"], "direction": "sent"},
    "writes to": {"by": ["message"], "direction": "sent"},
}
_BY = {"at": "active", "away from": "away"}
_PLACE = r"(enters|leaves|is inside|is outside) ([A-Z]\w+)"
_PLAIN: tuple[tuple[str, Callable[..., Condition]], ...] = (
    (r"moves faster than (\d+) km/h", lambda kmh: {"speed_over_mps": int(kmh) / 3.6}),
    (r"has less than (\d+) % battery", lambda percent: {"battery_below": int(percent) / 100}),
    (r"is (not )?charging", lambda off: {"charging": not off}),
    (r"is (at|away from) the phone", lambda where: {"presence": _BY[where]}),
    (r"has locked the phone()", lambda _: {"presence": "locked"}),
    (r"is silent for (\d+ \w+)", lambda text: {"silent_for_s": _seconds(text)}),
    (r"uses (the app \S+|the site \S+|[a-z]+)", lambda what: {"uses": _subject(what)}),
    (
        r"uses (the app \S+|the site \S+|[a-z]+) for more than (\d+ \w+) a day",
        lambda what, time: {"used_over": {**_subject(what), "per_day_s": _seconds(time)}},
    ),
    (
        r"uses more than (\d+) GB of mobile data a month",
        lambda gb: {
            "traffic_over": {"bytes": int(gb) * 10**9, "per": "month", "interface": "mobile"}
        },
    ),
    (r"comes across “(.+)”", lambda words: {"keyword": {"words": words.split("” or “")}}),
    (
        rf"({'|'.join(_SAID)}) (?:a )?(stranger|anybody)",
        lambda way, whom: {"communicates": {"with": whom, **_SAID[way]}},
    ),
    (r"fulfils “(.+)”", lambda text: {"expression": text}),
)


def condition(text: str, places: Mapping[str, str]) -> tuple[Condition, float]:
    """A rule's condition in the contract's form, and for how many seconds it must hold.

    `places` are ids by name.
    """
    whole = _condition(text, places)
    if whole is not None:
        return whole, 0.0
    what, _, hold = text.rpartition(" for ")
    found = _condition(what, places)
    assert found is not None, f"{text!r} is no condition"
    return found, _seconds(hold)


def _condition(text: str, places: Mapping[str, str]) -> Condition | None:
    """One, or several joined by "and", which binds more closely, and "or"."""
    single = _single(text, places)
    if single is not None:
        return single
    for word, name in ((" or ", "any"), (" and ", "all")):
        if word in text:
            parts = [_condition(part, places) for part in text.split(word)]
            return None if None in parts else {name: parts}
    return None


def _single(text: str, places: Mapping[str, str]) -> Condition | None:
    for pattern, make in _PLAIN:
        found = re.fullmatch(pattern, text)
        if found is not None:
            return make(*found.groups())
    if found := re.fullmatch(_PLACE, text):
        return {found[1].removeprefix("is "): places.get(found[2], "unknown")}
    if found := re.fullmatch(r"has been inside ([A-Z]\w+) for (.+)", text):
        return {"dwells": {"place": places[found[1]], "for_s": _seconds(found[2])}}
    if found := re.fullmatch(r"is not (inside|outside) ([A-Z]\w+)", text):
        return {"not": {found[1]: places[found[2]]}}
    return None


def _subject(text: str) -> dict[str, str]:
    """`the app chess`, `the site example.org`, or the name of a category."""
    words = text.split(" ")
    return {words[1]: words[2]} if len(words) == 3 else {"category": text}


def _seconds(text: str) -> float:
    return duration(text).total_seconds()
