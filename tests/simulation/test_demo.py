"""The demo against a platform in miniature: set up once, history once, then live."""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from adapters.inbound.cli.simulation import demo
from adapters.inbound.cli.simulation.calls import CallRefused
from adapters.inbound.cli.simulation.couriers import MAX_OBSERVATIONS, Counts
from adapters.inbound.cli.simulation.people import DEVICES, LATE_BY_MS, PEOPLE
from domain.kinds import Kind
from domain.times import from_datetime
from tests.simulation.clocks import DrivenClock
from tests.simulation.platform_double import API_TOKEN, PlatformDouble, running
from tests.simulation.worlds import DAY_MS, HOUR_MS, MINUTE_MS, NOON_MS

DAYS = 2


class Demo:
    """A platform, the state beside it, and a clock; each call is a new start."""

    def __init__(self, folder: Path) -> None:
        self.platform = PlatformDouble()
        self.clock = DrivenClock(NOON_MS)
        self.state = folder / "data" / "family.json"
        self.progress: list[tuple[str, int, int]] = []

    def populate(self) -> Counts:
        counts: Counts = self._with(self._populate)
        return counts

    def live(self, minutes: float) -> None:
        """Until so much time has passed."""

        async def until_then(url: str) -> None:
            playing = asyncio.create_task(demo.live(url, self.state, seed=7, clock=self.clock))
            time_ms = round(minutes * MINUTE_MS)
            await self.clock.drive(time_ms, playing, lambda: self.platform.activity)
            playing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await playing

        self._with(until_then)

    async def _populate(self, url: str) -> Counts:
        return await demo.populate(
            url,
            API_TOKEN,
            self.state,
            seed=7,
            days=DAYS,
            progress=lambda *one: self.progress.append(one),
            clock=self.clock,
        )

    def _with(self, act: Callable[[str], Awaitable[Any]]) -> Any:
        async def run() -> Any:
            async with running(self.platform) as url:
                return await act(url)

        return asyncio.run(run())

    def times(self, name: str, kind: str = "location") -> list[str]:
        return [row["time"] for row in self.platform.observations(name, kind)]


@pytest.fixture
def family(tmp_path: Path) -> Demo:
    return Demo(tmp_path)


def test_it_sets_up_people_consents_devices_places_and_rules(family: Demo) -> None:
    counts = family.populate()
    platform = family.platform
    assert [one["name"] for one in platform.people] == [one.name for one in PEOPLE]
    assert {one["time_zone"] for one in platform.people} == {"Europe/Ljubljana"}
    assert all(set(one[0]["kinds"]) == set(Kind) for one in platform.consents.values())
    assert [one["name"] for one in platform.devices] == [one.name for one in DEVICES]
    shapes = {one["name"]: "polygon" if "polygon" in one else "circle" for one in platform.places}
    assert shapes["Lake Cerknica"] == "polygon"
    assert list(shapes.values()).count("circle") == 5
    assert len(platform.rules) > 8
    assert counts.accepted > 2_000
    assert (counts.duplicate, counts.refused) == (0, 0)


def test_batches_are_bounded_numbered_and_packed(family: Demo) -> None:
    family.populate()
    assert 100 < family.platform.largest_batch <= MAX_OBSERVATIONS
    assert family.platform.gzipped > 5
    numbers: dict[tuple[str, str], list[int]] = {}
    for device_id, kind, sequence in family.platform.identities:
        numbers.setdefault((device_id, kind), []).append(sequence)
    assert all(sorted(some) == list(range(1, len(some) + 1)) for some in numbers.values())


def test_progress_says_how_much_there_is_and_comes_to_its_end(family: Demo) -> None:
    family.populate()
    history = [(done, total) for text, done, total in family.progress if text == "History"]
    assert history[-1][0] == history[-1][1] > 2_000
    assert [done for done, _ in history] == sorted(done for done, _ in history)


def test_one_phone_is_half_a_day_late_and_delivers_after_its_live_position(family: Demo) -> None:
    family.populate()
    until = family.times("Mira's phone")[-1]
    assert _ms(until) < NOON_MS - LATE_BY_MS
    family.live(2.5)
    assert family.times("Mira's phone")[-1] == until
    family.live(2)
    late = [_ms(time) for time in family.times("Mira's phone")][len(until) :]
    first_live = next(i for i, time in enumerate(late) if time >= NOON_MS)
    owed = [time for time in late[first_live:] if time < NOON_MS]
    assert len(owed) > 50
    assert min(owed) < NOON_MS - LATE_BY_MS + 20 * MINUTE_MS


def test_a_foreign_agent_is_among_them(family: Demo) -> None:
    family.populate()
    history = list(family.platform.owntracks)
    assert len(history) > 200
    assert all(one["_type"] == "location" and 0 <= one["batt"] <= 100 for one in history)
    assert [one["tst"] for one in history] == sorted({one["tst"] for one in history})
    family.live(2)
    assert len(family.platform.owntracks) > len(history)


def test_live_people_move_without_a_second_telling(family: Demo) -> None:
    family.populate()
    family.live(5)
    times = [_ms(time) for time in family.times("Neli's phone")]
    assert times == sorted(set(times))
    assert sum(time >= NOON_MS for time in times) > 60


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
    times = [_ms(time) for time in family.times("Neli's phone")]
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
    times = [_ms(time) for time in family.times("Tomo's phone")]
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


def test_a_revoked_device_falls_silent_and_the_others_go_on(family: Demo) -> None:
    family.populate()
    family.platform.revoke("Tomo's phone")
    before = len(family.times("Tomo's phone"))
    family.live(3)
    assert len(family.times("Tomo's phone")) == before
    assert _ms(family.times("Neli's phone")[-1]) > NOON_MS


def test_a_request_for_data_is_answered_completely_and_once(family: Demo) -> None:
    family.populate()
    name = "Tomo's phone"
    device_id = family.platform.device(name)["id"]
    before = set(family.times(name))
    for number in range(2):
        request = _request(f"r{number}", "location", "2026-06-02T04:00:00Z", "2026-06-02T16:00:00Z")
        family.platform.pull_requests[device_id] = [request]
        family.live(1)
        assert family.platform.pull_requests[device_id] == []
        assert family.platform.calls[f"/agent/v1/pull-requests/r{number}/batches"] == 1
    times = family.times(name)
    assert len(times) == len(set(times))
    answered = {time for time in times if time.startswith("2026-06-02")} - before
    assert len(answered) > 50


def test_only_kinds_of_the_policy_are_sent(family: Demo) -> None:
    family.platform.policy = {"version": 3, "kinds": {"location": {"interval_s": 5}}}
    family.populate()
    assert {kind for _, kind in family.platform.kept} == {"location"}


def test_refusals_are_counted_by_reason_and_not_repeated(family: Demo) -> None:
    family.platform.refused_kinds = {"message"}
    counts = family.populate()
    assert counts.reasons["no_consent"] == counts.refused > 50
    assert "message" not in {kind for _, kind in family.platform.kept}


def _request(id_: str, kind: str, from_: str, to: str) -> dict[str, Any]:
    return {"id": id_, "kind": kind, "from": from_, "to": to, "limit": 5_000}


def _ms(text: str) -> int:
    return from_datetime(datetime.fromisoformat(text))
