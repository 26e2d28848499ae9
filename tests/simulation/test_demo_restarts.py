"""A second start goes on where the first one stopped, however it stopped."""

import json
from itertools import pairwise
from pathlib import Path

import pytest

from adapters.inbound.cli.simulation.calls import CallRefused
from adapters.inbound.cli.simulation.people import DEVICES, PEOPLE
from domain.kinds import Kind
from tests.simulation.family import Demo, ms
from tests.simulation.worlds import DAY_MS, HOUR_MS, MINUTE_MS, NOON_MS


def test_a_second_start_doubles_nothing_and_fills_the_gap(family: Demo) -> None:
    family.populate()
    family.live(5)
    people, rules = len(family.platform.people), len(family.platform.rules)
    family.clock.pass_ms(30 * MINUTE_MS)
    family.populate()
    family.live(1)
    assert (len(family.platform.people), len(family.platform.rules)) == (people, rules)
    for device in DEVICES:
        for kind in Kind:
            rows = family.platform.kept.get(
                (family.platform.device(device.name)["id"], kind.value), []
            )
            assert len({json.dumps(row) for row in rows}) == len(rows)
    times = [ms(time) for time in family.times("Neli's phone")]
    assert max(b - a for a, b in pairwise(times)) < 2 * HOUR_MS
    missed = [time for time in times if 6 < (time - NOON_MS) / MINUTE_MS < 35]
    assert 20 < len(missed) < 100


def test_after_a_night_the_days_between_are_history(family: Demo) -> None:
    family.populate()
    family.live(5)
    family.clock.pass_ms(DAY_MS)
    counts = family.populate()
    assert 300 < counts.accepted < 4_000
    family.live(3)
    times = [ms(time) for time in family.times("Tomo's phone")]
    assert times == sorted(set(times))


def test_what_broke_off_is_taken_up_again(family: Demo, tmp_path: Path) -> None:
    whole = Demo(tmp_path / "whole")
    whole.populate()
    ways = list(whole.platform.calls)
    family.platform.fails_from = whole.platform.calls.total() - 12
    with pytest.raises(CallRefused, match="not today"):
        family.populate()
    assert set(family.platform.calls) <= set(ways)
    missing = sum(len(rows) for rows in whole.platform.kept.values())
    missing -= sum(len(rows) for rows in family.platform.kept.values())
    assert missing > 0
    family.platform.fails_from = None
    family.clock.pass_ms(MINUTE_MS)
    family.populate()
    for device in DEVICES:
        assert family.times(device.name) == whole.times(device.name)


def test_without_its_state_it_enrols_again_and_goes_on(family: Demo) -> None:
    family.populate()
    first = family.times("Tomo's phone")
    family.state.unlink()
    family.clock.pass_ms(3 * HOUR_MS)
    family.populate()
    times = family.times("Tomo's phone")
    assert times[: len(first)] == first
    assert times == sorted(set(times))
    assert len(family.platform.people) == len(PEOPLE)
    assert len(family.platform.devices) == len(DEVICES)


def test_secrets_are_for_their_owner_only(family: Demo) -> None:
    family.populate()
    assert family.state.stat().st_mode & 0o077 == 0
