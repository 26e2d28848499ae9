"""The load: a steady rate, repeats that count as duplicates, and honest counts."""

import asyncio

import pytest

from adapters.inbound.cli.simulation.calls import CallRefused
from adapters.inbound.cli.simulation.fleet import Vehicle
from adapters.inbound.cli.simulation.load import PER_UPLOAD, Result, simulate
from domain.kinds import Kind
from tests.simulation.bounds import faults
from tests.simulation.clocks import DrivenClock
from tests.simulation.platform_double import API_TOKEN, PlatformDouble, problem, running
from tests.simulation.worlds import NOON_MS


def run(platform: PlatformDouble, *, rate: float = 4.0, duration_s: float = 40.0) -> Result:
    clock = DrivenClock(NOON_MS + 60_000 * platform.calls.total())

    async def play() -> Result:
        async with running(platform) as url:
            playing = asyncio.create_task(
                simulate(
                    url,
                    API_TOKEN,
                    devices=5,
                    rate=rate,
                    duration_s=duration_s,
                    seed=3,
                    clock=clock,
                )
            )
            await clock.drive(600_000, playing, lambda: platform.activity)
            return await playing

    return asyncio.run(play())


def test_what_was_accepted_is_what_is_kept() -> None:
    platform = PlatformDouble()
    result = run(platform)
    kept = [row for rows in platform.kept.values() for row in rows]
    assert result.devices == 5
    assert result.accepted == len(kept) == PER_UPLOAD * (result.uploads - result.duplicate)
    assert 1 <= result.duplicate < 10
    assert (result.refused, result.failed) == (0, 0)
    assert [row for row in kept if faults(Kind.LOCATION, row)] == []


def test_devices_are_used_again_with_new_numbers() -> None:
    platform = PlatformDouble()
    first = run(platform)
    second = run(platform)
    assert len(platform.devices) == 5
    assert second.accepted > 0.8 * first.accepted


def test_the_rate_is_kept() -> None:
    result = run(PlatformDouble())
    assert result.uploads - result.duplicate == pytest.approx(4.0 * 40.0, abs=5)


def test_busy_answers_are_repeated_and_failures_counted() -> None:
    platform = PlatformDouble()
    run(platform, duration_s=0.0)
    platform.trouble = [problem(503, "busy", Retry_After="1") for _ in range(3)]
    assert run(platform).repeated == 3
    platform.trouble = []
    busy = platform.calls.total()
    platform.fails_from = busy + 60
    assert run(platform).failed > 50
    platform.fails_from = None


def test_refusals_are_counted_by_reason() -> None:
    platform = PlatformDouble()
    platform.refused_kinds = {"location"}
    result = run(platform)
    assert result.accepted == 0
    assert result.refused == PER_UPLOAD * result.uploads
    assert result.reasons["no_consent"] == result.refused


def test_a_wrong_token_ends_it_at_once() -> None:
    platform = PlatformDouble()
    platform.trouble = [problem(401, "the API token is unknown")]
    with pytest.raises(CallRefused, match="unknown"):
        run(platform)


def test_vehicles_of_a_seed_drive_the_same_ways() -> None:
    times = range(NOON_MS, NOON_MS + 7_200_000, 60_000)
    assert Vehicle(1, 4, NOON_MS).fixes(times) == Vehicle(1, 4, NOON_MS).fixes(times)
    assert Vehicle(1, 4, NOON_MS).fixes(times) != Vehicle(1, 5, NOON_MS).fixes(times)
