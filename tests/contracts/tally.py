"""What every tally must do."""

import threading
from typing import Any

import pytest

from application.ports.tally import Tally


class TallyContract:
    """Adapters set `ADAPTER`, give the `tally` and know how it is read."""

    PORT = Tally
    ADAPTER: type

    @pytest.fixture
    def tally(self) -> Tally:
        raise NotImplementedError

    def read(self, tally: Any, event: str, reason: str = "") -> float:
        raise NotImplementedError

    def test_each_event_and_reason_is_counted_by_itself(self, tally: Tally) -> None:
        tally.count("batches", "accepted")
        tally.count("batches", "accepted", 4)
        tally.count("batches", "refused")
        tally.count("alerts", "accepted")
        assert self.read(tally, "batches", "accepted") == 5
        assert self.read(tally, "batches", "refused") == 1
        assert self.read(tally, "alerts", "accepted") == 1
        assert self.read(tally, "alerts", "refused") == 0

    def test_an_event_without_a_reason(self, tally: Tally) -> None:
        tally.count("observations", amount=3)
        tally.count("observations", amount=0)
        assert self.read(tally, "observations") == 3

    def test_two_tallies_do_not_share_their_counts(self, tally: Tally) -> None:
        another = type(tally)()
        tally.count("batches")
        assert self.read(another, "batches") == 0

    def test_many_threads_lose_nothing(self, tally: Tally) -> None:
        def count() -> None:
            for _ in range(2_000):
                tally.count("batches", "accepted")

        threads = [threading.Thread(target=count) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert self.read(tally, "batches", "accepted") == 8_000
