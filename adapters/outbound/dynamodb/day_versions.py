"""The version of what a device's days hold: the device's own, in which they last got something."""

from adapters.outbound.dynamodb import keys
from adapters.outbound.dynamodb.client import DynamoClient
from adapters.outbound.dynamodb.day_items import Expiry
from adapters.outbound.dynamodb.items import text
from adapters.outbound.dynamodb.journal import Journal, read_journal
from application.ports.clock import Clock
from domain.times import DAY_MS


async def day_versions(
    client: DynamoClient, clock: Clock, account_id: str, device_id: str, from_ms: int, to_ms: int
) -> dict[int, str]:
    """As `BlockStore.versions` says.

    The markers are read after the journal: those of a stride that is merged in between are of
    days that entries in the journal are of, and these say more.
    """
    journal = await read_journal(client, "read_day", account_id, device_id, with_blocks=False)
    now_ms = clock.now_ms()
    marked = await _marked(client, journal, from_ms, to_ms, now_ms)
    unmerged = {
        keys.day_number(block.day_ms): entry.version
        for entry in journal.entries
        for block in entry.blocks
    }
    closed, expiry = journal.closed, Expiry(client.settings.retention_days)
    found = {}
    for day in range(keys.day_number(from_ms), keys.day_number(to_ms - 1) + 1):
        if expiry.expired(day, now_ms) or (day < closed.oldest and day not in unmerged):
            continue
        if day in unmerged:
            version = str(unmerged[day])
        elif day >= closed.newest:
            version = str(journal.base.merged)
        elif day in marked:
            version = str(marked[day])
        else:
            version = f"as closed since {closed.since}"
        found[day * DAY_MS] = version
    return found


async def _marked(
    client: DynamoClient, journal: Journal, from_ms: int, to_ms: int, now_ms: int
) -> dict[int, int]:
    """The last versions that markers of the days name."""
    first, last = keys.markers(from_ms, to_ms)
    if first > last or not journal.base.merged:
        return {}
    request = {
        "KeyConditionExpression": "pk = :pk AND sk BETWEEN :first AND :last",
        "ExpressionAttributeValues": {
            ":pk": text(journal.base.partition),
            ":first": text(first),
            ":last": text(last),
        },
        "ProjectionExpression": "sk",
        "ConsistentRead": not journal.settled(now_ms),
    }
    items = await client.query("read_day", request)
    # In the order of their keys: of a day the last one comes last.
    return dict(keys.of_marker(item["sk"]["S"]) for item in items)
