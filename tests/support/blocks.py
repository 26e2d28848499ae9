"""Batches as an agent sends them that encodes them itself."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import fieldpost_native as native

from tests.support.http_calls import Reply

if TYPE_CHECKING:
    from tests.support.client import Device

MEDIA_TYPE = "application/vnd.fieldpost.block"


def varint(value: int) -> bytes:
    parts = []
    while value >= 0x80:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*parts, value])


def block(kind: str, *observations: Mapping[str, Any]) -> bytes:
    """A block of all the observations, whatever time they are of."""
    return block_of_json(kind, json.dumps(observations).encode())


def block_of_json(kind: str, observations: bytes) -> bytes:
    made = native.encode_json(
        kind, observations, -(2**53), 2**53, max_observations=100_000, foreign=True
    )
    assert made.refused == []
    return made.block


def frame(sequence: int, block: bytes) -> bytes:
    return varint(sequence) + varint(len(block)) + block


def post_blocks(
    device: "Device",
    *frames: bytes,
    path: str = "/agent/v1/batches",
    headers: Mapping[str, str] | None = None,
) -> Reply:
    said = {"content-type": MEDIA_TYPE, **(headers or {})}
    return device.agent.call("POST", path, b"".join(frames), said)
