"""Stays of a recording as trackintel finds them, beside ours."""

import warnings
from itertools import pairwise
from statistics import median

import attrs
import geopandas
import pandas
import trackintel
from shapely.geometry import Point

from domain.consolidation.columns import Columns
from domain.consolidation.movements import Stay
from domain.consolidation.stays import GAP_MS, MIN_STAY_MS, STAY_RADIUS_M
from domain.geometry import distance_m

MINUTE_MS = 60_000


@attrs.frozen
class Span:
    from_ms: int
    to_ms: int

    def shared_ms(self, other: "Span") -> int:
        return max(0, min(self.to_ms, other.to_ms) - max(self.from_ms, other.from_ms))


def span_of(stay: Stay) -> Span:
    return Span(stay.from_ms, stay.to_ms)


def their_stays(columns: Columns) -> list[Span]:
    """By the sliding window of Li et al. (2008), with our radius, duration and gap."""
    where = zip(columns["lon"], columns["lat"], strict=True)
    fixes = geopandas.GeoDataFrame(
        {"user_id": 0, "tracked_at": pandas.to_datetime(columns["time_ms"], unit="ms", utc=True)},
        geometry=[Point(lon, lat) for lon, lat in where],
        crs="EPSG:4326",
    ).drop_duplicates("tracked_at", ignore_index=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _, found = trackintel.Positionfixes(fixes).generate_staypoints(
            method="sliding",
            dist_threshold=STAY_RADIUS_M,
            time_threshold=MIN_STAY_MS / MINUTE_MS,
            gap_threshold=GAP_MS / MINUTE_MS,
            include_last=True,
        )
    return [
        Span(round(start.timestamp() * 1000), round(end.timestamp() * 1000))
        for start, end in zip(found["started_at"], found["finished_at"], strict=True)
    ]


@attrs.frozen
class Recording:
    """The fixes, to say why two methods differ."""

    columns: Columns

    def waits_for_the_next_fix(self, stay: Span) -> bool:
        """Theirs lasts until a fix is elsewhere: of that long silence nobody knows the where."""
        times = self.columns["time_ms"]
        last = max(n for n, time_ms in enumerate(times) if time_ms < stay.to_ms)
        seen_ms = times[last] - stay.from_ms
        leaps = last + 1 < len(times) and self._apart_m(last, last + 1) > STAY_RADIUS_M
        return leaps and seen_ms < MIN_STAY_MS

    def goes_on_slowly(self, stay: Span) -> bool:
        """So long within the radius of its first fix, but never around a middle: a walk."""
        times, lats, lons = (self.columns[name] for name in ("time_ms", "lat", "lon"))
        inside = [n for n, time_ms in enumerate(times) if stay.from_ms <= time_ms < stay.to_ms]
        middle = median(lats[n] for n in inside), median(lons[n] for n in inside)
        near = [n for n in inside if distance_m(*middle, lats[n], lons[n]) <= STAY_RADIUS_M / 2]
        return not near or times[near[-1]] - times[near[0]] < MIN_STAY_MS

    def sleeps(self, stay: Span) -> bool:
        """Ours lasts while the device is silent and then is where it was; theirs has a gap."""
        times = self.columns["time_ms"]
        pairs = pairwise(times)
        return any(
            after - before > GAP_MS and stay.from_ms <= before and after <= stay.to_ms
            for before, after in pairs
        )

    def _apart_m(self, one: int, other: int) -> float:
        lats, lons = self.columns["lat"], self.columns["lon"]
        return distance_m(lats[one], lons[one], lats[other], lons[other])
