"""The key by which browsers' push services know us (VAPID, RFC 8292)."""

import base64
import os
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from application.faults import StoreBroken

FILE = "web-push-key"
_CURVE = ec.SECP256R1()
_BYTES = 32

KeySource = Callable[[], "WebPushKey | None"]
"""Gives the key; None where web push is not set up. Raises StoreBroken."""


class WebPushKey:
    """`text` is the private key: 32 bytes in unpadded base64url."""

    def __init__(self, text: str) -> None:
        """Raises ValueError."""
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        if len(raw) != _BYTES:
            raise ValueError(f"must be {_BYTES} bytes in base64url")
        self.text = text
        self._private = ec.derive_private_key(int.from_bytes(raw, "big"), _CURVE)

    @cached_property
    def public(self) -> str:
        """As browsers want it: an uncompressed point, in base64url."""
        point = self._private.public_key().public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )
        return _text(point)


def new_key() -> WebPushKey:
    number = ec.generate_private_key(_CURVE).private_numbers().private_value
    return WebPushKey(_text(number.to_bytes(_BYTES, "big")))


def key_of(text: str) -> KeySource:
    """A key that the settings give, or none. Raises StoreBroken when it is no key."""
    try:
        key = WebPushKey(text) if text else None
    except ValueError as error:
        raise StoreBroken(f"web_push.private_key {error}") from error
    return lambda: key


class KeyInFile:
    """A key that is made when it is first asked for, and kept in this folder from then on."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE
        self._key: WebPushKey | None = None

    def __call__(self) -> WebPushKey:
        """Raises StoreBroken."""
        if self._key is None:
            try:
                self._key = self._kept()
            except (OSError, ValueError) as error:
                raise StoreBroken(f"the key in {self._file} cannot be used: {error}") from error
        return self._key

    def _kept(self) -> WebPushKey:
        if not self._file.exists():
            key = new_key()
            beside = self._file.with_name(f"{FILE}.new")
            beside.unlink(missing_ok=True)
            mode = os.O_WRONLY | os.O_CREAT | os.O_EXCL
            with os.fdopen(os.open(beside, mode, 0o600), "w") as file:
                file.write(key.text)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self._file)
        return WebPushKey(self._file.read_text().strip())


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def shown(source: KeySource) -> Callable[[], str | None]:
    """What gives the public half to those who subscribe."""

    def public() -> str | None:
        key = source()
        return None if key is None else key.public

    return public
