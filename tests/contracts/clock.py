"""What every clock must do."""

import time

import pytest

from application.ports.clock import Clock


class ClockContract:
    PORT = Clock
    ADAPTER: type

    @pytest.fixture
    def clock(self) -> Clock:
        raise NotImplementedError

    def test_it_tells_whole_milliseconds_of_now(self, clock: Clock) -> None:
        before = time.time_ns() // 1_000_000
        now_ms = clock.now_ms()
        after = time.time_ns() // 1_000_000
        assert isinstance(now_ms, int)
        assert before <= now_ms <= after

    def test_it_goes_on(self, clock: Clock) -> None:
        started = clock.now_ms()
        deadline = time.monotonic() + 5
        while clock.now_ms() == started:
            assert time.monotonic() < deadline, "the clock stands still"
        assert clock.now_ms() > started
