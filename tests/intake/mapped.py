"""Documents of a car, its mapping, and the batches that they make."""

import json
from typing import Any
from zoneinfo import ZoneInfo

from adapters.outbound.jmespath_mappings import JmespathMappings
from adapters.outbound.native_codec import NativeBlockCodec
from adapters.outbound.prometheus_tally import PrometheusTally
from application.document_mapper import DocumentMapper
from application.unmapped_documents import identity_of_replay
from domain.batch import Batch
from domain.consent import Consent, ConsentGate
from domain.kinds import Kind
from domain.mapping import DocumentMapping
from domain.quarantine import Quarantined

NOW_MS = 1_790_000_000_000
CODEC = NativeBlockCodec()
UTC = ZoneInfo("UTC")
EVERYTHING = ConsentGate((Consent("c", "a", "p", tuple(Kind), 0),), UTC)
CAR: list[dict[str, Any]] = [
    {
        "where": "type == 'drive'",
        "each": "points",
        "kind": "location",
        "time": {"path": "t", "format": "epoch_ms"},
        "fields": {"lat": "lat", "lon": "lon", "source": {"path": "car", "of": "document"}},
    },
    {
        "where": "type == 'battery'",
        "kind": "device_state",
        "fields": {"battery": {"path": "percent", "scale": 0.01}},
    },
    {"where": "type == 'ping'", "ignore": True},
]


def mapping(*rules: dict[str, Any], source: str = "car", version: int = 1) -> DocumentMapping:
    definition = {"rules": list(rules or CAR)}
    return DocumentMapping(f"m-{source}", "a", source, source, definition, 0, True, version)


def documents(*bodies: Any, identity: str = "1", source: str = "car", first: int = 0) -> Batch:
    """A batch of a document a second from `first` on."""
    rows = [
        {"time_ms": NOW_MS - 10_000_000 + place * 1_000, "source": source, "body": body}
        for place, body in enumerate(bodies, first)
    ]
    text = json.dumps(rows).encode()
    made = CODEC.encode_json(Kind.DOCUMENT, text, 0, 2**53, foreign=True)
    assert made.count == len(bodies), made.refused
    ends = (made.first_ms, made.last_ms)
    return Batch("a", "d", Kind.DOCUMENT, identity, made.block, made.count, *ends, NOW_MS)


def again(item: Quarantined) -> Batch:
    """The batch that the entry becomes when it is replayed."""
    ((kind, count, first_ms, last_ms, why),) = CODEC.describe([item.payload])
    assert (kind, why) == ("document", "")
    identity = identity_of_replay(item)
    block = item.payload
    return Batch("a", "d", Kind.DOCUMENT, identity, block, count, first_ms, last_ms, NOW_MS)


def drive(*lats: float, at_ms: int = NOW_MS - 60_000, **fields: Any) -> dict[str, Any]:
    points = [{"t": at_ms + n, "lat": lat, "lon": 14.0} for n, lat in enumerate(lats)]
    return {"type": "drive", "car": "Zoe", "points": points, **fields}


def a_mapper() -> DocumentMapper:
    return DocumentMapper(JmespathMappings(), PrometheusTally())
