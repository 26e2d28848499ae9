"""Whether batches had their effects: mostly the record knows, else pages are looked up."""

from collections.abc import Sequence

from adapters.outbound.dynamodb import keys
from adapters.outbound.dynamodb.batch_marks import Mark, certainly_new
from adapters.outbound.dynamodb.client import DynamoClient
from adapters.outbound.dynamodb.device_record import DeviceRecord
from adapters.outbound.dynamodb.items import Use
from adapters.outbound.dynamodb.seen_batches import (
    Bits,
    PageName,
    SeenBatches,
    content_key,
    has,
    page_of,
)

_REMEMBERED = 2_000

_Found = Bits | frozenset[tuple[int, bytes]]


class AppliedBatches:
    """Looks into the journal, then into what was merged. Pages are remembered by the version up
    to which the record is merged: what is merged later is in the record itself until then.
    """

    def __init__(self, client: DynamoClient) -> None:
        self._seen = SeenBatches(client)
        self._pages: dict[tuple[str, int, PageName | int], _Found] = {}

    async def applied(
        self, use: Use, record: DeviceRecord, marks: Sequence[Mark], *, days_known: bool = True
    ) -> list[bool]:
        """Without `days_known` the times of batches by content are not: those that are merged
        are then taken for new.
        """
        return [
            not certainly_new(record.marks, mark)
            and (_in_journal(record, mark) or await self._merged(use, record, mark, days_known))
            for mark in marks
        ]

    async def _merged(self, use: Use, record: DeviceRecord, mark: Mark, days_known: bool) -> bool:
        if record.merged == 0:
            return False
        page = page_of(mark)
        if page is not None:
            bits = await self._page(use, record, page)
            return has(bits, mark)
        return days_known and content_key(mark) in await self._day(use, record, mark)

    async def _page(self, use: Use, record: DeviceRecord, name: PageName) -> Bits:
        place = (record.partition, record.merged, name)
        known = self._pages.get(place)
        if isinstance(known, dict):
            return known
        _, bits = await self._seen.page(use, record.partition, name)
        self._remember(place, bits)
        return bits

    async def _day(
        self, use: Use, record: DeviceRecord, mark: Mark
    ) -> frozenset[tuple[int, bytes]]:
        day = keys.day_number(mark.first_ms)
        place = (record.partition, record.merged, day)
        known = self._pages.get(place)
        if isinstance(known, frozenset):
            return known
        found = await self._seen.day(use, record.partition, day)
        self._remember(place, found)
        return found

    def _remember(self, place: tuple[str, int, PageName | int], found: _Found) -> None:
        if len(self._pages) >= _REMEMBERED:
            del self._pages[next(iter(self._pages))]
        self._pages[place] = found


def _in_journal(record: DeviceRecord, mark: Mark) -> bool:
    return any(
        one.kind is mark.kind and one.identity == mark.identity
        for entry in record.unmerged
        for one in entry.marks
    )
