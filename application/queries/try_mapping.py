"""What a mapping would make of some documents, before it is saved."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

import attrs

from application.actor import Actor
from application.document_mapper import DocumentMapper, made_of
from application.faults import Invalid, NotFound
from application.mapped_rows import MappedRow, encoded_rows
from application.mapping_drafts import RawDefinition, read_draft
from application.ports.block_codec import BlockCodec
from application.ports.block_store import BlockStore
from application.ports.clock import Clock
from application.ports.configuration import Configuration
from application.ports.quarantine_shelf import QuarantineShelf
from domain.kinds import Kind
from domain.mapping_definition import MappingDefinition
from domain.mapping_expression import Effort
from domain.mapping_making import Fault
from domain.observations import MAX_TIME_AHEAD_MS
from domain.refusals import FieldError
from domain.times import DAY_MS

MAX_LATEST = 20
MAX_DOCUMENTS = 20
"""Of an entry in quarantine."""

MAX_SHOWN = 100
"""Observations of one document that are shown."""

MAX_BODY = 65_536
_LOOK_BACK_DAYS = (1, 7, 30)


@attrs.frozen
class Sample:
    """Exactly one of: the JSON of a `body`, the id of a quarantined `entry`, a `device` whose
    `latest` documents are taken, those of the `source` where one is given.
    """

    body: str | None = None
    entry: str | None = None
    device: str | None = None
    latest: int = 5
    source: str | None = None


@attrs.frozen
class TriedDocument:
    time_ms: int
    source: str
    body: str


@attrs.frozen
class Tried:
    """What became of a document. With faults nothing of it would be kept; `observations`, the
    first of `count`, are those that could be made all the same.
    """

    document: TriedDocument
    understood: bool
    observations: Sequence[dict[str, Any]]
    count: int
    faults: Sequence[Fault]


@attrs.frozen
class TryMapping:
    configuration: Configuration
    blocks: BlockStore
    shelf: QuarantineShelf
    codec: BlockCodec
    mapper: DocumentMapper
    clock: Clock

    async def __call__(
        self, actor: Actor, definition: RawDefinition, sample: Sample
    ) -> list[Tried]:
        """Nothing is kept. Raises Invalid, and NotFound for what the sample names."""
        actor.must_change()
        read = read_draft(self.mapper, definition).definition
        documents = await self._documents(actor.account_id, sample)
        return [self._tried(read, document) for document in documents]

    async def _documents(self, account_id: str, sample: Sample) -> Sequence[TriedDocument]:
        if sample.body is not None:
            if len(sample.body.encode("utf-8", "replace")) > MAX_BODY:
                reason = f"may have {MAX_BODY} bytes at most"
                raise Invalid.of([FieldError("sample.document", reason)])
            return [TriedDocument(self.clock.now_ms(), sample.source or "", sample.body)]
        if sample.entry is not None:
            item = await self.shelf.get(account_id, sample.entry)
            if item is None or item.kind != Kind.DOCUMENT:
                raise NotFound("there is no such entry of documents")
            return _documents_of(self.codec, [item.payload], None)[:MAX_DOCUMENTS]
        return await self._latest(account_id, sample)

    async def _latest(self, account_id: str, sample: Sample) -> Sequence[TriedDocument]:
        device_id = sample.device or ""
        async with self.configuration.reading() as tx:
            if await tx.devices.get(account_id, device_id) is None:
                raise NotFound("there is no such device")
        end_ms = self.clock.now_ms() + MAX_TIME_AHEAD_MS
        found: list[TriedDocument] = []
        for days in _LOOK_BACK_DAYS:
            start_ms = end_ms - MAX_TIME_AHEAD_MS - days * DAY_MS
            blocks = await self.blocks.blocks(
                account_id, device_id, Kind.DOCUMENT, start_ms, end_ms
            )
            found = _documents_of(self.codec, blocks, sample.source)
            if len(found) >= sample.latest:
                break
        return found[-sample.latest :]

    def _tried(self, definition: MappingDefinition, document: TriedDocument) -> Tried:
        latest_ms = self.clock.now_ms() + MAX_TIME_AHEAD_MS
        effort = Effort.for_document(len(document.body))
        made = made_of(definition, document.body, document.time_ms, latest_ms, effort)
        rows: dict[Kind, list[MappedRow]] = {}
        for place, one in enumerate(made.observed):
            # Each stands for itself here, so that what the codec refuses is told of each.
            row = MappedRow(place, one.rule, one.row, one.element)
            rows.setdefault(one.kind, []).append(row)
        observations: list[dict[str, Any]] = []
        faults = list(made.faults)
        for kind, some in rows.items():
            blocks, refused = encoded_rows(self.codec, kind, some, latest_ms)
            faults += refused.values()
            kept = [one.block for one in blocks if one.count]
            observations += [{"kind": kind.value, **row} for row in _rows(self.codec, kept)]
        observations.sort(key=lambda one: str(one["time"]))
        count = len(observations)
        return Tried(document, made.understood, observations[:MAX_SHOWN], count, faults)


def _documents_of(
    codec: BlockCodec, blocks: Sequence[bytes], source: str | None
) -> list[TriedDocument]:
    columns = codec.merged_columns(blocks, -(2**62), 2**62)
    rows: Iterable[tuple[int, str, str]] = zip(
        columns["time_ms"], columns.get("source", ()), columns.get("body", ()), strict=False
    )
    return [TriedDocument(*row) for row in rows if source is None or row[1] == source]


def _rows(codec: BlockCodec, blocks: Sequence[bytes]) -> list[dict[str, Any]]:
    return [json.loads(row) for row in codec.rows_json(blocks, -(2**62), 2**62)]
