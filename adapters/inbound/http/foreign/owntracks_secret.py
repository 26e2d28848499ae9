"""OwnTracks' `encrypted` messages: libsodium's secretbox under a passphrase.

`data` is base64 of nonce (24 bytes) ‖ MAC (16) ‖ ciphertext; the key is the passphrase padded
with zero bytes to 32 (`EncryptionProvider.kt` of Android 2.6.0, and iOS alike).
"""

import base64
from typing import Any

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox


def opened(data: Any, key: bytes) -> bytes | None:
    """The message inside, or None where `data` is no box or not one of this key."""
    if data.__class__ is not str:
        return None
    box = SecretBox(key[: SecretBox.KEY_SIZE].ljust(SecretBox.KEY_SIZE, b"\0"))
    try:
        return bytes(box.decrypt(base64.b64decode(data)))
    except (CryptoError, ValueError):
        return None
