"""Silence: noticed by time passing, forgotten by a word."""

from hypothesis import given
from hypothesis import strategies as st

from domain.rules.binding import BoundRule
from domain.rules.condition import SilentFor
from domain.rules.judge import Cleared, Memory, Outcome, Raised, judge_silence
from domain.schedule import Schedule
from tests.domain.builders import at, bound

HOUR = bound(SilentFor(3_600.0))


def watched(rule: BoundRule, *looks: tuple[float, float]) -> list[Outcome]:
    """Looks at a device: (minute at which it was last seen, minute of the look)."""
    memory, outcomes = Memory(rule.rule.version), []
    for seen, now in looks:
        memory, outcome = judge_silence(rule, memory, at(seen), at(now))
        outcomes += [outcome] if outcome else []
    return outcomes


def times(outcomes: list[Outcome]) -> list[tuple[str, float]]:
    return [
        ("silent", (one.occurred_at_ms - at(0)) / 60_000)
        if isinstance(one, Raised)
        else ("heard", (one.at_ms - at(0)) / 60_000)
        for one in outcomes
    ]


def test_silence_is_told_once_and_when_it_was_long_enough() -> None:
    assert times(watched(HOUR, (0, 30), (0, 59.99))) == []
    outcomes = watched(HOUR, (0, 30), (0, 75), (0, 90), (0, 500))
    assert times(outcomes) == [("silent", 60)]
    assert isinstance(outcomes[0], Raised)
    assert (outcomes[0].value, outcomes[0].threshold) == (75 * 60, 3_600)
    assert outcomes[0].so_until_ms == at(75), "it goes on: this is news, however late"


def test_a_word_ends_it() -> None:
    outcomes = watched(HOUR, (0, 70), (100, 100), (100, 150), (100, 170))
    assert times(outcomes) == [("silent", 60), ("heard", 100), ("silent", 160)]
    assert outcomes[1] == Cleared("rule", raised_ms=at(60), at_ms=at(100))


def test_old_news_does_not_end_it() -> None:
    assert times(watched(HOUR, (0, 70), (5, 71), (30, 100))) == [("silent", 60)]


def test_silence_that_falls_due_outside_the_hours_is_told_when_they_begin() -> None:
    morning = bound(SilentFor(3_600.0), schedule=Schedule(("mon",), 8 * 60, 9 * 60))
    assert times(watched(morning, (290, 355))) == []
    assert times(watched(morning, (290, 355), (290, 365))) == [("silent", 360)]
    assert times(watched(morning, (290, 355), (357, 357), (357, 430))) == [("silent", 417)]
    assert times(watched(morning, (365, 430), (365, 10_000))) == []


def test_cooldown() -> None:
    rule = bound(SilentFor(3_600.0), cooldown_s=86_400.0)
    looks = [(minute, minute + 80) for minute in range(0, 3_000, 100)]
    heard = [(minute + 100, minute + 100) for minute in range(0, 3_000, 100)]
    both = [look for pair in zip(looks, heard, strict=True) for look in pair]
    told = [minute for what, minute in times(watched(rule, *both)) if what == "silent"]
    assert told == [60, 1_560]


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200)), max_size=30))
def test_silent_and_heard_take_turns(steps: list[tuple[int, int]]) -> None:
    seen = now = 0
    looks = []
    for heard, passed in steps:
        now += passed
        seen = max(seen, min(now, seen + heard))
        looks.append((float(seen), float(now)))
    told = [what for what, _ in times(watched(HOUR, *looks))]
    assert told == ["silent", "heard"] * (len(told) // 2) + ["silent"] * (len(told) % 2)
    at_last = looks and looks[-1][1] - looks[-1][0] >= 60
    assert (len(told) % 2 == 1) == bool(at_last)
