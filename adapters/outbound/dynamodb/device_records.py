"""The records of the devices that this process has to do with, in memory."""

from collections.abc import Sequence
from functools import partial

from adapters.outbound.dynamodb import keys
from adapters.outbound.dynamodb.at_once import each
from adapters.outbound.dynamodb.client import DynamoClient
from adapters.outbound.dynamodb.device_record import DeviceRecord
from adapters.outbound.dynamodb.items import Use
from adapters.outbound.dynamodb.journal import read_journal

REMEMBERED = 20_000


class DeviceRecords:
    """A record in memory may be old: another process writes too. That is found by the condition
    of the next write, and then the record is forgotten. `ripe` are devices of which a stride
    waits to be merged.
    """

    def __init__(self, client: DynamoClient, *, remembers: bool) -> None:
        self._client = client
        self._remembers = remembers
        self._known: dict[str, DeviceRecord] = {}
        self._ripe: dict[str, None] = {}

    async def get(self, use: Use, account_id: str, device_id: str) -> DeviceRecord:
        """As remembered, or as read."""
        partition = keys.device(account_id, device_id)
        known = self._known.pop(partition, None)
        if known is not None:
            # What is used moves to the end: the front is what is forgotten first.
            self._known[partition] = known
            return known
        journal = await read_journal(self._client, use, account_id, device_id, with_blocks=False)
        record = journal.record
        self.put(record)
        return record

    async def get_many(self, use: Use, devices: Sequence[tuple[str, str]]) -> list[DeviceRecord]:
        """In order."""
        known = [self._known.get(keys.device(*device)) for device in devices]
        if all(known):
            return [record for record in known if record is not None]
        return await each([partial(self.get, use, *device) for device in devices])

    def put(self, record: DeviceRecord) -> None:
        if not self._remembers:
            return
        partition = record.partition
        self._known.pop(partition, None)
        if len(self._known) >= REMEMBERED:
            del self._known[next(iter(self._known))]
        self._known[partition] = record
        if record.ripe and len(self._ripe) < REMEMBERED:
            self._ripe[partition] = None

    def stride_merged(self, partition: str, merged: int, at_ms: int) -> None:
        """The stride after version `merged` is in the base now."""
        known = self._known.get(partition)
        if known is None or known.merged != merged or not known.ripe:
            self.forget(partition)
        else:
            self.put(known.without_stride(at_ms))

    def forget(self, partition: str) -> None:
        self._known.pop(partition, None)

    def next_ripe(self) -> tuple[str, str] | None:
        """Account and device of one of which a stride waits; it is not named again by itself."""
        if not self._ripe:
            return None
        partition = next(iter(self._ripe))
        del self._ripe[partition]
        return keys.owner(partition)
