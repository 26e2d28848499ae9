"""Event times as agents write them."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.inbound.http.foreign.reading import Reason
from adapters.inbound.http.foreign.times import from_epoch_seconds, from_iso
from domain.observations import EARLIEST_TIME_MS

EARLIEST = datetime.fromtimestamp(EARLIEST_TIME_MS / 1000, UTC).replace(tzinfo=None)
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
MOMENTS = st.datetimes(EARLIEST + timedelta(days=1), datetime(9999, 12, 30), timezones=OFFSETS)


@given(MOMENTS)
def test_iso_with_any_offset(moment: datetime) -> None:
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    assert from_iso(moment.isoformat()) == since // timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("text", "time_ms"),
    [
        ("2015-10-01T08:00:00-0700", 1_443_711_600_000),
        ("2015-10-01T15:00:00Z", 1_443_711_600_000),
        ("2015-10-01T15:00:00", 1_443_711_600_000),
        ("2015-10-01 15:00:00.9999", 1_443_711_600_999),
        ("1999-12-31T23:59:59.999Z", Reason.OUT_OF_RANGE),
        ("0001-01-01T00:00:00+14:00", Reason.OUT_OF_RANGE),
        ("2015-10-01", Reason.NOT_A_TIME),
        ("2015-10-01T25:00:00Z", Reason.NOT_A_TIME),
        ("2015-10-01T15:00:00Z" + " " * 100, Reason.NOT_A_TIME),
        (1_443_711_600, Reason.NOT_A_TIME),
        (None, Reason.MISSING),
    ],
)
def test_iso(text: Any, time_ms: int | Reason) -> None:
    assert from_iso(text) == time_ms


@pytest.mark.parametrize(
    ("seconds", "time_ms"),
    [
        (1_443_711_600, 1_443_711_600_000),
        (1_443_711_600.25, 1_443_711_600_250),
        (946_684_800, EARLIEST_TIME_MS),
        (946_684_799, Reason.OUT_OF_RANGE),
        (-1, Reason.OUT_OF_RANGE),
        (10**40, Reason.OUT_OF_RANGE),
        (float("inf"), Reason.OUT_OF_RANGE),
        (float("nan"), Reason.OUT_OF_RANGE),
        (True, Reason.NOT_A_TIME),
        ("1443711600", Reason.NOT_A_TIME),
        (None, Reason.MISSING),
    ],
)
def test_epoch_seconds(seconds: Any, time_ms: int | Reason) -> None:
    assert from_epoch_seconds(seconds) == time_ms
