"""The ways to encode a batch of locations that are timed beside each other."""

import functools
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import attrs
import fieldpost_native as native
import msgpack
import msgspec
import numpy as np
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from benchmarks import beside_codec
from domain.kinds import Kind
from domain.times import to_rfc3339

Call = Callable[[], Any]
_NUMBERS = ("lat", "lon", "accuracy_m", "altitude_m", "speed_mps", "bearing_deg")
_TRACK = ["lat", "lon", "speed_mps"]
_ALL_MS = (0, 2**53)


@attrs.frozen
class Way:
    """Of one batch: without arguments, so that nothing else is timed."""

    encode: Call | None
    decode: Call | None
    dashboard: Call | None


class _Fix(msgspec.Struct, omit_defaults=True):
    time: datetime
    lat: float
    lon: float
    accuracy_m: float | None = None
    altitude_m: float | None = None
    speed_mps: float | None = None
    bearing_deg: float | None = None
    source: str | None = None


class _TrackFix(msgspec.Struct):
    time: str
    lat: float
    lon: float
    speed_mps: float | None = None


def _json(batch: list[dict[str, Any]]) -> Way:
    text = json.dumps(batch, separators=(",", ":")).encode()
    decoder = msgspec.json.Decoder(list[_Fix])
    track = msgspec.json.Decoder(list[_TrackFix])
    fixes = decoder.decode(text)
    encoder = msgspec.json.Encoder()

    def dashboard() -> bytes:
        found = track.decode(text)
        return encoder.encode(
            {
                "time": [fix.time for fix in found],
                "lat": [fix.lat for fix in found],
                "lon": [fix.lon for fix in found],
                "speed_mps": [fix.speed_mps for fix in found],
            }
        )

    return Way(lambda: encoder.encode(fixes), lambda: decoder.decode(text), dashboard)


def _msgpack(batch: list[dict[str, Any]]) -> Way:
    rows = _timed(batch)
    packed = msgpack.packb(rows)
    encoder = msgspec.json.Encoder()

    def dashboard() -> bytes:
        found = msgpack.unpackb(packed)
        return encoder.encode(
            {
                "time": [to_rfc3339(fix["time_ms"]) for fix in found],
                "lat": [fix["lat"] for fix in found],
                "lon": [fix["lon"] for fix in found],
                "speed_mps": [fix.get("speed_mps") for fix in found],
            }
        )

    return Way(lambda: msgpack.packb(rows), lambda: msgpack.unpackb(packed), dashboard)


def _protobuf(batch: list[dict[str, Any]]) -> Way:
    message_class = _message_class()
    message = message_class()
    for row in _timed(batch):
        message.fixes.add(**row)
    written = message.SerializeToString()
    encoder = msgspec.json.Encoder()

    def dashboard() -> bytes:
        found = message_class.FromString(written).fixes
        return encoder.encode(
            {
                "time": [to_rfc3339(fix.time_ms) for fix in found],
                "lat": [fix.lat for fix in found],
                "lon": [fix.lon for fix in found],
                "speed_mps": [
                    fix.speed_mps if fix.HasField("speed_mps") else None for fix in found
                ],
            }
        )

    return Way(message.SerializeToString, lambda: message_class.FromString(written), dashboard)


def _block_of_text(batch: list[dict[str, Any]]) -> Way:
    text = json.dumps(batch, separators=(",", ":")).encode()
    block = beside_codec.block(Kind.LOCATION, text)
    return Way(
        lambda: native.encode_json("location", text, *_ALL_MS, max_observations=len(batch)),
        lambda: native.decode_columns(block),
        lambda: native.decode_columns_json([block], *_ALL_MS, fields=_TRACK),
    )


def _block_of_arrays(batch: list[dict[str, Any]]) -> Way:
    block = beside_codec.block(Kind.LOCATION, json.dumps(batch).encode())
    columns: dict[str, Any] = dict(native.decode_columns(block))
    for name, column in native.decode_arrays(block).items():
        if name != "source":
            columns[name] = np.asarray(column.values)
    return Way(
        lambda: native.encode_columns("location", columns),
        lambda: native.decode_arrays(block),
        None,
    )


def _timed(batch: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """With the time as a number, as it takes least."""
    times = native.decode_columns(beside_codec.block(Kind.LOCATION, json.dumps(batch).encode()))
    return [
        {"time_ms": time_ms, **{name: value for name, value in row.items() if name != "time"}}
        for time_ms, row in zip(times["time_ms"], batch, strict=True)
    ]


@functools.cache
def _message_class() -> Any:
    """`Batch` with repeated `Fix`: the time fixed64, numbers double, each but three optional."""
    file = descriptor_pb2.FileDescriptorProto(name="fix.proto", syntax="proto3")
    fix = file.message_type.add(name="Fix")
    of_type = descriptor_pb2.FieldDescriptorProto
    types = {"time_ms": of_type.TYPE_SFIXED64, "source": of_type.TYPE_STRING}
    for place, name in enumerate(("time_ms", *_NUMBERS, "source"), 1):
        field = fix.field.add(name=name, number=place, label=1)
        field.type = types.get(name, of_type.TYPE_DOUBLE)
        if place > 3:
            field.proto3_optional = True
            field.oneof_index = len(fix.oneof_decl)
            fix.oneof_decl.add(name=f"_{name}")
    batch = file.message_type.add(name="Batch")
    fixes = batch.field.add(name="fixes", number=1, label=3, type_name=".Fix")
    fixes.type = of_type.TYPE_MESSAGE
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("Batch"))


WAYS: Mapping[str, Callable[[list[dict[str, Any]]], Way]] = {
    "msgspec JSON": _json,
    "msgpack": _msgpack,
    "protobuf": _protobuf,
    "block: JSON text, lists": _block_of_text,
    "block: arrays": _block_of_arrays,
}
