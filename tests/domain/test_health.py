"""Battery, charging, silence and versions of a device."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.consolidation.health import (
    Charging,
    Health,
    Level,
    Silence,
    Version,
    health,
    reduced,
    silence_ms,
)
from domain.observations import DeviceState, Message
from tests.domain.builders import at, kinds


def of(*states: DeviceState, end: float = 1_440, points: int = 100) -> Health:
    return health(kinds(device_state=states), at(0), at(end), at(100_000), points)


def test_charging_spells_and_discharge() -> None:
    found = of(
        DeviceState(at(0), 0.8, False),
        DeviceState(at(60), 0.7, False),
        DeviceState(at(90), 0.65, True),
        DeviceState(at(120), 0.9),
        DeviceState(at(150), 0.95, False),
        DeviceState(at(210), 0.85, False),
        DeviceState(at(1_000), 0.5, True),
    )
    assert found.charging == (
        Charging(at(90), at(150), 0.65, 0.9),
        Charging(at(1_000), at(1_000), 0.5, 0.5),
    )
    assert found.discharge_per_h == pytest.approx(0.1)
    assert found.lowest == Level(at(1_000), 0.5)


def test_silence_is_when_no_kind_was_observed() -> None:
    told = kinds(
        device_state=[DeviceState(at(10), 0.5), DeviceState(at(200), 0.5)],
        message=[Message(at(65), "sent", "sms", "Eva")],
    )
    found = health(told, at(0), at(300), at(280), 10).silences
    assert found == (Silence(at(65), at(200)), Silence(at(200), at(280)))
    assert silence_ms(found, at(100), at(210)) == at(210) - at(100)


def test_versions_and_storage() -> None:
    found = of(
        DeviceState(at(1), storage_free_bytes=9, os_version="14", agent_version="1.0"),
        DeviceState(at(2), storage_free_bytes=8, os_version="15"),
        DeviceState(at(3), os_version="15", agent_version="1.0"),
    )
    assert found.storage_free_bytes == 8
    assert found.versions == (
        Version("os_version", "14", at(1), at(1)),
        Version("agent_version", "1.0", at(1), at(3)),
        Version("os_version", "15", at(2), at(3)),
    )


def test_nothing_is_known() -> None:
    found = of()
    assert (found.lowest, found.discharge_per_h, found.storage_free_bytes) == (None, None, None)
    assert found.silences == (Silence(at(0), at(1_440)),)


@given(st.lists(st.floats(0, 1), max_size=200), st.integers(4, 50))
def test_fewer_points_keep_the_lowest_and_the_highest(levels: list[float], points: int) -> None:
    whole = [Level(minute, level) for minute, level in enumerate(levels)]
    found = reduced(whole, points)
    assert len(found) <= points
    assert set(found) <= set(whole)
    assert all(one.time_ms < later.time_ms for one, later in pairwise(found))
    for extreme in (min, max):
        assert extreme((one.battery for one in found), default=None) == extreme(
            levels, default=None
        )


@given(st.sets(st.integers(0, 1_439), max_size=20), st.integers(0, 1_440))
def test_the_parts_of_silence_add_up(minutes: set[int], cut: int) -> None:
    found = of(*(DeviceState(at(minute), 0.5) for minute in minutes)).silences
    parts = silence_ms(found, at(0), at(cut)) + silence_ms(found, at(cut), at(1_440))
    assert parts == sum(one.to_ms - one.from_ms for one in found)
