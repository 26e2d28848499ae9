"""Each condition that is not of places: what makes it true, since when, and what it measures."""

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest

from domain.kinds import Kind
from domain.observations import AppUse, Call, DeviceState, Message, Presence, Traffic, WebVisit
from domain.rules.binding import BoundRule, Surroundings, bound_rules
from domain.rules.condition import (
    Charging,
    Communicates,
    Condition,
    Dwells,
    Expression,
    Keyword,
    Not,
    PresenceIs,
    Subject,
    TrafficOver,
    UsedOver,
    Uses,
)
from domain.rules.judge import Cleared, Judged, Memory, Raised, judge
from tests.domain.builders import BERLIN, at, bound, fix, utc

IN, OUT = 0.0, 400.0
GAME, OTHER = "com.game", "com.other"


def around(rule: BoundRule, **changes: Any) -> BoundRule:
    return BoundRule(rule.rule, attrs.evolve(rule.around, **changes), rule.remaining_s)


def outcomes(rule: BoundRule, seen: Iterable[Judged]) -> list[Raised | Cleared]:
    memory, found = Memory(1), list[Raised | Cleared]()
    for one in seen:
        memory, some = judge(rule, memory, one)
        found += some
    return found


def raised(rule: BoundRule, *seen: Judged) -> list[float]:
    """The minutes at which alerts occurred."""
    found = outcomes(rule, seen)
    return [(one.occurred_at_ms - at(0)) / 60_000 for one in found if isinstance(one, Raised)]


def occurred(found: Iterable[Raised | Cleared]) -> list[int]:
    return [one.occurred_at_ms for one in found if isinstance(one, Raised)]


def app(minute: float, name: str, lasts_min: float | None = None) -> AppUse:
    return AppUse(at(minute), name, duration_s=None if lasts_min is None else lasts_min * 60)


def page(minute: float, url: str, lasts_min: float | None = None) -> WebVisit:
    return WebVisit(at(minute), url, duration_s=None if lasts_min is None else lasts_min * 60)


def test_a_dwelling_counts_from_coming_in() -> None:
    rule = bound(Dwells("school", 1_800.0))
    assert raised(rule, fix(0, OUT), fix(10, IN), fix(39, IN)) == []
    assert raised(rule, fix(0, OUT), fix(10, IN), fix(39, IN), fix(55, IN), fix(99, IN)) == [40]
    assert raised(rule, fix(10, IN), fix(30, OUT), fix(35, IN), fix(50, IN), fix(70, IN)) == [65]


def test_what_is_no_dwelling_is_none_since_it_was_first_seen() -> None:
    rule = bound(Not(Dwells("school", 600.0)), hold_s=1_200.0)
    steps = [fix(0, OUT), fix(5, IN), fix(8, OUT), fix(12, IN), fix(15, OUT), fix(20, OUT)]
    assert raised(rule, *steps) == [20], "coming and going does not begin it anew"


def test_charging() -> None:
    states = [DeviceState(at(m), charging=on) for m, on in enumerate([True, None, False, True])]
    assert raised(bound(Charging(False)), *states) == [2]
    assert raised(bound(Charging(True)), *states) == [0, 3]


def test_presence() -> None:
    seen = [Presence(at(m), status) for m, status in enumerate(["away", "active", "locked"])]
    assert raised(bound(PresenceIs("active")), *seen) == [1]
    assert raised(bound(PresenceIs("locked")), *seen) == [2]


BY_NAME: dict[str, Any] = {
    "site_of": lambda url: url.split("/")[2] if "//" in url else None,
    "category_of_app": {GAME: "games"}.get,
    "category_of_site": {"game.example": "games"}.get,
}


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (Subject("app", "COM.Game"), [1]),
        (Subject("site", "game.example"), [2]),
        (Subject("category", "games"), [1]),
        (Subject("category", "work"), []),
    ],
)
def test_what_is_used(subject: Subject, expected: list[float]) -> None:
    seen: list[Judged] = [
        app(0, OTHER),
        app(1, GAME),
        page(2, "https://game.example/a"),
        app(3, OTHER),
        page(4, "about:blank"),
    ]
    assert raised(around(bound(Uses(subject)), **BY_NAME), *seen) == expected


def quota(minutes: float, *warn_at_min: float, subject: Subject | None = None) -> UsedOver:
    subject = subject or Subject("app", GAME)
    return UsedOver(subject, minutes * 60, tuple(one * 60 for one in warn_at_min))


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ([app(0, GAME, 5), app(10, GAME, 4), app(20, GAME, 3)], [21]),
        ([app(0, GAME, 5), app(2, GAME, 5), app(4, GAME, 6)], []),
        ([app(0, GAME, 20), app(5, GAME, 3)], [10]),
        ([app(m, GAME) for m in range(13)], [10]),
        ([app(m, GAME) for m in range(0, 60, 3)], []),
        ([app(m, GAME if m % 2 else OTHER) for m in range(23)], [21]),
        ([app(0, GAME, 9.5), app(11, OTHER), app(12, GAME, 0.5)], []),
        ([app(0, GAME, 10), app(20, GAME, 0)], []),
    ],
    ids=[
        "added up",
        "overlaps count once",
        "one within another",
        "pulses",
        "out of pulses",
        "until the next",
        "not beyond its end",
        "more than, not as much as",
    ],
)
def test_a_quota_of_ten_minutes(seen: list[Judged], expected: list[float]) -> None:
    assert raised(bound(quota(10)), *seen) == expected


def test_a_category_is_used_up_by_apps_and_sites_together() -> None:
    rule = around(bound(quota(10, subject=Subject("category", "games"))), **BY_NAME)
    seen: list[Judged] = [
        app(0, GAME, 6),
        page(20, "https://game.example/", 6),
        page(40, "https://b.example/"),
    ]
    assert raised(rule, *seen) == [24]


def test_early_warnings_say_what_is_left() -> None:
    rules = list(bound_rules(bound(quota(10, 5, 1)).rule, bound(quota(10)).around))
    found = [raised(rule, app(0, GAME, 6), app(20, GAME, 3.5), app(40, GAME, 2)) for rule in rules]
    assert found == [[40.5], [5], [23]]
    assert len({rule.key for rule in rules}) == 3


BERLIN_MIDNIGHT = 22 * 60
"""In minutes of UTC."""


def test_each_day_has_its_quota() -> None:
    before, after = BERLIN_MIDNIGHT - 6, BERLIN_MIDNIGHT + 20
    assert raised(bound(quota(10)), app(before, GAME, 12), app(after, GAME, 5)) == [after + 4]
    assert raised(bound(quota(10)), app(before, GAME, 6), app(BERLIN_MIDNIGHT, GAME, 9)) == []


def test_a_quota_that_is_used_up_before_midnight_is_told_though_it_is_learned_after() -> None:
    rule = bound(quota(10))
    whole = app(BERLIN_MIDNIGHT - 30, GAME, 40)
    found = outcomes(rule, [whole])
    assert occurred(found) == [at(BERLIN_MIDNIGHT - 20)]
    assert isinstance(found[0], Raised) and found[0].observation == whole
    assert raised(rule, app(BERLIN_MIDNIGHT - 30, GAME, 60)) == [
        BERLIN_MIDNIGHT - 20,
        BERLIN_MIDNIGHT + 10,
    ]


def test_a_day_that_is_used_up_at_once_is_told_again() -> None:
    rule = bound(quota(10))
    seen = [app(day * 1_440 + 600, GAME, 30) for day in range(3)]
    found = outcomes(rule, seen)
    assert raised(rule, *seen) == [610, 2_050, 3_490]
    ended = [(one.at_ms - at(0)) / 60_000 for one in found if isinstance(one, Cleared)]
    assert ended == [2_050, 3_490], "it is noticed then"


@pytest.mark.parametrize(("day", "hours"), [("2024-03-30T23:00", 23), ("2024-10-26T22:00", 25)])
def test_a_day_on_which_clocks_are_changed_is_one_day(day: str, hours: int) -> None:
    start_ms = utc(day)
    rule = bound(quota(60))
    uses = [AppUse(start_ms + hour * 3_600_000, GAME, duration_s=170.0) for hour in range(hours)]
    found = outcomes(rule, uses)
    assert occurred(found) == [start_ms + 21 * 3_600_000 + 30_000]
    again = outcomes(rule, [*uses[:15], AppUse(start_ms + hours * 3_600_000, GAME, duration_s=3e3)])
    assert again == []


def test_the_value_is_what_was_used_and_the_threshold_what_may_be() -> None:
    (found,) = outcomes(bound(quota(10)), [app(0, GAME, 12)])
    assert isinstance(found, Raised)
    assert (found.value, found.threshold) == (720.0, 600.0)


def load(minute: float, size: int, interface: str = "mobile", by: str | None = None) -> Traffic:
    return Traffic(at(minute), interface, size, size, by)


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (TrafficOver(99, "day"), [1, 1_450]),
        (TrafficOver(100, "day"), [2, 1_450]),
        (TrafficOver(100, "day", "mobile"), [3]),
        (TrafficOver(130, "day", app=GAME), []),
        (TrafficOver(130, "month", app=GAME), [1_450]),
        (TrafficOver(10_000, "month"), []),
    ],
)
def test_traffic(when: TrafficOver, expected: list[float]) -> None:
    seen = [
        load(0, 30),
        load(1, 20, "wifi"),
        load(2, 10, by=GAME),
        load(3, 20),
        load(1_450, 60, "wifi", GAME),
    ]
    assert raised(bound(when), *seen) == expected


def test_a_new_day_begins_whatever_is_seen_of_it() -> None:
    rule = bound(TrafficOver(100, "day", "mobile"))
    found = outcomes(rule, [load(0, 100), load(1_440, 1, "wifi"), load(1_450, 100)])
    assert [type(one) for one in found] == [Raised, Cleared, Raised]


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("hate", "I HATE it", True),
        ("hate", "whatever", False),
        ("hate", "hate!", True),
        ("hate", "_hate_", False),
        ("c++", "learn C++ now", True),
        ("c++", "c+++", True),
        ("self harm", "about self harm.", True),
        ("Straße", "STRASSE", True),
        ("ΌΧΙ", "όχι", True),
        ("café", "cafe\u0301", True),
        ("cafe\u0301", "CAFÉ", True),
        ("cafe", "café", False),
        ("自杀", "自杀", True),
        (".*", "anything", False),
        ("a.b", "axb", False),
    ],
)
def test_a_word_is_found_whole_whatever_its_case(word: str, text: str, found: bool) -> None:
    rule = bound(Keyword((word, "zzz"), ("text",)))
    assert bool(raised(rule, Message(at(1), "sent", "sms", "x", text=text))) is found


def test_words_are_sought_where_the_rule_says() -> None:
    visit = WebVisit(at(1), "http://a.example/hate", title="love")
    assert raised(bound(Keyword(("hate",), ("url",))), visit) == [1]
    assert raised(bound(Keyword(("hate",), ("title",))), visit) == []
    assert raised(bound(Keyword(("love",), ("url", "title"))), visit) == [1]
    assert raised(bound(Keyword(("hate",), ("text",))), Message(at(1), "sent", "s", "x")) == []


GRANDMA = frozenset({"grandma", "+386123"})
KNOWN: dict[str, Any] = {"contacts": GRANDMA, "addresses": {"grandma": GRANDMA}}


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (Communicates("stranger"), [2, 3]),
        (Communicates("stranger", (Kind.CALL,)), [3]),
        (Communicates("stranger", direction="sent"), [3]),
        (Communicates("anybody"), [0, 1, 2, 3]),
        (Communicates("+386 (1) 23"), [0]),
        (Communicates("Grandma"), [0, 1]),
        (Communicates("grandpa"), []),
    ],
)
def test_with_whom(when: Communicates, expected: list[float]) -> None:
    seen: list[Judged] = [
        Message(at(0), "received", "sms", "+386 1 23"),
        Message(at(1), "received", "chat", "GRANDMA"),
        Message(at(2), "received", "sms", "+386 9"),
        Call(at(3), "sent", "+386 9", "missed"),
    ]
    rule = around(bound(when), **KNOWN)
    assert raised(rule, *(one for one in seen if _kind(one) in when.by)) == expected


def _kind(seen: Judged) -> Kind:
    return Kind.CALL if isinstance(seen, Call) else Kind.MESSAGE


def test_an_expression_that_is_unknown_changes_nothing() -> None:
    text = "location.speed_mps > 5.0"

    def fast(values: object) -> bool | None:
        assert isinstance(values, dict)
        speed = values.get("location.speed_mps")
        return None if speed is None else speed > 5.0

    rule = around(bound(Expression(text)), expressions={text: fast})
    speeds = [None, 9.0, None, 1.0, None, 7.0]
    assert raised(rule, *(fix(m, 0, speed_mps=one) for m, one in enumerate(speeds))) == [1, 5]


def test_days_are_those_of_the_person() -> None:
    auckland = around(bound(quota(10)), zone=ZoneInfo("Pacific/Auckland"))
    midnight = 12 * 60
    assert raised(auckland, app(midnight - 6, GAME, 12)) == []
    assert raised(bound(quota(10)), app(midnight - 6, GAME, 12)) == [midnight + 4]


def test_conditions_ask_for_nothing_beside_their_kinds() -> None:
    whens: list[Condition] = [Dwells("p", 60.0), Charging(True), PresenceIs("away"), quota(10)]
    rules = [BoundRule(bound(when).rule, Surroundings(BERLIN)) for when in whens]
    assert [sorted(rule.asked) for rule in rules] == [sorted(rule.kinds) for rule in rules]
