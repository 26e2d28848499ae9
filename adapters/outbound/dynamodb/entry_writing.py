"""Writing an entry: by itself, or in one transaction with what else the effects do."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import attrs

from adapters.outbound.dynamodb import keys
from adapters.outbound.dynamodb.alert_items import cleared_update, raised_update
from adapters.outbound.dynamodb.at_once import each
from adapters.outbound.dynamodb.client import DynamoClient
from adapters.outbound.dynamodb.day_items import Expiry, own_item
from adapters.outbound.dynamodb.device_record import DeviceRecord
from adapters.outbound.dynamodb.faults import ConditionFailed
from adapters.outbound.dynamodb.items import Item, integer, key, number
from adapters.outbound.dynamodb.journal_entry import HeldBlock, JournalEntry, item_of
from adapters.outbound.dynamodb.quarantine_items import quarantined_update
from adapters.outbound.dynamodb.silence import due_item
from application.ports.device_ledger import Effects
from domain.alert import alert_id

_MAX_ACTIONS = 90
"""DynamoDB takes 100 in a transaction, and 4 MB; the entry and the due item are two of them."""

_MAX_BYTES = 3_000_000

Action = dict[str, Any]


@attrs.frozen
class EntryWriter:
    client: DynamoClient

    async def write(self, record: DeviceRecord, entry: JournalEntry, effects: Effects) -> bool:
        """False, and nothing to be seen, where the version is taken. The record is at the version
        before, and its ring has room.
        """
        own = [block for block in entry.blocks if block.own]
        if own:
            await self._put_own(record.partition, own)
        item = item_of(record.partition, entry)
        condition, values = _free(entry.version)
        others = _others(effects)
        due = due_item(record.history, effects.history)
        if not others and due is None:
            written: bool | None = await self._put(item, entry.version, condition, values)
        else:
            put: Action = {"Item": item, "ConditionExpression": condition}
            if values:
                put["ExpressionAttributeValues"] = values
            writes: list[Action] = [{"Put": put}, *([{"Put": {"Item": due}}] if due else [])]
            written = await self._transact(writes, others, entry.nonce.hex())
        if written is False and own:
            deletes = [
                {"DeleteRequest": {"Key": key(record.partition, block.own)}} for block in own
            ]
            await self.client.write_many("apply", deletes)
        return bool(written)

    async def _put_own(self, partition: str, blocks: Sequence[HeldBlock]) -> None:
        expiry = Expiry(self.client.settings.retention_days)
        items = [own_item(partition, block, expiry) for block in blocks]
        if len(items) == 1:
            await self.client.put("apply", items[0])
        else:
            await self.client.write_many("apply", [{"PutRequest": {"Item": i}} for i in items])

    async def _put(
        self, item: Item, version: int, condition: str, values: Item | None
    ) -> bool | None:
        """None where the slot has gone round since: a call that was repeated, because its answer
        was lost, may have written the version after all. Then its blocks must stay.
        """
        try:
            await self.client.put("apply", item, condition, values)
        except ConditionFailed as failed:
            if integer(failed.item, "v") > version:
                return None
            # A call that was repeated may find what it wrote itself.
            return failed.item.get("e") == item["e"]
        return True

    async def _transact(
        self, writes: Sequence[Action], others: Sequence[tuple[Action, int]], token: str
    ) -> bool:
        """What is beyond a transaction is written before it. Alerts and quarantine have ids of
        their own: written again they stay as they are, so that is only too early, never twice.
        """
        together, before = _bounded(others)
        await each([partial(self._alone, action) for action in before])
        try:
            await self.client.transact("apply", [*writes, *together], token)
        except ConditionFailed:
            return False
        return True

    async def _alone(self, action: Action) -> None:
        await self.client.update("apply", action["Update"])


def _free(version: int) -> tuple[str, Item | None]:
    """The slot of the version holds the one of a round before, which was merged."""
    if version <= keys.RING:
        return "attribute_not_exists(pk)", None
    return "v = :before", {":before": number(version - keys.RING)}


def _others(effects: Effects) -> list[tuple[Action, int]]:
    """Alerts, cleared alerts and quarantine as updates, each item once; with their bytes."""
    if not (effects.alerts or effects.cleared or effects.quarantined):
        return []
    history = effects.history
    cleared_ms = {
        alert_id(one.rule_id, history.device_id, one.raised_ms, one.remaining_s): one.at_ms
        for one in effects.cleared
    }
    actions: dict[str, tuple[Action, int]] = {}
    for alert in effects.alerts:
        if alert.id not in actions:
            actions[alert.id] = (
                {"Update": raised_update(alert, cleared_ms.pop(alert.id, None))},
                2_000,
            )
    for ident, at_ms in cleared_ms.items():
        actions.setdefault(
            ident, ({"Update": cleared_update(history.account_id, ident, at_ms)}, 200)
        )
    for item in effects.quarantined:
        actions.setdefault(
            f"q#{item.id}", ({"Update": quarantined_update(item)}, len(item.payload) + 500)
        )
    return list(actions.values())


def _bounded(others: Sequence[tuple[Action, int]]) -> tuple[list[Action], list[Action]]:
    """What fits into one transaction, and what does not."""
    together: list[Action] = []
    before: list[Action] = []
    total = 0
    for action, size in others:
        total += size
        fits = len(together) < _MAX_ACTIONS and total <= _MAX_BYTES
        (together if fits else before).append(action)
    return together, before
