"""The list of GeoNames against the suite of its port, and against looking at every town."""

import gzip
import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.outbound.geonames.gazetteer import GeonamesGazetteer
from adapters.outbound.geonames.town_file import TownRecord, town_file, town_records
from adapters.outbound.geonames.town_index import TownIndex
from application.faults import StoreBroken
from application.ports.gazetteer import MAX_DISTANCE_M, Gazetteer
from domain.geometry import distance_m
from tests.contracts.gazetteer import MUNICH, GazetteerContract

_LOADED = GeonamesGazetteer()
"""Read once: it takes a second."""


class TestGeonamesGazetteer(GazetteerContract):
    ADAPTER = GeonamesGazetteer

    @pytest.fixture
    def gazetteer(self) -> Gazetteer:
        return _LOADED


lats = st.floats(-90, 90, width=32) | st.sampled_from([-90.0, 0.0, 89.95, 90.0])
lons = st.floats(-180, 180, width=32) | st.sampled_from([-180.0, -179.99, 0.0, 179.99, 180.0])
towns = st.lists(st.tuples(lats, lons), max_size=30)


@given(towns, lats, lons, st.sampled_from([1_000.0, 50_000.0, 3_000_000.0]))
def test_none_is_nearer(
    places: list[tuple[float, float]], lat: float, lon: float, max_m: float
) -> None:
    records = [TownRecord(f"ö{n}", "DE", *place) for n, place in enumerate(places)]
    found = TownIndex(records).closest(lat, lon, max_m)
    nearest_m = min((distance_m(lat, lon, *place) for place in places), default=max_m + 1)
    if found is None:
        assert nearest_m > max_m - 1
    else:
        assert found.distance_m == pytest.approx(nearest_m, abs=1.0)
        assert found.distance_m == pytest.approx(
            distance_m(lat, lon, *places[int(found.name[1:])]), abs=1.0
        )


def test_the_real_list_is_read_whole() -> None:
    whole = json.loads(gzip.decompress(town_file().read_bytes()))
    read = list(town_records(town_file()))
    assert [one.city for one in read] == [one["city"] for one in whole]
    assert [one.state for one in read] == [one.get("state") for one in whole]
    index, chance = TownIndex(read), random.Random(5)
    for _ in range(20):
        lat, lon = chance.uniform(35, 60), chance.uniform(-10, 30)
        nearest_m = min(distance_m(lat, lon, one.latitude, one.longitude) for one in read)
        found = index.closest(lat, lon, MAX_DISTANCE_M)
        assert (found is None) == (nearest_m > MAX_DISTANCE_M)
        assert found is None or found.distance_m == pytest.approx(nearest_m, abs=5)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no gzip",
        gzip.compress(b""),
        gzip.compress(b"{}"),
        gzip.compress(b'[{"city":"Ulm"}]'),
        gzip.compress(b'[{"city":"U'),
        gzip.compress(b"[" + b" " * 1_000_000),
        gzip.compress(b'[{"city":"Ulm","country_code":"DE","latitude":48,"longitude":10}]')[:-9],
    ],
    ids=["nothing", "plain", "empty", "object", "short", "cut", "blank", "truncated"],
)
@pytest.mark.anyio
async def test_a_list_that_is_broken(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "towns.gz"
    file.write_bytes(content)
    with pytest.raises(StoreBroken):
        await GeonamesGazetteer(lambda: file).nearest([MUNICH])


@pytest.mark.anyio
async def test_no_list_and_then_one(tmp_path: Path) -> None:
    file = tmp_path / "towns.gz"
    gazetteer = GeonamesGazetteer(lambda: file)
    with pytest.raises(StoreBroken):
        await gazetteer.nearest([MUNICH])
    record = {"city": "Ulm", "country_code": "DE", "latitude": 48.4, "longitude": 10.0}
    file.write_bytes(gzip.compress(json.dumps([record]).encode()))
    (town,) = await gazetteer.nearest([(48.4, 10.0)])
    assert town is not None
    assert (town.name, town.region) == ("Ulm", None)
