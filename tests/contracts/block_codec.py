"""What every block codec must do. `tests/native` looks into the one there is more closely."""

import json
import random
from collections.abc import Sequence
from typing import Any

import pytest

from application.ports.block_codec import (
    BlockCodec,
    Encoded,
    MalformedObservations,
    TooManyObservations,
)
from domain.batch import MAX_OBSERVATIONS, MAX_TEXT_BYTES
from domain.kinds import Kind
from domain.times import DAY_MS, to_rfc3339

BASE_MS = 1_790_000_000_000
MIDNIGHT_MS = BASE_MS - BASE_MS % DAY_MS
ALL_MS = (0, 2**52)
Rows = Sequence[dict[str, Any]]

EXAMPLES: dict[Kind, dict[str, Any]] = {
    Kind.LOCATION: {"lat": 45.8123456, "lon": -14.3, "speed_mps": 1.25, "source": "gps"},
    Kind.PLACE_TRANSITION: {"place": "Šola", "event": "enter"},
    Kind.WEB_VISIT: {"url": "https://example.org/?q=1", "title": "👪", "duration_s": 1.5},
    Kind.APP_USE: {"app": "editor", "title": "", "duration_s": 0.0},
    Kind.PRESENCE: {"status": "locked"},
    Kind.MESSAGE: {"direction": "sent", "channel": "sms", "counterpart": "+1", "text": "é\n"},
    Kind.CALL: {"direction": "received", "counterpart": "+1", "outcome": "missed"},
    Kind.TRAFFIC: {"interface": "wifi", "sent_bytes": 2**53 - 1, "received_bytes": 0},
    Kind.DEVICE_STATE: {"battery": 0.5, "charging": False},
    Kind.DOCUMENT: {"source": "x", "body": {"a": [1, None, {"b": "c"}]}},
}


class BlockCodecContract:
    PORT = BlockCodec
    ADAPTER: type

    @pytest.fixture
    def codec(self) -> BlockCodec:
        raise NotImplementedError

    @pytest.mark.parametrize("kind", Kind)
    def test_every_kind_comes_back_as_it_went_in(self, codec: BlockCodec, kind: Kind) -> None:
        rows = [_row(BASE_MS + n * 1_000, **EXAMPLES[kind]) for n in range(3)]
        encoded = _encode(codec, rows, kind)
        assert (encoded.count, encoded.refused_count) == (3, 0), encoded.refused
        assert (encoded.first_ms, encoded.last_ms) == (BASE_MS, BASE_MS + 2_000)
        found = [json.loads(row) for row in codec.rows_json([encoded.block], *ALL_MS)]
        assert found == rows

    def test_a_block_is_in_the_order_of_event_times(self, codec: BlockCodec) -> None:
        times_ms = list(range(0, 50_000, 1_000))
        random.Random(1).shuffle(times_ms)
        rows = [_row(BASE_MS + time_ms, lat=time_ms / 1e6, lon=0) for time_ms in times_ms]
        encoded = _encode(codec, rows)
        columns = codec.columns(encoded.block)
        assert list(columns["time_ms"]) == sorted(BASE_MS + time_ms for time_ms in times_ms)
        assert list(columns["lat"]) == sorted(time_ms / 1e6 for time_ms in times_ms)
        for position, time_ms in enumerate(columns["time_ms"]):
            assert rows[encoded.index_at(position)]["time"] == to_rfc3339(time_ms)

    def test_each_observation_stands_or_falls_by_itself(self, codec: BlockCodec) -> None:
        rows = [_row(BASE_MS, lat=lat, lon=0) for lat in (1, 91, 2, "x", 3)]
        encoded = _encode(codec, rows)
        assert (encoded.count, encoded.refused_count) == (3, 2)
        assert [(r.index, r.field) for r in encoded.refused] == [(1, "lat"), (3, "lat")]
        assert list(codec.columns(encoded.block)["lat"]) == [1, 2, 3]
        assert [encoded.index_at(n) for n in range(3)] == [0, 2, 4]

    def test_the_bounds_of_time_are_the_callers(self, codec: BlockCodec) -> None:
        rows = [_row(BASE_MS + n, lat=0, lon=0) for n in (-1, 0, 1_000, 1_001)]
        body = json.dumps(rows).encode()
        encoded = codec.encode_json(Kind.LOCATION, body, BASE_MS, BASE_MS + 1_000, foreign=False)
        assert [(r.index, r.field) for r in encoded.refused] == [(0, "time"), (3, "time")]

    def test_nothing_of_use_gives_no_block(self, codec: BlockCodec) -> None:
        assert _encode(codec, []).block == b""
        refused = _encode(codec, [{"lat": 1}])
        assert (refused.block, refused.count, refused.refused_count) == (b"", 0, 1)

    @pytest.mark.parametrize("body", [b"", b"{}", b"[", b"[1,]", b"null", b'[{"a"}]', b"\xff"])
    def test_what_is_no_array_is_malformed(self, codec: BlockCodec, body: bytes) -> None:
        with pytest.raises(MalformedObservations):
            codec.encode_json(Kind.LOCATION, body, *ALL_MS, foreign=False)

    def test_too_many(self, codec: BlockCodec) -> None:
        row = _row(BASE_MS, lat=1, lon=2)
        assert _encode(codec, [row] * MAX_OBSERVATIONS).count == MAX_OBSERVATIONS
        with pytest.raises(TooManyObservations):
            _encode(codec, [row] * (MAX_OBSERVATIONS + 1))

    def test_foreign_observations_may_say_more(self, codec: BlockCodec) -> None:
        row = {"time_ms": BASE_MS, "lat": 1, "lon": 2, "attributes": {"motion": ["walking"]}}
        body = json.dumps([row]).encode()
        encoded = codec.encode_json(Kind.LOCATION, body, *ALL_MS, foreign=True)
        (found,) = [json.loads(one) for one in codec.rows_json([encoded.block], *ALL_MS)]
        assert found["attributes"] == row["attributes"]
        ours = codec.encode_json(Kind.LOCATION, body, *ALL_MS, foreign=False)
        assert (ours.count, ours.refused_count) == (0, 1)

    def test_the_same_observations_are_the_same_block(self, codec: BlockCodec) -> None:
        rows = [_row(BASE_MS + n, lat=n, lon=0) for n in range(5)]
        assert _encode(codec, rows).block == _encode(codec, [dict(row) for row in rows]).block
        assert _encode(codec, rows).block != _encode(codec, rows[:4]).block

    def test_describing_blocks_in_their_order(self, codec: BlockCodec) -> None:
        calls = _encode(codec, [_row(BASE_MS, **EXAMPLES[Kind.CALL])], Kind.CALL).block
        assert codec.describe([_block(codec, 1, 5), calls]) == [
            ("location", 2, BASE_MS + 1, BASE_MS + 5, ""),
            ("call", 1, BASE_MS, BASE_MS, ""),
        ]
        assert codec.describe([]) == []

    def test_a_damaged_block_is_told_from_the_others(self, codec: BlockCodec) -> None:
        good = _block(codec, 1)
        damaged = [good[:-1], good + b"x", bytes([good[0] ^ 1]) + good[1:], b"", b"\x01\x01"]
        found = codec.describe([good, *damaged, good])
        assert [one[4] for one in found] == ["", *["bad_block"] * len(damaged), ""]
        assert found[1][0] == "location", "what it claims to be"
        assert found[4][0] == ""

    def test_a_block_has_the_bounds_of_a_batch(self, codec: BlockCodec) -> None:
        most = _block(codec, *[1] * MAX_OBSERVATIONS)
        visit = _row(BASE_MS, url="u" * 4_096)
        count = MAX_TEXT_BYTES // 4_096
        texts = [_encode(codec, [visit] * n, Kind.WEB_VISIT).block for n in (count, count + 1)]
        found = codec.describe([most, codec.merge([most, _block(codec, 1)]), *texts])
        assert [one[4] for one in found] == ["", "too_many_observations", "", "too_much_text"]

    def test_attributes_are_not_for_our_agents(self, codec: BlockCodec) -> None:
        row = {"time_ms": BASE_MS, "lat": 1, "lon": 2, "attributes": {"a": 1}}
        foreign = codec.encode_json(
            Kind.LOCATION, json.dumps([row]).encode(), *ALL_MS, foreign=True
        )
        ((kind, *_, fault),) = codec.describe([foreign.block])
        assert (kind, fault) == ("location", "unknown_field")

    def test_keeping_some(self, codec: BlockCodec) -> None:
        block = _block(codec, *range(10))
        kept = codec.keep(block, [1, 4, 9])
        assert _lats(codec, kept) == [1, 4, 9]

    def test_cut_at_midnights(self, codec: BlockCodec) -> None:
        times_ms = [-1, 0, DAY_MS - 1, DAY_MS, 3 * DAY_MS]
        rows = [_row(MIDNIGHT_MS + t, lat=n, lon=0) for n, t in enumerate(times_ms)]
        days = codec.by_day(_encode(codec, rows).block)
        assert [(day_ms - MIDNIGHT_MS) // DAY_MS for day_ms, _ in days] == [-1, 0, 1, 3]
        assert [_lats(codec, block) for _, block in days] == [[0], [1, 2], [3], [4]]

    def test_a_block_that_is_not_whole_is_not_cut(self, codec: BlockCodec) -> None:
        block = _block(codec, 1, 2)
        for broken in (block[:-1], bytes([block[0], block[1] ^ 1]) + block[2:], b""):
            with pytest.raises(ValueError, match=r"checksum|too early"):
                codec.by_day(broken)

    def test_merging_is_by_time_and_loses_nothing(self, codec: BlockCodec) -> None:
        merged = codec.merge([_block(codec, 1, 5, 9), _block(codec, 2, 5, 7), _block(codec, 0)])
        assert _lats(codec, merged) == [0, 1, 2, 5, 5, 7, 9]
        again = codec.merge([codec.merge([_block(codec, 1, 5, 9), _block(codec, 2, 5, 7)])])
        assert _lats(codec, again) == [1, 2, 5, 5, 7, 9]

    def test_a_range_has_its_start_and_not_its_end(self, codec: BlockCodec) -> None:
        blocks = [_block(codec, 1, 3, 5), _block(codec, 2, 4)]
        columns = codec.merged_columns(blocks, BASE_MS + 2, BASE_MS + 5)
        assert list(columns["lat"]) == [2, 3, 4]
        rows = codec.rows_json(blocks, BASE_MS + 2, BASE_MS + 5)
        assert [json.loads(row)["lat"] for row in rows] == [2, 3, 4]

    def test_nothing_in_the_range(self, codec: BlockCodec) -> None:
        block = _block(codec, 1)
        for blocks in ([], [block]):
            assert list(codec.merged_columns(blocks, 0, BASE_MS)["time_ms"]) == []
            assert codec.rows_json(blocks, 0, BASE_MS) == []

    def test_columns_are_of_one_length(self, codec: BlockCodec) -> None:
        rows = [_row(BASE_MS, lat=1, lon=2), _row(BASE_MS + 1, lat=1, lon=2, speed_mps=3)]
        columns = codec.columns(_encode(codec, rows).block)
        assert {len(column) for column in columns.values()} == {2}
        assert list(columns["speed_mps"]) == [None, 3]
        assert "altitude_m" not in columns

    def test_more_than_a_block_can_hold_is_read_all_the_same(self, codec: BlockCodec) -> None:
        """A fix a second for a day and a half, some with a speed; two blocks lie side by side."""
        times = [BASE_MS + number * 1_000 for number in range(140_000)]
        chance = random.Random(1)
        chance.shuffle(times)
        blocks = [
            _encode(
                codec,
                [
                    _row(time_ms, lat=1, lon=2, **({"speed_mps": 1.0} if start == 0 else {}))
                    for time_ms in times[start : start + MAX_OBSERVATIONS]
                ],
            ).block
            for start in range(0, len(times), MAX_OBSERVATIONS)
        ]
        columns = codec.merged_columns(blocks, BASE_MS, BASE_MS + 139_999_000)
        assert list(columns["time_ms"]) == sorted(times)[:-1]
        assert {len(column) for column in columns.values()} == {139_999}
        fast = sum(speed is not None for speed in columns["speed_mps"])
        assert MAX_OBSERVATIONS - 1 <= fast <= MAX_OBSERVATIONS
        rows = codec.rows_json(blocks, BASE_MS, BASE_MS + 139_999_000)
        assert len(rows) == 139_999
        assert [json.loads(row)["time"] for row in rows[::20_000]] == [
            to_rfc3339(time_ms) for time_ms in sorted(times)[::20_000]
        ]

    def test_a_track_is_columns(self, codec: BlockCodec) -> None:
        rows = [_row(BASE_MS, lat=1, lon=2), _row(BASE_MS + 1_001, lat=-1.5, lon=2, speed_mps=3)]
        blocks = [_encode(codec, [row]).block for row in reversed(rows)]
        track = json.loads(codec.track_json(blocks, *ALL_MS, 10))
        assert track == {
            "time": [to_rfc3339(BASE_MS), to_rfc3339(BASE_MS + 1_001)],
            "lat": [1, -1.5],
            "lon": [2, 2],
            "speed_mps": [None, 3],
        }
        for some in ([], blocks):
            nothing = json.loads(codec.track_json(some, 0, BASE_MS, 10))
            assert nothing == {"time": [], "lat": [], "lon": [], "speed_mps": []}

    @pytest.mark.parametrize("most", [2, 3, 10, 99, 500])
    def test_a_thinned_track_keeps_its_ends(self, codec: BlockCodec, most: int) -> None:
        chance = random.Random(most)
        lat = [round(chance.uniform(-1, 1), 7) for _ in range(200)]
        found = _track(codec, lat, [round(chance.uniform(-1, 1), 7) for _ in lat], most)
        assert len(found["lat"]) == min(most, 200)
        assert (found["lat"][0], found["lat"][-1]) == (lat[0], lat[-1])
        assert found["time"] == sorted(set(found["time"]))

    def test_a_straight_line_with_a_corner_keeps_the_corner(self, codec: BlockCodec) -> None:
        lat = [0.0] * 50 + [n / 100 for n in range(50)]
        lon = [n / 100 for n in range(50)] + [0.49] * 50
        found = _track(codec, lat, lon, 3)
        assert (found["lat"][1], found["lon"][1]) == (0, 0.49)

    def test_a_thinned_track_keeps_the_top_speed_and_the_longest_gaps(
        self, codec: BlockCodec
    ) -> None:
        hour_ms = 3_600_000
        gaps = {100: 5 * hour_ms, 300: 9 * hour_ms, 500: hour_ms}
        time_ms, rows = BASE_MS, []
        for n in range(600):
            time_ms += gaps.get(n, 1_000)
            rows.append(_row(time_ms, lat=0, lon=n / 1e4, speed_mps=90 if n == 450 else n / 100))
        block = _encode(codec, rows).block
        found = json.loads(codec.track_json([block], BASE_MS, BASE_MS + 20 * hour_ms, 24))
        kept = [round(lon * 1e4) for lon in found["lon"]]
        assert len(kept) == 24
        assert {0, 99, 100, 299, 300, 450, 599} <= set(kept), "and the third gap has no room"


def _track(codec: BlockCodec, lat: list[float], lon: list[float], most: int) -> dict[str, Any]:
    both = enumerate(zip(lat, lon, strict=True))
    rows = [_row(BASE_MS + n * 1_000, lat=y, lon=x) for n, (y, x) in both]
    track: dict[str, Any] = json.loads(
        codec.track_json([_encode(codec, rows).block], *ALL_MS, most)
    )
    return track


def _row(time_ms: int, **fields: Any) -> dict[str, Any]:
    return {"time": to_rfc3339(time_ms), **fields}


def _encode(codec: BlockCodec, rows: Rows, kind: Kind = Kind.LOCATION) -> Encoded:
    return codec.encode_json(kind, json.dumps(rows).encode(), *ALL_MS, foreign=False)


def _block(codec: BlockCodec, *numbers: int) -> bytes:
    """Fixes at so many milliseconds, with the same number as their latitude."""
    return _encode(codec, [_row(BASE_MS + n, lat=n, lon=0) for n in numbers]).block


def _lats(codec: BlockCodec, block: bytes) -> list[float]:
    return list(codec.columns(block)["lat"])
