"""The cache in memory against the suite of its port."""

import pytest

from adapters.outbound.recent_days import RecentDays
from tests.contracts.day_cache import DayCacheContract


class TestRecentDays(DayCacheContract):
    ADAPTER = RecentDays

    @pytest.fixture
    def cache(self) -> RecentDays:
        return RecentDays(1_000_000)
