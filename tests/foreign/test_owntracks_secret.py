"""OwnTracks' encrypted messages: libsodium's secretbox under the device's passphrase."""

import base64
from typing import Any

import msgspec
import pytest
from nacl.secret import SecretBox

from adapters.inbound.http.foreign import owntracks
from adapters.inbound.http.foreign.reading import Reading


def read(message: Any, key: bytes | None = None) -> Reading:
    return owntracks.read(msgspec.json.encode(message), user_agent="owntracks android", key=key)


def location(**said: Any) -> dict[str, Any]:
    return {"_type": "location", "tst": 1_730_000_000, "lat": 45.5, "lon": 13.7, **said}


def encrypted(inner: Any, passphrase: bytes) -> dict[str, Any]:
    plain = inner if isinstance(inner, bytes) else msgspec.json.encode(inner)
    box = SecretBox(passphrase.ljust(32, b"\0"))
    return {"_type": "encrypted", "data": base64.b64encode(bytes(box.encrypt(plain))).decode()}


def test_encrypted_with_the_key() -> None:
    key = "s3cret é".encode()
    message = encrypted(location(vel=36, batt=50), key)
    assert read(message, key) == read(location(vel=36, batt=50))


@pytest.mark.parametrize(
    ("message", "key", "reason"),
    [
        (encrypted(location(), b"right"), None, "encrypted"),
        (encrypted(location(), b"right"), b"wrong", "not_decryptable"),
        ({"_type": "encrypted"}, b"right", "not_decryptable"),
        ({"_type": "encrypted", "data": "é"}, b"right", "not_decryptable"),
        ({"_type": "encrypted", "data": "AAAA"}, b"right", "not_decryptable"),
        (encrypted(b"\xff", b"right"), b"right", "not_json"),
        (encrypted(location(lat=91), b"right"), b"right", "out_of_range"),
        (encrypted(encrypted(location(), b"right"), b"right"), b"right", "encrypted"),
    ],
)
def test_encrypted_at_fault(message: dict[str, Any], key: bytes | None, reason: str) -> None:
    (fault,) = read(message, key).not_understood
    assert (fault.reason, fault.payload) == (reason, msgspec.json.encode(message))
