"""Request bodies: bounded before they are read, after they are unpacked, and as JSON."""

import zlib
from typing import Any, TypeVar

import msgspec
import zstandard

from adapters.inbound.http.problems import HttpRefusal, shape_error

T = TypeVar("T")

MAX_BODY_BYTES = 4 * 1024 * 1024
_TOO_LARGE = "The body is too large"
_MALFORMED = "The body is not what it says"


def too_large(limit: int = MAX_BODY_BYTES) -> HttpRefusal:
    return HttpRefusal(413, _TOO_LARGE, f"a body may have {limit} bytes, unpacked too")


async def read_body(scope: dict[str, Any], receive: Any, headers: dict[bytes, bytes]) -> bytes:
    """The whole body, unpacked. Raises HttpRefusal when it is too large or badly packed."""
    length = headers.get(b"content-length")
    if length is not None and (not length.isdigit() or int(length) > MAX_BODY_BYTES):
        raise too_large()
    message = await receive()
    body: bytes = message.get("body", b"")
    if message.get("more_body"):
        parts = [body]
        size = len(body)
        while message.get("more_body"):
            message = await receive()
            if message["type"] == "http.disconnect":
                raise HttpRefusal(400, _MALFORMED, "the body ended early")
            part = message.get("body", b"")
            size += len(part)
            if size > MAX_BODY_BYTES:
                raise too_large()
            parts.append(part)
        body = b"".join(parts)
    encoding = headers.get(b"content-encoding")
    return body if encoding is None else unpacked(body, encoding.decode("latin-1").lower())


def unpacked(body: bytes, encoding: str, limit: int = MAX_BODY_BYTES) -> bytes:
    """Raises HttpRefusal; never makes more than `limit` bytes of a small body."""
    if encoding == "identity":
        return body
    if encoding == "gzip":
        return _gunzipped(body, limit)
    if encoding == "zstd":
        return _unzstd(body, limit)
    raise HttpRefusal(415, "Unknown content encoding", "bodies may be gzip or zstd encoded")


def _gunzipped(body: bytes, limit: int) -> bytes:
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(body, limit + 1)
    except zlib.error as error:
        raise HttpRefusal(400, _MALFORMED, f"not gzip: {error}") from error
    if len(plain) > limit:
        raise too_large(limit)
    if not unpacker.eof:
        raise HttpRefusal(400, _MALFORMED, "the gzip stream is cut off")
    if unpacker.unused_data:
        raise HttpRefusal(400, _MALFORMED, "something follows the gzip stream")
    return plain


def _unzstd(body: bytes, limit: int) -> bytes:
    try:
        with zstandard.ZstdDecompressor(max_window_size=8 * 1024 * 1024).stream_reader(
            body
        ) as reader:
            plain = reader.read(limit + 1)
        size = zstandard.frame_content_size(body)  # -1 where the frame does not tell
    except zstandard.ZstdError as error:
        raise HttpRefusal(400, _MALFORMED, f"not zstd: {error}") from error
    if len(plain) > limit:
        raise too_large(limit)
    if size not in (-1, len(plain)):
        raise HttpRefusal(400, _MALFORMED, "the zstd frame is cut off")
    return plain


def decoded(decoder: msgspec.json.Decoder[T], body: bytes) -> T:
    """A JSON body in its declared shape. Raises HttpRefusal naming the field at fault."""
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise shape_error(error) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise HttpRefusal(400, "The body is not JSON", str(error)) from error
    except RecursionError as error:
        raise HttpRefusal(400, "The body is not JSON", "nested too deeply") from error
