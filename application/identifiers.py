"""Ids and secrets."""

import base64
import hashlib
import secrets

_CODE_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_CODE_LENGTH = 12


def new_id(now_ms: int) -> str:
    """Unique, and sorted by the time of its making: 12 hex digits of ms, 12 of chance."""
    return f"{now_ms:012x}{secrets.token_hex(6)}"


def new_secret() -> str:
    """256 bits, safe in URLs and headers."""
    return secrets.token_urlsafe(32)


def new_signing_secret() -> str:
    """256 bits, as the Standard Webhooks specification writes them."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"


def new_code() -> str:
    """A one-time code that can be typed: 60 bits without letters that look alike."""
    return "".join(secrets.choice(_CODE_ALPHABET) for _ in range(_CODE_LENGTH))


def normalised_code(code: str) -> str:
    """As typed by a person: case, spaces and hyphens do not matter."""
    return code.upper().replace("-", "").replace(" ", "")


def digest(secret: str) -> str:
    """What is stored of a secret. It has full entropy, so a plain SHA-256 is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()
