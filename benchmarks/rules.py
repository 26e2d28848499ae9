"""What rules cost: observations judged in a second of one core, and the state of a device."""

import time
from collections.abc import Sequence
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import msgspec

from adapters.outbound.dynamodb.history_rows import change
from adapters.outbound.native_codec import NativeBlockCodec
from application.device_directory import DeviceBriefing
from application.judging import judge_batches
from benchmarks.judged_device import briefing
from benchmarks.table import Table, number
from domain.batch import Batch
from domain.device_history import DeviceHistory
from domain.kinds import Kind
from domain.place import Circle, Place
from domain.rules.binding import BoundRule, Surroundings
from domain.rules.condition import (
    AllOf,
    BatteryBelow,
    Communicates,
    Condition,
    Enters,
    Inside,
    Keyword,
    Leaves,
    Not,
    Outside,
    SpeedOver,
    Subject,
    TrafficOver,
    UsedOver,
    Uses,
)
from domain.rules.rule import Rule, Scope
from domain.schedule import Schedule

_COUNTS = (0, 10, 100)
_ROUNDS = 5
_DAY_S = 86_400
_START_S = 1_717_372_800
_HEADERS = (
    "rules",
    "locations/s",
    "share",
    "a mixed day: observations/s",
    "share",
    "state: bytes embedded",
    "bytes in DynamoDB",
)
_NOTE = (
    "Batches of 100 from blocks to effects; medians of 5 rounds, the counts of rules in turns. The"
    " mixed day has locations, apps, pages, messages, traffic and states of the device; the rules"
    " are of ten sorts, places of the same town, quotas, words, strangers, combinations; hardly"
    " any of them has a reason for an alert. The state is that after the mixed day."
)


@attrs.frozen
class _Series:
    """Batches of one device, and how many observations they are."""

    batches: Sequence[Batch]
    count: int


def rules() -> Table:
    codec = NativeBlockCodec()
    locations = _series(codec, {Kind.LOCATION: _locations(10_000, 8.64)})
    mixed = _series(codec, _mixed_day())
    briefings = [_mixed_rules(count) for count in _COUNTS]
    rates: list[list[tuple[float, float]]] = [[] for _ in _COUNTS]
    histories = [DeviceHistory("d", "a")] * len(_COUNTS)
    for _ in range(_ROUNDS):
        for place, one in enumerate(briefings):
            fast, _unused = _rate(codec, one, locations)
            slow, histories[place] = _rate(codec, one, mixed)
            rates[place].append((fast, slow))
    medians = [tuple(map(median, zip(*some, strict=True))) for some in rates]
    rows = []
    for count, (fast, slow), history in zip(_COUNTS, medians, histories, strict=True):
        shares = fast / medians[0][0], slow / medians[0][1]
        embedded = len(msgspec.msgpack.encode(history))
        row = len(msgspec.msgpack.encode(change(DeviceHistory("d", "a"), history)))
        figures = (number(fast), f"{shares[0]:.2f}", number(slow), f"{shares[1]:.2f}")
        rows.append([str(count), *figures, number(embedded), number(row)])
    return Table("Rules", _HEADERS, rows, _NOTE)


def _rate(
    codec: NativeBlockCodec, one: DeviceBriefing, series: _Series
) -> tuple[float, DeviceHistory]:
    """Observations a second, and the history after them."""
    history = DeviceHistory("d", "a")
    started = time.process_time()
    for batch in series.batches:
        history = judge_batches(codec, one, history, [batch], batch.received_ms).history
    return series.count / (time.process_time() - started), history


def _series(codec: NativeBlockCodec, rows: dict[Kind, list[dict[str, Any]]]) -> _Series:
    found = [
        _batch(codec, kind, some[start : start + 100], f"{kind}-{start}")
        for kind, some in rows.items()
        for start in range(0, len(some), 100)
    ]
    found.sort(key=lambda batch: batch.last_ms)
    return _Series(found, sum(map(len, rows.values())))


def _batch(codec: NativeBlockCodec, kind: Kind, rows: list[dict[str, Any]], id_: str) -> Batch:
    made = codec.encode_json(kind, msgspec.json.encode(rows), 0, 2**53, foreign=False)
    span = made.first_ms, made.last_ms, made.last_ms + 1_000
    return Batch("a", "d", kind, id_, made.block, made.count, *span)


def _time(index: int, step_s: float) -> str:
    moment = time.gmtime(_START_S + index * step_s)
    return time.strftime("%Y-%m-%dT%H:%M:%S", moment) + f".{index % 1000:03d}Z"


def _rows(count: int, **fields: Any) -> list[dict[str, Any]]:
    return [{"time": _time(index, _DAY_S / count), **fields} for index in range(count)]


def _locations(count: int, step_s: float) -> list[dict[str, Any]]:
    """Slowly through the north of the town, where no rule has a place."""
    return [
        {
            "time": _time(index, step_s),
            "lat": 48.2 + index * 1e-6,
            "lon": 11.575,
            "accuracy_m": 10.0,
            "speed_mps": 1.2,
        }
        for index in range(count)
    ]


def _mixed_day() -> dict[Kind, list[dict[str, Any]]]:
    apps = [
        {**row, "app": f"com.app{index % 7}"}
        for index, row in enumerate(_rows(2_000, title="a title", duration_s=20.0))
    ]
    return {
        Kind.LOCATION: _locations(3_000, 28.8),
        Kind.APP_USE: apps,
        Kind.WEB_VISIT: _rows(500, url="https://a.example/page", title="A page of some sort"),
        Kind.MESSAGE: _rows(100, direction="sent", channel="sms", counterpart="+1", text="hi"),
        Kind.TRAFFIC: _rows(500, interface="wifi", sent_bytes=10, received_bytes=20),
        Kind.DEVICE_STATE: _rows(300, battery=0.8, charging=False),
    }


def _mixed_rules(count: int) -> DeviceBriefing:
    places = {
        f"p{number}": Place(f"p{number}", "a", "place", Circle(48.1 + number * 1e-4, 11.57, 100), 0)
        for number in range(100)
    }
    around = Surroundings(
        ZoneInfo("Europe/Berlin"), places, contacts=frozenset({"+1"}), site_of=lambda url: url
    )
    bound = tuple(BoundRule(_rule(number), around) for number in range(count))
    return attrs.evolve(briefing("d", 0), rules=bound)


def _rule(number: int) -> Rule:
    place, video = f"p{number}", Subject("category", "video")
    whens: tuple[Condition, ...] = (
        Outside(place),
        Enters(place),
        Leaves(place),
        SpeedOver(30.0 + number),
        BatteryBelow(0.15),
        UsedOver(video, 7_200.0),
        Keyword(("danger", "secret"), ("url", "title", "text")),
        Communicates("stranger"),
        AllOf((Uses(video), Inside(place), Not(BatteryBelow(0.1)))),
        TrafficOver(5_000_000_000, "month"),
    )
    hours = Schedule(("mon", "tue", "wed", "thu", "fri"), 480, 900) if number % 3 == 0 else None
    when = whens[number % len(whens)]
    return Rule(f"rule-{number:027}", "a", "a rule", Scope(), when, 0, schedule=hours)
