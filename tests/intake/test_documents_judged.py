"""What documents become is judged and stored with them, under the mark of their batch."""

import attrs

from application.device_directory import DeviceBriefing
from application.giving_up import given_up
from application.judging import judge_batches
from application.mapping_documents import DocumentReader
from application.ports.device_ledger import Effects
from application.unmapped_documents import identity_of_replay
from domain.batch import Batch
from domain.device_history import DeviceHistory
from domain.kinds import Kind
from domain.mapping import DocumentMapping
from domain.rules.condition import BatteryBelow
from domain.rules.rule import Rule, Scope
from tests.intake.mapped import (
    CODEC,
    EVERYTHING,
    NOW_MS,
    a_mapper,
    again,
    documents,
    drive,
    mapping,
)
from tests.intake.test_storing import briefing

EMPTY = Rule("rule", "account", "nearly empty", Scope(), BatteryBelow(0.15), 0)


def reading(*mappings: DocumentMapping) -> DeviceBriefing:
    gate = EVERYTHING if mappings else None
    reader = DocumentReader(a_mapper(), {one.source: one for one in mappings}, gate)
    return attrs.evolve(briefing(EMPTY), reader=reader)


def judged(brief: DeviceBriefing, *batches: Batch) -> Effects:
    return judge_batches(CODEC, brief, DeviceHistory("device", "account"), batches, NOW_MS)


def battery(percent: object) -> dict[str, object]:
    return {"type": "battery", "percent": percent}


def test_all_is_done_under_the_documents_own_batch() -> None:
    batch = documents(battery(50), battery(10), drive(45.0))
    effects = judged(reading(mapping()), batch)
    assert effects.batches == (batch,)
    assert {block.kind: block.count for block in effects.blocks} == {
        Kind.DOCUMENT: 3,
        Kind.DEVICE_STATE: 2,
        Kind.LOCATION: 1,
    }
    assert [one.kind for one in effects.derived] == [Kind.DEVICE_STATE, Kind.LOCATION]
    assert [alert.value for alert in effects.alerts] == [0.1]
    assert effects.history.latest[Kind.DEVICE_STATE]["battery"] == 0.1
    assert effects.history.latest[Kind.LOCATION]["lat"] == 45.0
    assert judged(reading(mapping()), batch).blocks == effects.blocks


def test_what_did_not_map_stands_in_quarantine_and_is_stored_as_a_document() -> None:
    effects = judged(reading(mapping()), documents(battery("half"), battery(50)))
    assert [item.reason for item in effects.quarantined] == ["mapping_failed"]
    assert {block.kind: block.count for block in effects.blocks} == {
        Kind.DOCUMENT: 2,
        Kind.DEVICE_STATE: 1,
    }


def test_what_is_read_again_is_not_stored_as_a_document_again() -> None:
    (item,) = judged(reading(mapping()), documents(battery("half"))).quarantined
    failed = judged(reading(mapping()), again(item))
    assert failed.blocks == ()
    assert [one.reason for one in failed.quarantined] == ["mapping_failed"]
    assert failed.history.latest == {}
    words = {"path": "percent", "values": {"half": 0.5}}
    rule = {"kind": "device_state", "fields": {"battery": words}}
    mended = judged(reading(mapping(rule, version=2)), again(item))
    assert [block.kind for block in mended.blocks] == [Kind.DEVICE_STATE]
    assert mended.quarantined == ()


def test_what_is_read_again_without_a_mapping_is_not_lost() -> None:
    (item,) = judged(reading(mapping()), documents(battery("half"))).quarantined
    (once_more,) = judged(reading(), again(item)).quarantined
    assert once_more.reason == "not_mapped"
    assert once_more.payload == item.payload


def test_what_is_read_again_and_cannot_be_processed_goes_back_as_it_came() -> None:
    (item,) = judged(reading(mapping()), documents(battery("half"))).quarantined
    (back,) = given_up([again(item)])
    assert (back.reason, back.kind, back.payload) == ("mapping_failed", "document", item.payload)
    assert identity_of_replay(back).startswith("~=")
    (other,) = given_up([documents(battery("half"))])
    assert other.reason == "gave_up"
    assert identity_of_replay(other) == f"~{other.id}"
