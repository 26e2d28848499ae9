"""The machine's clock against the suite of its port."""

import pytest

from adapters.outbound.system_clock import SystemClock
from tests.contracts.clock import ClockContract


class TestSystemClock(ClockContract):
    ADAPTER = SystemClock

    @pytest.fixture
    def clock(self) -> SystemClock:
        return SystemClock()
