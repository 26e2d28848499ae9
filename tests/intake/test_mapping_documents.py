"""Documents become batches of typed kinds, or stand in quarantine: the same ones every time."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.outbound.jmespath_mappings import JmespathMappings
from adapters.outbound.prometheus_tally import PrometheusTally
from application.document_mapper import DocumentMapper
from application.mapping_documents import Expanded, expand
from domain.batch import MAX_OBSERVATIONS, Batch
from domain.consent import Consent, ConsentGate
from domain.fields import FieldType, specs_of
from domain.kinds import Kind
from domain.mapping import DocumentMapping
from domain.observations import OBSERVATION_CLASSES
from domain.quarantine import MAX_BLOCK_BYTES, Quarantined
from tests.intake.mapped import (
    CAR,
    CODEC,
    EVERYTHING,
    NOW_MS,
    UTC,
    a_mapper,
    again,
    documents,
    drive,
    mapping,
)


def expanded(batch: Batch, *mappings: DocumentMapping, gate: ConsentGate = EVERYTHING) -> Expanded:
    by_source = {one.source: one for one in mappings or (mapping(),)}
    return expand(a_mapper(), by_source, gate, CODEC, batch)


def rows(batches: Iterable[Batch]) -> Counter[str]:
    """Every observation, by its kind and all that it says."""
    return Counter(
        f"{batch.kind} {row.decode()}"
        for batch in batches
        for row in CODEC.rows_json([batch.block], -(2**62), 2**62)
    )


def bodies(items: Iterable[Quarantined]) -> list[Any]:
    return [json.loads(body) for item in items for body in CODEC.columns(item.payload)["body"]]


def test_a_document_becomes_what_its_mapping_says() -> None:
    result = expanded(documents(drive(45.0, 46.0), {"type": "battery", "percent": 55}))
    states, fixes = result.batches
    assert CODEC.columns(fixes.block)["lat"] == [45.0, 46.0]
    assert set(CODEC.columns(fixes.block)["source"]) == {"Zoe"}
    assert CODEC.columns(states.block)["battery"] == [0.55]
    assert (fixes.kind, fixes.count, fixes.first_ms) == (Kind.LOCATION, 2, NOW_MS - 60_000)
    assert (fixes.account_id, fixes.device_id, fixes.received_ms) == ("a", "d", NOW_MS)
    assert result.quarantined == ()


def test_observations_are_in_the_order_of_their_time() -> None:
    result = expanded(documents(drive(45.0, at_ms=NOW_MS), drive(46.0, at_ms=NOW_MS - 5_000)))
    (fixes,) = result.batches
    assert CODEC.columns(fixes.block)["lat"] == [46.0, 45.0]
    assert (fixes.first_ms, fixes.last_ms) == (NOW_MS - 5_000, NOW_MS)


def test_documents_without_a_mapping_are_documents_and_no_more() -> None:
    assert expanded(documents(drive(45.0), source="fridge")) == Expanded()
    fix = attrs.evolve(documents(drive(45.0)), kind=Kind.LOCATION)
    assert expanded(fix) == Expanded()


def test_what_no_rule_is_about_stands_in_quarantine_and_what_is_ignored_does_not() -> None:
    result = expanded(documents({"type": "song"}, {"type": "ping"}, {"type": "drive"}))
    assert result.batches == ()
    (item,) = result.quarantined
    assert (item.reason, item.field, item.source) == ("not_mapped", "", "car")
    assert (item.kind, item.account_id, item.device_id) == ("document", "a", "d")
    assert bodies([item]) == [{"type": "song"}, {"type": "drive"}]


def test_a_document_is_understood_as_a_whole_or_not_at_all() -> None:
    torn = drive(45.0, 91.0, 46.0)
    result = expanded(documents(torn, drive(47.0)))
    assert CODEC.columns(result.batches[0].block)["lat"] == [47.0]
    (item,) = result.quarantined
    assert (item.reason, item.field) == ("mapping_failed", "rules[0].fields.lat")
    assert bodies([item]) == [torn]


def test_documents_that_fail_alike_stand_together_and_others_apart() -> None:
    result = expanded(
        documents(
            drive(91.0),
            {"type": "battery", "percent": 101},
            drive(92.0),
            {"type": "drive", "points": 5},
        )
    )
    assert {item.field: len(bodies([item])) for item in result.quarantined} == {
        "rules[0].fields.lat": 2,
        "rules[1].fields.battery": 1,
        "rules[0].each": 1,
    }


def test_entries_are_small_enough_to_be_replayed() -> None:
    long = [{"type": "song", "text": f"{n}" * 30_000} for n in range(9)] * 3
    result = expanded(documents(*long))
    assert len(result.quarantined) > 1
    assert all(len(item.payload) <= MAX_BLOCK_BYTES for item in result.quarantined)
    assert bodies(result.quarantined) == long
    assert len({item.id for item in result.quarantined}) == len(result.quarantined)


def test_what_is_not_consented_to_is_not_made_and_is_counted() -> None:
    tally = PrometheusTally()
    start_ms = NOW_MS - 59_999
    gate = ConsentGate((Consent("c", "a", "p", (Kind.LOCATION,), 0, from_ms=start_ms),), UTC)
    mapper = DocumentMapper(JmespathMappings(), tally)
    batch = documents(drive(45.0, 46.0), {"type": "battery", "percent": 50})
    result = expand(mapper, {"car": mapping()}, gate, CODEC, batch)
    assert [one.kind for one in result.batches] == [Kind.LOCATION]
    assert CODEC.columns(result.batches[0].block)["lat"] == [46.0]
    assert result.quarantined == ()
    text = tally.exposition(0).decode()
    assert 'event="refused_observations",reason="no_consent"} 2.0' in text
    assert 'event="documents",reason="mapped"} 2.0' in text


def test_more_than_a_batch_may_hold_becomes_several_with_names_of_their_own() -> None:
    many = [drive(*[45.0] * 900, at_ms=NOW_MS - 86_400_000 * n) for n in range(7)]
    result = expanded(documents(*many))
    assert [batch.count for batch in result.batches] == [MAX_OBSERVATIONS, 1_300]
    first, second = result.batches
    assert first.last_ms <= second.first_ms
    assert first.identity != second.identity


def test_more_text_than_a_batch_may_hold_becomes_several() -> None:
    rule = {"kind": "web_visit", "fields": {"url": "url"}}
    many = [{"url": f"https://example.org/{n:04}" + "x" * 4_000} for n in range(1_200)]
    result = expanded(documents(*many), mapping(rule))
    assert [batch.count for batch in result.batches] == [600, 600]
    described = CODEC.describe([batch.block for batch in result.batches])
    assert [why for *_, why in described] == ["", ""]
    urls = [url for one in result.batches for url in CODEC.columns(one.block)["url"]]
    assert urls == [one["url"] for one in many]


def test_names_follow_from_the_batch_and_the_mapping() -> None:
    def name(identity: str, source: str = "car") -> str:
        batch = documents(drive(45.0), identity=identity, source=source)
        return expanded(batch, mapping(source=source)).batches[0].identity

    assert name("1") == name("1")
    assert len({name("1"), name("2"), name("1", "van")}) == 3


def test_the_document_has_its_own_time_unless_the_mapping_says_otherwise() -> None:
    batch = documents({"type": "battery", "percent": 5})
    assert expanded(batch).batches[0].first_ms == batch.first_ms


def test_a_mended_mapping_reads_what_stands_in_quarantine_once() -> None:
    batch = documents(drive(45.0), {"type": "battery", "percent": "half"})
    before = expanded(batch)
    mended = [
        *CAR[:1],
        {**CAR[1], "fields": {"battery": {"path": "percent", "values": {"half": 0.5}}}},
    ]
    (item,) = before.quarantined
    after = expanded(again(item), mapping(*mended, version=2))
    assert [one.kind for one in after.batches] == [Kind.DEVICE_STATE]
    assert after.quarantined == ()
    assert after.batches[0].identity != expanded(batch, mapping(*mended)).batches[0].identity


@pytest.mark.parametrize("mappings", [[mapping()], [mapping(source="other")]])
def test_what_fails_again_stands_there_again_under_another_name(
    mappings: Sequence[DocumentMapping],
) -> None:
    (item,) = expanded(documents({"type": "song"})).quarantined
    (once,) = expanded(again(item), *mappings).quarantined
    assert once.id != item.id
    assert once.reason == "not_mapped"
    assert attrs.evolve(once, id=item.id) == item
    assert expanded(again(item), *mappings).quarantined == (once,)
    (twice,) = expanded(again(once), *mappings).quarantined
    assert twice.id not in (item.id, once.id)


def test_a_batch_that_would_take_too_long_is_put_aside_and_tried_in_parts() -> None:
    rule = {"where": " | ".join(["[?@]"] * 12), "kind": "device_state", "fields": {}}
    many = [[1] * 20] * MAX_OBSERVATIONS
    result = expanded(documents(*many), mapping(rule))
    assert {item.field for item in result.quarantined} == {"rules[0].where"}
    made = sum(batch.count for batch in result.batches)
    assert 1_000 < made < MAX_OBSERVATIONS
    assert made + len(bodies(result.quarantined)) == MAX_OBSERVATIONS
    later = [expanded(again(item), mapping(rule)) for item in result.quarantined]
    assert sum(batch.count for one in later for batch in one.batches) == MAX_OBSERVATIONS - made


def test_a_mapping_that_this_version_cannot_read_loses_nothing() -> None:
    later = attrs.evolve(mapping(), definition={"rules": [{"kind": "mood"}]})
    (item,) = expanded(documents(drive(45.0)), later).quarantined
    assert (item.reason, item.field) == ("mapping_failed", "rules")


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8).filter(lambda text: "\0" not in text)
    | st.sampled_from([NOW_MS, NOW_MS / 1000, 45.0, "2026-09-01T00:00:00Z", "sent", "x" * 300]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["a", "b", "c"]), inner)
    ),
    max_leaves=12,
)
_PATHS = st.sampled_from(["a", "b", "c", "@", "a.b", "a[0]", "*", "a || b", "keys(@)", "length(a)"])
_NUMERIC = (FieldType.NUMBER, FieldType.INTEGER)


@st.composite
def _field(draw: Any, numeric: bool) -> Any:
    path = draw(_PATHS)
    form = draw(st.integers(0, 3))
    if form == 0:
        return path
    if form == 1 and numeric:
        return {"path": path, "scale": draw(st.floats(-1e3, 1e3)), "offset": draw(st.floats(-9, 9))}
    return {"path": path, "of": draw(st.sampled_from(["element", "document"]))}


@st.composite
def _rule(draw: Any) -> dict[str, Any]:
    kind = draw(st.sampled_from([kind for kind in Kind if kind is not Kind.DOCUMENT]))
    fields = {
        spec.name: draw(_field(spec.type in _NUMERIC))
        for spec in specs_of(OBSERVATION_CLASSES[kind])
        if spec.required or draw(st.booleans())
    }
    rule: dict[str, Any] = {"kind": kind.value, "fields": fields}
    if draw(st.booleans()):
        rule["where"] = draw(_PATHS)
    if draw(st.booleans()):
        rule["each"] = draw(st.sampled_from(["a", "@", "[@, @]", "*", "a[]"]))
    if draw(st.booleans()):
        rule["time"] = {
            "path": draw(_PATHS),
            "format": draw(st.sampled_from(["rfc3339", "epoch_s", "epoch_ms"])),
        }
    return rule


_BODIES = _JSON.filter(lambda body: body is not None)
_DEFINITIONS = st.lists(_rule(), min_size=1, max_size=4)


def _accounted(batch: Batch, rules: Sequence[Mapping[str, Any]]) -> tuple[Counter[str], list[Any]]:
    result = expanded(batch, mapping(*map(dict, rules)))
    for one in result.batches:
        ((kind, count, first_ms, last_ms, why),) = CODEC.describe([one.block])
        assert (kind, why) == (one.kind, "")
        assert (count, first_ms, last_ms) == (one.count, one.first_ms, one.last_ms)
    found = sorted(json.dumps(body) for body in bodies(result.quarantined))
    return rows(result.batches), found


@settings(max_examples=150, deadline=None)
@given(st.lists(_BODIES, min_size=1, max_size=6), _DEFINITIONS, st.data())
def test_any_document_and_any_mapping_keep_the_bounds_and_batches_do_not_matter(
    some: list[Any], rules: list[dict[str, Any]], data: st.DataObject
) -> None:
    whole = documents(*some)
    made, left = _accounted(whole, rules)
    assert _accounted(whole, rules) == (made, left), "the same batch becomes the same"
    cut = data.draw(st.integers(0, len(some)))
    parts = [documents(*some[:cut], identity="1")] if cut else []
    parts += [documents(*some[cut:], identity="2", first=cut)] if cut < len(some) else []
    halves = [_accounted(part, rules) for part in parts]
    assert sum((rows for rows, _ in halves), Counter()) == made
    assert sorted(body for _, found in halves for body in found) == left


@settings(max_examples=100, deadline=None)
@given(st.lists(_BODIES, min_size=1, max_size=5), _DEFINITIONS)
def test_replaying_changes_nothing_as_long_as_the_mapping_is_the_same(
    some: list[Any], rules: list[dict[str, Any]]
) -> None:
    first = expanded(documents(*some), mapping(*rules))
    second = [expanded(again(item), mapping(*rules)) for item in first.quarantined]
    assert all(one.batches == () for one in second)
    found = [item for one in second for item in one.quarantined]
    assert sorted(map(str, bodies(found))) == sorted(map(str, bodies(first.quarantined)))
