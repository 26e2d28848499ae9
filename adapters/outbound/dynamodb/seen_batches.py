"""Which batches had their effects: pages that are written when a stride is merged.

Of numbered batches a page has a bit for each of 1,024 numbers of an enrolment, by kind. Batches
that are known by content stand in lists by the day of their first observation, one list a stride.
Neither ever expires: a batch that is sent again after years has no effects again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from adapters.outbound.dynamodb import keys
from adapters.outbound.dynamodb.batch_marks import Mark, identity_bytes
from adapters.outbound.dynamodb.client import DynamoClient
from adapters.outbound.dynamodb.faults import ConditionFailed
from adapters.outbound.dynamodb.items import Item, Use, binary, integer, key, number, text
from adapters.outbound.dynamodb.kind_codes import CODES

PAGE = 1_024
_LIST = 10_000
"""Identities of one item: they take some 15 bytes each."""


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder().decode

PageName = tuple[int, int]
"""Enrolment, and number // PAGE."""

Bits = dict[int, int]
"""By the code of a kind: an integer whose bit n stands for the n-th number of the page."""


def page_of(mark: Mark) -> PageName | None:
    numbered = mark.sequence
    return (numbered[0], numbered[1] // PAGE) if numbered else None


def has(bits: Bits, mark: Mark) -> bool:
    numbered = mark.sequence
    return numbered is not None and bool(bits.get(CODES[mark.kind], 0) >> (numbered[1] % PAGE) & 1)


def bits_of(marks: Iterable[Mark]) -> dict[PageName, Bits]:
    """The pages of numbered batches with their bits alone."""
    pages: dict[PageName, Bits] = {}
    for mark in marks:
        numbered = mark.sequence
        if numbered is not None:
            page = pages.setdefault((numbered[0], numbered[1] // PAGE), {})
            code = CODES[mark.kind]
            page[code] = page.get(code, 0) | 1 << (numbered[1] % PAGE)
    return pages


class SeenBatches:
    """The pages of all devices, as they are read and written."""

    def __init__(self, client: DynamoClient) -> None:
        self._client = client

    async def page(self, use: Use, partition: str, name: PageName) -> tuple[int, Bits]:
        """The page, and the version up to which it is complete."""
        item = await self._client.get(use, key(partition, keys.seen_page(*name)))
        if item is None:
            return 0, {}
        stored: dict[int, bytes] = _decode(item["b"]["B"])
        bits = {code: int.from_bytes(raw, "little") for code, raw in stored.items()}
        return integer(item, "m"), bits

    async def day(self, use: Use, partition: str, day: int) -> frozenset[tuple[int, bytes]]:
        """Code of the kind and identity of each batch by content that begins on this day."""
        request = {
            "KeyConditionExpression": "pk = :pk AND begins_with(sk, :day)",
            "ExpressionAttributeValues": {
                ":pk": text(partition),
                ":day": text(keys.seen_day_prefix(day)),
            },
            "ConsistentRead": True,
        }
        found: set[tuple[int, bytes]] = set()
        async for items in self._client.pages(use, request):
            for item in items:
                stored: Mapping[int, Sequence[bytes]] = _decode(item["b"]["B"])
                found.update((code, one) for code, some in stored.items() for one in some)
        return frozenset(found)

    async def add_stride(self, partition: str, merged: int, marks: Sequence[Mark]) -> None:
        """Write down the batches of the versions `merged` + 1 to `merged` + STRIDE; whoever does
        it again, or at the same time, writes the same.
        """
        for name, bits in bits_of(marks).items():
            await self._add(partition, name, bits, merged)
        puts = [{"PutRequest": {"Item": item}} for item in _lists(partition, merged + 1, marks)]
        await self._client.write_many("merge", puts)

    async def _add(self, partition: str, name: PageName, bits: Bits, merged: int) -> None:
        through, before = await self.page("merge", partition, name)
        if through > merged:
            return
        union = {code: before.get(code, 0) | bits.get(code, 0) for code in {**before, **bits}}
        item = key(partition, keys.seen_page(*name))
        item["m"] = number(merged + keys.STRIDE)
        item["b"] = binary(_encode({code: _little(one) for code, one in sorted(union.items())}))
        try:
            await self._client.put(
                "merge", item, "attribute_not_exists(m) OR m <= :m", {":m": number(merged)}
            )
        except ConditionFailed:
            # Another one has merged the same stride, with the same result, or later ones too.
            return


def content_key(mark: Mark) -> tuple[int, bytes]:
    return CODES[mark.kind], identity_bytes(mark.identity)


def _lists(partition: str, first_version: int, marks: Iterable[Mark]) -> Iterator[Item]:
    days: dict[int, list[tuple[int, bytes]]] = {}
    for mark in marks:
        if mark.sequence is None:
            days.setdefault(keys.day_number(mark.first_ms), []).append(content_key(mark))
    for day, known in days.items():
        for part, start in enumerate(range(0, len(known), _LIST)):
            by_kind: dict[int, list[bytes]] = {}
            for code, identity in known[start : start + _LIST]:
                by_kind.setdefault(code, []).append(identity)
            item = key(partition, keys.seen_day(day, first_version, part))
            item["b"] = binary(_encode(by_kind))
            yield item


def _little(bits: int) -> bytes:
    """Without the zeros at the end."""
    return bits.to_bytes((bits.bit_length() + 7) // 8, "little")
