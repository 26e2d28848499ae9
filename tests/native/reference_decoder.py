"""A slow decoder written from native/FORMAT.md alone: the second opinion on what a block says.

It returns what `fieldpost_native.decode_columns` returns, and raises `BadBlock` for whatever the
format does not allow.
"""

import json
import math
import re
from dataclasses import dataclass, field
from typing import Any

from domain.fields import FieldSpec, FieldType, specs_of
from domain.kinds import Kind
from domain.observations import OBSERVATION_CLASSES

KINDS = dict(enumerate(OBSERVATION_CLASSES, start=1))
ATTRIBUTES = FieldSpec(name="attributes", type=FieldType.JSON, required=False, max_length=8192)
MIN_TIME_MS = -62_167_219_200_000
MAX_TIME_MS = 253_402_300_799_999
MAX_OBSERVATIONS = 131_072
MAX_FRONT_CODED_BYTES = 1 << 20
MAX_TEXT_BYTES = 64 << 20
MAX_JSON_DEPTH = 30
WORD = 1 << 64
BINS = 4


class BadBlock(Exception):
    pass


def check(holds: bool, what: str) -> None:
    if not holds:
        raise BadBlock(what)


def crc32c(data: bytes) -> int:
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def signed(word: int) -> int:
    """The number modulo 2^64 that lies in the range of 64 bits with sign."""
    word %= WORD
    return word - WORD if word >= WORD // 2 else word


def unzigzag(code: int) -> int:
    return (code >> 1) ^ -(code & 1)


@dataclass
class Reader:
    data: bytes
    at: int = 0

    def byte(self) -> int:
        return self.take(1)[0]

    def take(self, size: int) -> bytes:
        check(size <= len(self.data) - self.at, "ends too early")
        self.at += size
        return self.data[self.at - size : self.at]

    def varint(self) -> int:
        value = 0
        for index in range(10):
            part = self.byte()
            check(index < 9 or part <= 1, "a varint exceeds 64 bits")
            value |= (part & 0x7F) << (7 * index)
            if part < 0x80:
                break
        return value

    def signed_varint(self) -> int:
        return unzigzag(self.varint())


@dataclass
class Bits:
    reader: Reader
    unread: list[int] = field(default_factory=list)

    def take(self, width: int) -> int:
        value = 0
        for place in range(width):
            if not self.unread:
                byte = self.reader.byte()
                self.unread = [byte >> bit & 1 for bit in range(8)]
            value |= self.unread.pop(0) << place
        return value

    def rice(self, k: int) -> int:
        zeros = 0
        while zeros < 20 and self.take(1) == 0:
            zeros += 1
        if zeros == 20:
            return self.take(self.take(6) + 1)
        return (zeros << k | self.take(k)) % WORD

    def finish(self) -> None:
        check(not any(self.unread), "padding")


def carry_on(step: int, last_ms: int, next_ms: int) -> int:
    if last_ms <= 0 or next_ms // 8 > last_ms:
        return 0
    size = abs(step) * next_ms // last_ms
    return -size if step < 0 else size


def read_bins(reader: Reader, count: int) -> list[int]:
    low, bins = reader.signed_varint(), reader.byte()
    bits = Bits(reader)
    codes: list[tuple[int, int, int, int]] = []  # length, place, width, low
    for place in range(bins):
        width, length = bits.take(6), bits.take(4)
        check(length <= 12 and (length == 0 or width <= 40), "bin")
        if length:
            codes.append((length, place, width, low))
        low += 1 << width
    check(sum(2**-length for length, *_ in codes) == 1, "codes")
    known: dict[tuple[int, int], tuple[int, int]] = {}
    code = last = 0
    for length, _, width, start in sorted(codes):
        code <<= length - last
        known[length, code] = width, start
        code, last = code + 1, length
    residuals = []
    for _ in range(count):
        code = length = 0
        while (length, code) not in known:
            code, length = code << 1 | bits.take(1), length + 1
        width, start = known[length, code]
        residuals.append(signed(start + bits.take(width)))
    bits.finish()
    return residuals


def read_residuals(reader: Reader, packing: int, count: int) -> list[int]:
    if packing == BINS:
        return read_bins(reader, count)
    base = 0 if packing == 2 else reader.signed_varint()
    if packing == 0:
        return [base] * count
    width = reader.byte()
    check(1 <= width <= 64 if packing == 1 else width <= 62, "width")
    bits = Bits(reader)
    if packing == 1:
        residuals = [signed(base + bits.take(width)) for _ in range(count)]
    elif packing == 2:
        residuals = [unzigzag(bits.rice(width)) for _ in range(count)]
    else:
        residuals = [signed(base + bits.rice(width)) for _ in range(count)]
    bits.finish()
    return residuals


def read_integers(reader: Reader, mode: int, count: int, times: list[int]) -> list[int]:
    order, packing, scale = mode & 3, mode >> 2 & 3, mode >> 4 & 3
    check(mode & 0x40 == 0, "mode")
    if mode & 0x80:
        check(reader.data[0] == 2 and packing == 0, "mode")
        packing = BINS
    seeds = (0, 1, 2, 2)[order]
    check(count > seeds, "too few values")
    check(order != 3 or bool(times), "no times")
    values = [reader.signed_varint() for _ in range(min(seeds, 1))]
    step = reader.signed_varint() if seeds == 2 else 0
    if seeds == 2:
        values.append(signed(values[0] + step))
    for residual in read_residuals(reader, packing, count - seeds):
        row = len(values)
        if order == 0:
            values.append(residual)
        elif order == 1:
            values.append(signed(values[-1] + residual))
        else:
            if order == 3:
                last_ms, next_ms = times[row - 1] - times[row - 2], times[row] - times[row - 1]
                step = signed(carry_on(step, last_ms, next_ms))
            step = signed(step + residual)
            values.append(signed(values[-1] + step))
    scaled = [value * 10**scale for value in values]
    check(all(-(WORD // 2) <= value < WORD // 2 for value in scaled), "range")
    return scaled


def read_dictionary(reader: Reader, front_coded: bool, count: int) -> list[bytes]:
    entries: list[bytes] = []
    previous = b""
    for _ in range(count):
        shared = reader.varint() if front_coded else 0
        check(shared <= len(previous), "shared prefix")
        previous = previous[:shared] + reader.take(reader.varint())
        entries.append(previous)
    unfolded = sum(len(entry) for entry in entries)
    check(not front_coded or unfolded <= MAX_FRONT_CODED_BYTES, "dictionary")
    return entries


def read_texts(reader: Reader, spec: FieldSpec, mode: int, count: int) -> list[str]:
    check(mode & ~1 == 0, "mode")
    size = reader.varint()
    check(1 <= size <= count, "dictionary")
    entries = [text_of(spec, entry) for entry in read_dictionary(reader, mode == 1, size)]
    codes = [0] * count
    if size > 1:
        codes = read_integers(reader, reader.byte(), count, [])
    check(all(0 <= code < size for code in codes), "code")
    return [entries[code] for code in codes]


def finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError(digits)
    return number


def refuse_constant(name: str) -> None:
    raise ValueError(name)


def is_storable_json(text: str) -> bool:
    """JSON without white space, lone surrogates, numbers beyond a double, or deep nesting."""
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', '""', text)
    depth = deepest = 0
    for character in bare:
        depth += (character in "[{") - (character in "]}")
        deepest = max(deepest, depth)
    if deepest > MAX_JSON_DEPTH or any(space in bare for space in " \t\r\n"):
        return False
    try:
        value = json.loads(
            text,
            object_pairs_hook=list,
            parse_int=finite,
            parse_float=finite,
            parse_constant=refuse_constant,
        )
        json.dumps(value, ensure_ascii=False).encode()
    except ValueError:
        return False
    return True


def text_of(spec: FieldSpec, raw: bytes) -> str:
    assert spec.max_length is not None
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise BadBlock("not UTF-8") from error
    if spec.type is FieldType.JSON:
        check(is_storable_json(text) and len(raw) <= spec.max_length, "JSON")
        check(spec.name != ATTRIBUTES.name or text.startswith("{"), "attributes")
    else:
        check("\0" not in text and len(text) <= spec.max_length, "text")
        check(bool(text) or not spec.required, "empty")
    return text


def value_of(spec: FieldSpec, stored: int) -> Any:
    if spec.type is FieldType.CHOICE:
        check(0 <= stored < len(spec.choices), "choice")
        return spec.choices[stored]
    if spec.type is FieldType.FLAG:
        check(stored in (0, 1), "flag")
        return stored == 1
    assert spec.low is not None and spec.high is not None
    unit = 1 if spec.resolution is None else round(1 / spec.resolution)
    check(round(spec.low * unit) <= stored <= round(spec.high * unit), "range")
    return stored if spec.type is FieldType.INTEGER else stored / unit


def read_column(reader: Reader, spec: FieldSpec, times: list[int]) -> list[Any]:
    mode = reader.byte()
    rows = list(range(len(times)))
    if mode & 0x40:
        check(not spec.required, "required")
        bitmap = reader.take((len(times) + 7) // 8)
        bits = [byte >> bit & 1 for byte in bitmap for bit in range(8)]
        check(not any(bits[len(times) :]), "padding")
        rows = [row for row in rows if bits[row]]
        check(bool(rows), "empty column")
    column: list[Any] = [None] * len(times)
    values: list[Any]
    if spec.type in (FieldType.TEXT, FieldType.JSON):
        values = read_texts(reader, spec, mode & ~0x40, len(rows))
    else:
        there = [times[row] for row in rows]
        integers = read_integers(reader, mode & ~0x40, len(rows), there)
        values = [value_of(spec, stored) for stored in integers]
    for row, value in zip(rows, values, strict=True):
        column[row] = value
    return column


def text_bytes(specs: tuple[FieldSpec, ...], columns: dict[str, list[Any]]) -> int:
    """Of all observations together, as often as a text is used."""
    return sum(
        len(text.encode())
        for spec in specs
        if spec.type in (FieldType.TEXT, FieldType.JSON)
        for text in columns.get(spec.name, [])
        if text is not None
    )


def decode(block: bytes) -> tuple[Kind, dict[str, list[Any]]]:
    check(len(block) >= 4, "ends too early")
    check(crc32c(block[:-4]) == int.from_bytes(block[-4:], "little"), "checksum")
    reader = Reader(block[:-4])
    check(reader.byte() in (1, 2), "version")
    code = reader.byte()
    check(code in KINDS, "kind")
    count = reader.varint()
    check(1 <= count <= MAX_OBSERVATIONS, "count")
    times = read_integers(reader, reader.byte(), count, [])
    check(times == sorted(times), "order of times")
    check(times[0] >= MIN_TIME_MS and times[-1] <= MAX_TIME_MS, "range of times")

    specs = specs_of(OBSERVATION_CLASSES[KINDS[code]])
    optional = [ATTRIBUTES, *(spec for spec in specs if not spec.required)]
    mask = reader.varint()
    check(mask < 1 << len(optional), "mask")
    given = {spec.name for bit, spec in enumerate(optional) if mask >> bit & 1}
    columns: dict[str, list[Any]] = {"time_ms": times}
    for spec in (*specs, ATTRIBUTES):
        if spec.required or spec.name in given:
            columns[spec.name] = read_column(reader, spec, times)
    check(reader.at == len(reader.data), "bytes are left over")
    check(text_bytes((*specs, ATTRIBUTES), columns) <= MAX_TEXT_BYTES, "too much text")
    return KINDS[code], columns
