"""The real GPS recordings that the weekend days replay, read from the GPX files beside this.

Their origin and licence are in `recordings/NOTICE.md` and `recordings/LICENSE.txt`.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

import attrs

from adapters.inbound.cli.simulation.motion import Motion, Point, paced, played
from domain.times import from_datetime

_FOLDER = Path(__file__).parent / "recordings"


@attrs.frozen
class Recording:
    """`legs` are the stretches without a pause in the recording.

    Each begins `starts_s` after the first one, at the pace at which it was recorded.
    """

    name: str
    legs: tuple[Motion, ...]
    starts_s: tuple[float, ...]

    @property
    def duration_s(self) -> float:
        return self.starts_s[-1] + self.legs[-1].duration_s

    @property
    def start(self) -> tuple[float, float]:
        return self.legs[0].points[0].position

    @property
    def end(self) -> tuple[float, float]:
        return self.legs[-1].points[-1].position


def load() -> Mapping[str, Recording]:
    """By name: `drive` and `lake` as recorded, `hill` with its times, `ravine` without any."""
    drive = _read("around-visnjan-with-car.gpx")
    lake = _read("cerknicko-jezero.gpx")
    hills = _read("korita-zbevnica.gpx")
    return {
        "drive": _recorded("drive", drive),
        "lake": _recorded("lake", lake),
        "hill": _recorded("hill", [leg for leg in hills if leg[0].time_ms is not None]),
        "ravine": _paced("ravine", [leg for leg in hills if leg[0].time_ms is None]),
    }


@attrs.frozen
class _Fix:
    lat: float
    lon: float
    altitude_m: float | None
    time_ms: int | None


def _read(file_name: str) -> list[list[_Fix]]:
    """The segments with at least two points."""
    root = ElementTree.parse(_FOLDER / file_name).getroot()
    space = root.tag[: root.tag.index("}") + 1]
    segments = [
        [_fix(point, space) for point in segment.iter(f"{space}trkpt")]
        for segment in root.iter(f"{space}trkseg")
    ]
    return [segment for segment in segments if len(segment) > 1]


def _fix(point: ElementTree.Element, space: str) -> _Fix:
    altitude, time = point.findtext(f"{space}ele"), point.findtext(f"{space}time")
    return _Fix(
        lat=float(point.attrib["lat"]),
        lon=float(point.attrib["lon"]),
        altitude_m=float(altitude) if altitude else None,
        time_ms=from_datetime(datetime.fromisoformat(time)) if time else None,
    )


def _recorded(name: str, segments: list[list[_Fix]]) -> Recording:
    legs, starts = [], []
    first_ms = segments[0][0].time_ms
    assert first_ms is not None
    for segment in segments:
        times = [(fix.time_ms or 0) - first_ms for fix in segment]
        starts.append(times[0] / 1000)
        offsets = [(time - times[0]) / 1000 for time in times]
        legs.append(played([_point(fix) for fix in segment], offsets))
    return Recording(name, tuple(legs), tuple(starts))


def _paced(name: str, segments: list[list[_Fix]]) -> Recording:
    """A walk of which only the line is known, at a walker's pace."""
    legs, starts, at_s = [], [], 0.0
    for segment in segments:
        leg = paced([_point(fix) for fix in segment])
        legs.append(leg)
        starts.append(at_s)
        at_s += leg.duration_s + 60.0
    return Recording(name, tuple(legs), tuple(starts))


def _point(fix: _Fix) -> Point:
    return Point(fix.lat, fix.lon, fix.altitude_m)
