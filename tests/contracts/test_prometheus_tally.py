"""The Prometheus tally against the suite of its port, and what Prometheus reads."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from adapters.outbound.prometheus_tally import PrometheusTally
from tests.contracts.tally import TallyContract


class TestPrometheusTally(TallyContract):
    ADAPTER = PrometheusTally

    @pytest.fixture
    def tally(self) -> PrometheusTally:
        return PrometheusTally()

    def read(self, tally: PrometheusTally, event: str, reason: str = "") -> float:
        labels = {"event": event, "reason": reason}
        return tally.registry.get_sample_value("fieldpost_events_total", labels) or 0.0

    def test_prometheus_reads_it(self, tally: PrometheusTally) -> None:
        tally.count("batches", 'a "reason" with \\ and \n')
        families = {
            family.name: family
            for family in text_string_to_metric_families(tally.exposition(7).decode())
        }
        (sample, *_) = families["fieldpost_events"].samples
        assert sample.labels == {"event": "batches", "reason": 'a "reason" with \\ and \n'}
        assert families["fieldpost_queue_depth"].samples[0].value == 7
