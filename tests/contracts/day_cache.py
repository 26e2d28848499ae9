"""What every cache of days must do."""

import pytest

from application.ports.day_cache import DayCache


class DayCacheContract:
    PORT = DayCache
    ADAPTER: type

    @pytest.fixture
    def cache(self) -> DayCache:
        """One with room for a thousand answers of a hundred bytes, not for a hundred thousand."""
        raise NotImplementedError

    def test_what_was_put_is_there(self, cache: DayCache) -> None:
        assert cache.recall("a") is None
        cache.remember("a", b"answer")
        cache.remember("b", b"")
        assert cache.recall("a") == b"answer"
        assert cache.recall("b") == b""

    def test_a_later_answer_takes_the_place_of_an_earlier_one(self, cache: DayCache) -> None:
        for number in range(10_000):
            cache.remember("a", b"x" * (number % 100))
        cache.remember("b", b"other")
        assert cache.recall("a") == b"x" * 99
        assert cache.recall("b") == b"other"

    def test_there_is_room_for_many_and_not_for_all(self, cache: DayCache) -> None:
        for number in range(100_000):
            cache.remember(str(number), b"x" * 100)
        there = [number for number in range(100_000) if cache.recall(str(number)) is not None]
        assert 1_000 <= len(there) < 100_000

    def test_what_is_asked_for_again_and_again_stays(self, cache: DayCache) -> None:
        cache.remember("wanted", b"answer")
        for number in range(100_000):
            cache.remember(str(number), b"x" * 100)
            if number % 500 == 0:
                assert cache.recall("wanted") == b"answer"

    def test_what_is_too_large_costs_the_others_nothing(self, cache: DayCache) -> None:
        cache.remember("a", b"answer")
        cache.remember("b", b"x" * 100_000_000)
        assert cache.recall("b") is None
        assert cache.recall("a") == b"answer"
