"""Documents through mappings: from a batch of documents to batches of typed kinds."""

import json
import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import attrs

from adapters.outbound.jmespath_mappings import JmespathMappings
from adapters.outbound.native_codec import NativeBlockCodec
from adapters.outbound.prometheus_tally import PrometheusTally
from application.document_mapper import DocumentMapper
from application.mapping_documents import DocumentReader
from benchmarks.table import Table, number
from domain.batch import Batch
from domain.consent import Consent, ConsentGate
from domain.kinds import Kind
from domain.mapping import DocumentMapping

_NOW_MS = 1_790_000_000_000
_ROUNDS = 5
_TEXT = 1_000_000  # characters of a batch's documents, at most
_DOCUMENTS = 2_000

_HEADERS = ("documents", "bytes each", "documents/s", "observations/s", "µs a document")
_NOTE = "From a stored block of documents to blocks of typed kinds, on one core; medians of five."


@attrs.frozen
class _Case:
    rules: list[Mapping[str, Any]]
    document: Callable[[int], Any]


_METER = _Case(
    [
        {
            "kind": "device_state",
            "time": {"path": "ts", "format": "epoch_s"},
            "fields": {"battery": {"path": "battery.percent", "scale": 0.01}, "network": "net"},
        }
    ],
    lambda n: {"ts": _NOW_MS // 1000 - n, "battery": {"percent": n % 100}, "net": "wifi"},
)
_DRIVE = _Case(
    [
        {
            "where": "type == 'drive'",
            "each": "points",
            "kind": "location",
            "time": {"path": "t", "format": "epoch_ms"},
            "fields": {
                "lat": "lat",
                "lon": "lon",
                "speed_mps": {"path": "kmh", "scale": 0.27778},
                "source": {"path": "car", "of": "document"},
            },
        },
        {"where": "type == 'ping'", "ignore": True},
    ],
    lambda n: {
        "type": "drive",
        "car": "Zoe",
        "points": [
            {"t": _NOW_MS - n * 60_000 - k * 100, "lat": 45 + k / 1e4, "lon": 14.2, "kmh": k}
            for k in range(100)
        ],
    },
)
_MANY_RULES = _Case(
    [
        {**_METER.rules[0], "where": f"battery.level == '{n}' && contains(net, 'wifi')"}
        for n in range(19)
    ]
    + _METER.rules,
    _METER.document,
)
_CASES = {
    "a reading, one rule": _METER,
    "a reading, twenty rules": _MANY_RULES,
    "a drive of 100 points": _DRIVE,
}


def mapping() -> Table:
    """Readings of a meter, the same with many rules, drives with many points."""
    rows = [_row(name, case) for name, case in _CASES.items()]
    return Table("Documents through mappings", _HEADERS, rows, _NOTE)


def _row(name: str, case: _Case) -> list[str]:
    codec = NativeBlockCodec()
    length = len(json.dumps(case.document(0), separators=(",", ":")))
    batch = _batch(codec, case, min(_DOCUMENTS, _TEXT // length))
    gate = ConsentGate((Consent("c", "a", "p", tuple(Kind), 0),), ZoneInfo("UTC"))
    mapping = DocumentMapping("m", "a", "m", "m", {"rules": case.rules}, 0)
    mapper = DocumentMapper(JmespathMappings(), PrometheusTally())
    reader = DocumentReader(mapper, {"m": mapping}, gate)
    elapsed_s = []
    for _ in range(_ROUNDS):
        started = time.perf_counter()
        expanded = reader.expand(codec, batch)
        elapsed_s.append(time.perf_counter() - started)
        assert not expanded.quarantined
    took_s = median(elapsed_s)
    made = sum(one.count for one in expanded.batches)
    rates = (batch.count / took_s, made / took_s, took_s / batch.count * 1e6)
    return [name, str(length), *(number(value) for value in rates)]


def _batch(codec: NativeBlockCodec, case: _Case, count: int) -> Batch:
    rows = [
        {"time_ms": _NOW_MS - count + n, "source": "m", "body": case.document(n)}
        for n in range(count)
    ]
    made = codec.encode_json(Kind.DOCUMENT, json.dumps(rows).encode(), 0, 2**52, foreign=True)
    assert made.count == count
    ends = (made.first_ms, made.last_ms)
    return Batch("a", "d", Kind.DOCUMENT, "1", made.block, made.count, *ends, _NOW_MS)
