"""Stays of real recordings: trackintel finds the same ones, or it is known why it does not.

docs/consolidation.md has the table.
"""

import pytest

from domain.consolidation.movements import Stay
from domain.consolidation.stays import MIN_STAY_MS
from tests.domain.test_recordings import recorded, whole
from tests.oracle.stays_beside import MINUTE_MS, Recording, Span, span_of, their_stays

_EDGE_MS = 6 * MINUTE_MS
"""How far starts and ends may lie apart: ours begins at the spot itself, theirs a hundred metres
before it, and ends with the first fix elsewhere."""

_BARELY_MS = MIN_STAY_MS + MINUTE_MS
"""So short a stay is none any more without the steps towards it, which ours leaves to the trip."""

RECORDINGS = {
    "around-visnjan-with-car.gpx": (0, 0, 0),
    "cerknicko-jezero.gpx": (3, 6, 3),
    "korita-zbevnica.gpx": (6, 9, 5),
}
"""How many stays we find, how many they find, and how many are in both."""


def ours_and_theirs(name: str) -> tuple[Recording, list[Span], list[Span]]:
    columns = recorded(name)
    ours = [
        span_of(one)
        for one in whole(columns).items
        if isinstance(one, Stay) and one.to_ms - one.from_ms >= MIN_STAY_MS
    ]
    return Recording(columns), ours, their_stays(columns)


def pairs(ours: list[Span], theirs: list[Span]) -> list[tuple[Span, Span]]:
    """Each of ours with the one of theirs that shares most of its time, at least half of it."""
    found = []
    for one in ours:
        other = max(theirs, key=one.shared_ms, default=None)
        if other is not None and 2 * one.shared_ms(other) >= one.to_ms - one.from_ms:
            found.append((one, other))
    return found


@pytest.mark.parametrize("name", RECORDINGS)
def test_as_many_as_the_table_says(name: str) -> None:
    _, ours, theirs = ours_and_theirs(name)
    assert (len(ours), len(theirs), len(pairs(ours, theirs))) == RECORDINGS[name]


@pytest.mark.parametrize("name", RECORDINGS)
def test_they_begin_and_end_at_the_same_time_and_last_as_long(name: str) -> None:
    _, ours, theirs = ours_and_theirs(name)
    both = pairs(ours, theirs)
    for one, other in both:
        assert abs(one.from_ms - other.from_ms) <= _EDGE_MS
        assert abs(one.to_ms - other.to_ms) <= _EDGE_MS
    ours_ms, theirs_ms = (sum(pair[n].to_ms - pair[n].from_ms for pair in both) for n in (0, 1))
    assert ours_ms == pytest.approx(theirs_ms, rel=0.2), "theirs may miss the last minutes"


@pytest.mark.parametrize("name", RECORDINGS)
def test_why_the_others_differ(name: str) -> None:
    recording, ours, theirs = ours_and_theirs(name)
    both = pairs(ours, theirs)
    for one in ours:
        if one not in [mine for mine, _ in both]:
            assert recording.sleeps(one)
    for one in theirs:
        if one not in [other for _, other in both]:
            touches_ours = any(one.shared_ms(mine) for mine in ours)
            assert (
                recording.waits_for_the_next_fix(one)
                or recording.goes_on_slowly(one)
                or one.to_ms - one.from_ms < _BARELY_MS
                or touches_ours
            ), "a stay that we do not know of"
