"""Items as DynamoDB writes them: each value says its type."""

from typing import Any, Literal

Value = dict[str, Any]
Item = dict[str, Value]

Use = Literal[
    "alerts",
    "applied",
    "apply",
    "histories",
    "merge",
    "quarantine",
    "read_day",
    "schema",
    "silence",
    "summaries",
    "tries",
]
"""What a call is for: capacity is counted by it."""

MAX_ITEM_BYTES = 350_000
"""DynamoDB takes 400 KB, keys and names included."""


def text(value: str) -> Value:
    return {"S": value}


def number(value: int) -> Value:
    return {"N": str(value)}


def binary(value: bytes) -> Value:
    return {"B": value}


def key(partition: str, sort: str) -> Item:
    return {"pk": {"S": partition}, "sk": {"S": sort}}


def integer(item: Item, name: str) -> int:
    """0 where the item has no such number."""
    return int(item[name]["N"]) if name in item else 0


def size_of(item: Item) -> int:
    """Bytes, about as DynamoDB counts them for keys, texts, numbers and binaries."""
    return sum(
        len(name) + sum(len(value) for value in typed.values()) for name, typed in item.items()
    )
