"""Calls are repeated when that helps, as late as they are told, and never when refused."""

import asyncio
from typing import Any

import pytest
from aiohttp import web

from adapters.inbound.cli.simulation.calls import CallRefused, Unreachable, calling
from tests.simulation.clocks import SteppedClock
from tests.simulation.platform_double import API_TOKEN, PlatformDouble, problem, running
from tests.simulation.worlds import NOON_MS


def call(
    platform: PlatformDouble,
    clock: SteppedClock,
    *,
    attempts: int | None = None,
    url: str | None = None,
) -> Any:
    async def run() -> Any:
        headers = {"Authorization": f"Bearer {API_TOKEN}"}
        async with (
            running(platform) as own_url,
            calling(url or own_url, clock, attempts=attempts) as calls,
        ):
            return await calls("GET", "/api/v1/people", headers=headers)

    return asyncio.run(run())


@pytest.fixture
def platform() -> PlatformDouble:
    return PlatformDouble()


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(NOON_MS)


@pytest.mark.parametrize("status", [429, 503])
def test_it_comes_again_when_it_is_told_and_hardly_later(
    platform: PlatformDouble, clock: SteppedClock, status: int
) -> None:
    platform.trouble = [problem(status, "busy", Retry_After="7") for _ in range(2)]
    assert call(platform, clock)["items"] == []
    assert len(clock.slept_s) == 2
    assert all(7.0 <= slept <= 8.4 for slept in clock.slept_s)


def test_without_a_time_it_backs_off_longer_and_longer(
    platform: PlatformDouble, clock: SteppedClock
) -> None:
    platform.trouble = [problem(500, "broken") for _ in range(9)]
    call(platform, clock)
    ceilings = [min(30.0, 0.5 * 2**attempt) for attempt in range(1, 10)]
    assert all(0 < slept <= most for slept, most in zip(clock.slept_s, ceilings, strict=True))


def test_a_broken_connection_is_tried_again(platform: PlatformDouble, clock: SteppedClock) -> None:
    async def hang_up() -> web.Response:
        raise ConnectionResetError

    platform.trouble = [hang_up, hang_up]
    assert call(platform, clock)["items"] == []
    assert len(clock.slept_s) == 2


def test_a_refusal_is_final_and_says_why(platform: PlatformDouble, clock: SteppedClock) -> None:
    platform.trouble = [problem(422, "name: is missing")]
    with pytest.raises(CallRefused, match="name: is missing") as raised:
        call(platform, clock)
    assert raised.value.status == 422
    assert clock.slept_s == []


def test_attempts_may_be_bounded(platform: PlatformDouble, clock: SteppedClock) -> None:
    with pytest.raises(Unreachable, match="had no answer"):
        call(platform, clock, attempts=4, url="http://127.0.0.1:9")
    assert len(clock.slept_s) == 3
