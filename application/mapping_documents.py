"""Documents become observations: by the account's mappings, within bounds and consent.

A document is understood as a whole or not at all. So what stands in quarantine has had no effect
yet, and when its mapping is mended it is read again without anything being there twice.
"""

import hashlib
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

import attrs

from application.document_mapper import DocumentMapper
from application.mapped_rows import MappedRow, encoded_rows
from application.ports.block_codec import BlockCodec, Encoded
from application.trimming import consented
from application.unmapped_documents import Unread, entries_of, is_read_again
from domain.batch import Batch
from domain.consent import ConsentGate
from domain.kinds import Kind
from domain.mapping import DocumentMapping, Unmapped
from domain.mapping_expression import Effort
from domain.mapping_making import Fault
from domain.observations import MAX_TIME_AHEAD_MS
from domain.quarantine import Quarantined
from domain.refusals import Reason

MAX_STEPS = 2_000_000
"""For all documents of a batch: some seconds at worst. What is left when they are spent is put in
quarantine, from where they are tried in smaller numbers.
"""

_Key = tuple[str, Kind]
"""The id of a mapping and what it makes."""


@attrs.frozen
class Expanded:
    """Batches of typed kinds, and what did not map."""

    batches: Sequence[Batch] = ()
    quarantined: Sequence[Quarantined] = ()


NOTHING = Expanded()
UTC = ZoneInfo("UTC")


def expand(
    mapper: DocumentMapper,
    mappings: Mapping[str, DocumentMapping],
    gate: ConsentGate,
    codec: BlockCodec,
    batch: Batch,
) -> Expanded:
    """What the documents of a batch become; nothing of batches of other kinds.

    `mappings` are the enabled ones by source. A document without one stays a document. The same
    batch becomes the same again, as long as its mappings and the consent are the same.
    """
    if batch.kind is not Kind.DOCUMENT or not (mappings or is_read_again(batch)):
        return NOTHING
    reading = _Reading(mapper, mappings, codec, batch)
    reading.run()
    blocks = reading.encoded()
    batches: list[Batch] = []
    for (mapping_id, kind), some in blocks.items():
        for part, encoded in enumerate(some):
            kept = consented(codec, encoded, kind, gate)
            if kept.count < encoded.count:
                without = encoded.count - kept.count
                mapper.tally.count("refused_observations", Reason.NO_CONSENT, without)
            if kept.count:
                batches.append(_batch(batch, mapping_id, kind, part, kept))
    reading.count()
    return Expanded(tuple(batches), entries_of(codec, batch, reading.unread))


@attrs.frozen
class DocumentReader:
    """The mappings of an account, by source, as they read the documents of one person's devices.

    `gate` may be None where there are no mappings.
    """

    mapper: DocumentMapper
    mappings: Mapping[str, DocumentMapping]
    gate: ConsentGate | None

    def expand(self, codec: BlockCodec, batch: Batch) -> Expanded:
        gate = self.gate or ConsentGate((), UTC)
        return expand(self.mapper, self.mappings, gate, codec, batch)


@attrs.define
class _Reading:
    """The documents of one batch."""

    mapper: DocumentMapper
    mappings: Mapping[str, DocumentMapping]
    codec: BlockCodec
    batch: Batch
    asked: int = 0
    left: int = MAX_STEPS
    rows: dict[_Key, list[MappedRow]] = attrs.field(factory=dict)
    unread: dict[int, Unread] = attrs.field(factory=dict)
    sources: Sequence[str] = ()

    @property
    def latest_ms(self) -> int:
        return self.batch.received_ms + MAX_TIME_AHEAD_MS

    def run(self) -> None:
        columns = self.codec.columns(self.batch.block)
        self.sources = columns["source"]
        again = is_read_again(self.batch)
        documents = zip(columns["time_ms"], self.sources, columns["body"], strict=True)
        for position, (time_ms, source, body) in enumerate(documents):
            mapping = self.mappings.get(source)
            if mapping is not None:
                self.asked += 1
                self._read(position, mapping, time_ms, body)
            elif again:
                self.asked += 1
                self.unread[position] = Unread(Unmapped.NOT_MAPPED, source)

    def encoded(self) -> dict[_Key, list[Encoded]]:
        """Without documents of which anything is refused: the others are encoded again."""
        while True:
            blocks: dict[_Key, list[Encoded]] = {}
            refused: dict[int, Fault] = {}
            for key in sorted(self.rows):
                rows = [row for row in self.rows[key] if row.position not in self.unread]
                blocks[key], faults = encoded_rows(self.codec, key[1], rows, self.latest_ms)
                refused = {**faults, **refused}
            if not refused:
                return blocks
            for position, fault in refused.items():
                self._failed(position, fault)

    def count(self) -> None:
        """What became of the documents that a mapping was asked about."""
        self.mapper.tally.count("documents", "mapped", self.asked - len(self.unread))
        for why in self.unread.values():
            self.mapper.tally.count("documents", why.reason.value)

    def _read(self, position: int, mapping: DocumentMapping, time_ms: int, body: str) -> None:
        effort = Effort.for_document(len(body))
        effort.left = before = min(effort.left, self.left)
        made = self.mapper.made(mapping, body, time_ms, self.latest_ms, effort)
        self.left -= before - max(effort.left, 0)
        if made.faults:
            self._failed(position, made.faults[0])
        elif not made.understood:
            self.unread[position] = Unread(Unmapped.NOT_MAPPED, mapping.source)
        else:
            for one in made.observed:
                row = MappedRow(position, one.rule, one.row, one.element)
                self.rows.setdefault((mapping.id, one.kind), []).append(row)

    def _failed(self, position: int, fault: Fault) -> None:
        source = self.sources[position]
        self.unread[position] = Unread(Unmapped.MAPPING_FAILED, source, fault.field)


def _batch(parent: Batch, mapping_id: str, kind: Kind, part: int, encoded: Encoded) -> Batch:
    """Its identity follows from the documents' batch, so that it has its effects once."""
    name = f"{parent.identity}/{mapping_id}/{part}".encode()
    return Batch(
        account_id=parent.account_id,
        device_id=parent.device_id,
        kind=kind,
        identity="~" + hashlib.blake2b(name, digest_size=12).hexdigest(),
        block=encoded.block,
        count=encoded.count,
        first_ms=encoded.first_ms,
        last_ms=encoded.last_ms,
        received_ms=parent.received_ms,
    )
