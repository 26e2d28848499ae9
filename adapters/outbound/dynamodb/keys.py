"""The keys of the table.

Of a device one Query gives what begins with `journal#`, and another one the days of a range. The
order of the journal's keys matters: `due` is read before the entries, see `silence.py`.
"""

import zlib

from domain.times import DAY_MS

RING = 64
"""Entries of a journal that exist at most; a version's slot is its remainder."""

STRIDE = 32
"""Entries that are merged at once."""

BASE = "journal#base"
DUE = "journal#due"
JOURNAL = "journal#"
SHARDS = 8
MAX_DAY = 999_999


def device(account_id: str, device_id: str) -> str:
    return f"d#{account_id}#{device_id}"


def owner(partition: str) -> tuple[str, str]:
    """Account and device of a device's partition."""
    _, account_id, device_id = partition.split("#", 2)
    return account_id, device_id


def slot(version: int) -> str:
    return f"journal#ring#{version % RING:02d}"


def day_number(time_ms: int) -> int:
    """UTC days since 1970, within what a key can say."""
    return min(max(time_ms // DAY_MS, 0), MAX_DAY)


def stride(day: int, first: int, part: int) -> str:
    """What a stride has of a day; `first` is its first version."""
    return f"day#{day:06d}#{first:012d}#{part:03d}"


def own(day: int, version: int, nonce: bytes, place: int) -> str:
    """A block that has an item of its own, of one attempt to write a version."""
    return f"day#{day:06d}#{version:012d}#{nonce.hex()}.{place:03d}"


def is_own(sort: str) -> bool:
    return "." in sort


def version_of_day_item(sort: str) -> int:
    return int(sort.split("#")[2])


def day_of_item(sort: str) -> int:
    return int(sort.split("#")[1])


def days(from_ms: int, to_ms: int) -> tuple[str, str]:
    """First and last key of the days that [from_ms, to_ms) touches."""
    return f"day#{day_number(from_ms):06d}", f"day#{day_number(to_ms - 1):06d}#~"


def marker(day: int, merged: int) -> str:
    """That a stride up to version `merged` has something of a day that was closed."""
    return f"touched#{day:06d}#{merged:012d}"


def markers(from_ms: int, to_ms: int) -> tuple[str, str]:
    """First and last key of the markers of the days that [from_ms, to_ms) touches."""
    return f"touched#{day_number(from_ms):06d}", f"touched#{day_number(to_ms - 1):06d}#~"


def of_marker(sort: str) -> tuple[int, int]:
    """Day and version."""
    _, day, merged = sort.split("#")
    return int(day), int(merged)


def seen_page(enrolment: int, page: int) -> str:
    return f"seen#{enrolment}#{page}"


def seen_day(day: int, version: int, part: int) -> str:
    return f"content#{day:06d}#{version:012d}#{part:03d}"


def seen_day_prefix(day: int) -> str:
    return f"content#{day:06d}#"


def shard(partition: str) -> str:
    """Under which of the lists of due devices this one stands."""
    return f"due#{zlib.crc32(partition.encode()) % SHARDS}"


SHARD_NAMES = tuple(f"due#{number}" for number in range(SHARDS))


def alerts(account_id: str) -> str:
    return f"a#{account_id}"


def alerts_by_state(account_id: str, state: str) -> str:
    return f"a#{account_id}#{state}"


def summaries(account_id: str, person_id: str) -> str:
    return f"s#{account_id}#{person_id}"


def quarantine(account_id: str) -> str:
    return f"q#{account_id}"


def quarantine_of_device(account_id: str, device_id: str) -> str:
    return f"q#{account_id}#{device_id}"
