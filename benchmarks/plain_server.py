"""What one would write first: a Litestar handler that decodes an upload and appends it to SQLite.

Its answer, too, comes after the fsync that it shares with the uploads beside it; it checks no
credential, no consent and no duplicate, and nobody processes what it stored.
"""

import sqlite3
import sys
from typing import Any

import msgspec
import uvicorn
from litestar import Litestar, Request, Response, get, post

from benchmarks.appender import Appender


class Location(msgspec.Struct):
    time: str
    lat: float
    lon: float
    accuracy_m: float | None = None
    altitude_m: float | None = None
    speed_mps: float | None = None
    bearing_deg: float | None = None
    source: str | None = None


class Batch(msgspec.Struct):
    kind: str
    sequence: int
    observations: list[Location]


class Upload(msgspec.Struct):
    batches: list[Batch]


class Fix(msgspec.Struct):
    """As OwnTracks sends it."""

    lat: float
    lon: float
    tst: int
    acc: float | None = None
    alt: float | None = None
    vel: float | None = None
    batt: float | None = None


_upload = msgspec.json.Decoder(Upload)
_fix = msgspec.json.Decoder(Fix)


_TRACK = "SELECT time_ms, lat, lon, speed_mps FROM fixes WHERE device = ? ORDER BY time_ms"


def application(path: str) -> Litestar:
    appender = Appender(path)

    @post("/agent/v1/batches", status_code=200)
    async def batches(request: Request[Any, Any, Any]) -> Response[dict[str, int]]:
        body = await request.body()
        upload = _upload.decode(body)
        accepted = sum(len(batch.observations) for batch in upload.batches)
        await appender.append([body])
        return Response({"accepted": accepted})

    @post("/agent/owntracks", status_code=200)
    async def owntracks(request: Request[Any, Any, Any]) -> Response[list[str]]:
        body = await request.body()
        _fix.decode(body)
        await appender.append([body])
        return Response([])

    @get("/track", sync_to_thread=False)
    def track(device: str) -> dict[str, list[Any]]:
        with sqlite3.connect(path) as connection:
            columns = list(zip(*connection.execute(_TRACK, (device,)), strict=True))
        names = ("time_ms", "lat", "lon", "speed_mps")
        return {name: list(values) for name, values in zip(names, columns, strict=True)}

    @get("/health/live")
    async def live() -> dict[str, str]:
        return {}

    return Litestar(
        [batches, owntracks, track, live], on_startup=[appender.start], openapi_config=None
    )


if __name__ == "__main__":
    uvicorn.run(
        application(sys.argv[1]),
        host="127.0.0.1",
        port=int(sys.argv[2]),
        loop="uvloop",
        http="httptools",
        ws="none",
        log_config=None,
        access_log=False,
    )
