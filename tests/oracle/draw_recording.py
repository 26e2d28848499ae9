"""Draws the stays, trips and stops of a recording on its fixes: docs/consolidation-map.png.

`python -m tests.oracle.draw_recording`; needs what requirements-oracle.lock brings.
"""

import math
from pathlib import Path

import matplotlib
from matplotlib import pyplot

from domain.consolidation.movements import Stay, Trip
from tests.domain.test_recordings import recorded, whole

RECORDING = "korita-zbevnica.gpx"
TARGET = Path(__file__).parents[2] / "docs" / "consolidation-map.png"
COLOURS = ("#3b6fb6", "#d1732e", "#3a8f5c", "#8c56a8", "#b0892a", "#5a5a5a")


def main() -> None:
    matplotlib.use("Agg")
    columns = recorded(RECORDING)
    times, lats, lons = (columns[name] for name in ("time_ms", "lat", "lon"))
    figure, axes = pyplot.subplots(figsize=(9, 6), dpi=90)
    axes.plot(lons, lats, ".", color="#bbbbbb", markersize=4, label="fixes")
    trips = stays = 0
    for item in whole(columns).items:
        minutes = f"{(item.to_ms - item.from_ms) / 60_000:.0f} min"
        if isinstance(item, Trip):
            colour = COLOURS[trips % len(COLOURS)]
            trips += 1
            inside = [n for n, time in enumerate(times) if item.from_ms <= time <= item.to_ms]
            label = f"trip {trips}: {item.distance_m:.0f} m, {minutes}"
            axes.plot(
                [lons[n] for n in inside], [lats[n] for n in inside], color=colour, label=label
            )
            for stop in item.stops:
                axes.plot(stop.lon, stop.lat, "s", color=colour, markersize=9, fillstyle="none")
        elif isinstance(item, Stay):
            stays += 1
            axes.plot(item.lon, item.lat, "o", color="#c0262d", markersize=11, alpha=0.8)
            axes.annotate(
                f"{stays}: {minutes}",
                (item.lon, item.lat),
                textcoords="offset points",
                xytext=(8, 8 if stays % 2 else -14),
                color="#c0262d",
            )
    axes.set_aspect(1 / math.cos(math.radians(sum(lats) / len(lats))))
    axes.set_title(f"{RECORDING}: stays (dots, in their order), trips (lines), stops (squares)")
    axes.legend(loc="best", fontsize=8)
    figure.tight_layout()
    figure.savefig(TARGET)


if __name__ == "__main__":
    main()
