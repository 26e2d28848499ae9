"""Valid batches of every kind, as a device would send them, and what they must be read as."""

import datetime
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from domain.fields import FieldSpec, FieldType, specs_of
from domain.kinds import Kind
from domain.observations import OBSERVATION_CLASSES

EARLIEST_MS = 946_684_800_000
LATEST_MS = 4_102_444_800_000
KINDS = list(Kind)
EPOCH = datetime.date(1970, 1, 1)
DAY = datetime.timedelta(days=1)

CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(CHARACTERS, max_size=8)
)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(CHARACTERS, max_size=4), inner)
    ),
    max_leaves=6,
)
ATTRIBUTES = st.dictionaries(st.text(CHARACTERS, max_size=4), JSON, min_size=1, max_size=3)


@dataclass
class Batch:
    """Observations as JSON texts in the order sent, and their values by column, by time."""

    kind: Kind
    texts: list[str]
    columns: dict[str, list[Any]]

    @property
    def json(self) -> bytes:
        return ("[" + ", ".join(self.texts) + "]").encode()


@dataclass
class Value:
    """As it is written in JSON, and as it must come back."""

    text: str
    value: Any


def time_text(time_ms: int) -> str:
    seconds, milliseconds = divmod(time_ms, 1000)
    days, second = divmod(seconds, 86_400)
    date = (EPOCH + days * DAY).isoformat()
    clock = f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
    return f"{date}T{clock}.{milliseconds:03d}Z" if milliseconds else f"{date}T{clock}Z"


def decimals_of(spec: FieldSpec) -> int:
    return 0 if spec.resolution is None else round(-Decimal(str(spec.resolution)).log10())


def unit_of(spec: FieldSpec) -> int:
    return int(10 ** decimals_of(spec))


def compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def number_value(spec: FieldSpec, units: int) -> Value:
    text = f"{Decimal(units).scaleb(-decimals_of(spec)):f}"
    return Value(text, units if spec.type is FieldType.INTEGER else units / unit_of(spec))


def integers_within(low: int, high: int, size: int) -> st.SearchStrategy[list[int]]:
    """Columns of several characters: any values, a walk, coarse values, all the same."""
    anything = st.lists(st.integers(low, high), min_size=size, max_size=size)
    steps = st.lists(st.integers(-1000, 1000), min_size=size, max_size=size)

    def walk(start: int, steps: list[int]) -> list[int]:
        values = [start]
        for step in steps[1:]:
            values.append(min(max(values[-1] + step, low), high))
        return values

    coarse = anything.map(lambda values: [int(value / 1000) * 1000 for value in values])
    same = st.integers(low, high).map(lambda value: [value] * size)
    return st.one_of(anything, st.builds(walk, st.integers(low, high), steps), coarse, same)


def texts_within(spec: FieldSpec, size: int) -> st.SearchStrategy[list[str]]:
    assert spec.max_length is not None
    some = st.text(CHARACTERS, min_size=int(spec.required), max_size=min(spec.max_length, 12))
    few = st.lists(some, min_size=1, max_size=3).flatmap(
        lambda texts: st.lists(st.sampled_from(texts), min_size=size, max_size=size)
    )
    return st.lists(some, min_size=size, max_size=size) | few


def values_of(spec: FieldSpec, size: int) -> st.SearchStrategy[list[Value]]:
    def listed(each: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
        return st.lists(each, min_size=size, max_size=size)

    def written(value: Any) -> Value:
        return Value(json.dumps(value), value)

    match spec.type:
        case FieldType.NUMBER | FieldType.INTEGER:
            assert spec.low is not None and spec.high is not None
            low, high = round(spec.low * unit_of(spec)), round(spec.high * unit_of(spec))
            return integers_within(low, high, size).map(
                lambda column: [number_value(spec, units) for units in column]
            )
        case FieldType.TEXT:
            return texts_within(spec, size).map(lambda column: [written(text) for text in column])
        case FieldType.CHOICE:
            return listed(st.sampled_from(spec.choices).map(written))
        case FieldType.FLAG:
            return listed(st.booleans().map(written))
        case FieldType.JSON:
            each = JSON.filter(lambda value: value is not None)
            return listed(each.map(lambda value: Value(compact(value), compact(value))))


def times_of(size: int) -> st.SearchStrategy[list[int]]:
    start = st.integers(EARLIEST_MS, LATEST_MS - 10**10)
    scale = st.sampled_from([1, 1000, 60_000])
    steps = st.lists(st.integers(-2, 30), min_size=size, max_size=size)
    regular = st.integers(0, 100).map(lambda step: [step] * size)

    def along(start: int, scale: int, steps: list[int]) -> list[int]:
        times = [start // scale * scale]
        for step in steps[1:]:
            times.append(max(times[-1] + step * scale, EARLIEST_MS))
        return times

    return st.builds(along, start, scale, steps | regular)


@st.composite
def batches(draw: st.DrawFn, kinds: list[Kind] = KINDS, max_size: int = 12) -> Batch:
    kind = draw(st.sampled_from(kinds))
    size = draw(st.integers(1, max_size))
    times = draw(times_of(size))
    columns: dict[str, list[Value | None]] = {}
    for spec in specs_of(OBSERVATION_CLASSES[kind]):
        values = draw(values_of(spec, size))
        there = [True] * size
        if not spec.required:
            there = draw(
                st.sampled_from([[True] * size, [False] * size])
                | st.lists(st.booleans(), min_size=size, max_size=size)
            )
        columns[spec.name] = [
            value if has else None for value, has in zip(values, there, strict=True)
        ]
    if draw(st.booleans()):
        given = draw(st.lists(st.none() | ATTRIBUTES, min_size=size, max_size=size))
        columns["attributes"] = [
            None if value is None else Value(compact(value), compact(value)) for value in given
        ]
    return assemble(kind, times, columns)


def assemble(kind: Kind, times: list[int], columns: dict[str, list[Value | None]]) -> Batch:
    texts = []
    for row, time_ms in enumerate(times):
        members = [f'"time":"{time_text(time_ms)}"']
        for name, column in columns.items():
            value = column[row]
            if value is not None:
                members.append(f'"{name}":{value.text}')
        texts.append("{" + ",".join(members) + "}")
    order = sorted(range(len(times)), key=lambda row: times[row])
    expected: dict[str, list[Any]] = {"time_ms": [times[row] for row in order]}
    for name, column in columns.items():
        if any(value is not None for value in column):
            in_order = [column[row] for row in order]
            expected[name] = [None if value is None else value.value for value in in_order]
    return Batch(kind, texts, expected)
