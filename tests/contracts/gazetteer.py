"""What every gazetteer must do."""

import asyncio

import pytest

from application.ports.gazetteer import MAX_DISTANCE_M, Gazetteer
from domain.geometry import distance_m

MUNICH = (48.1372, 11.5756)
ATLANTIC = (30.0, -40.0)


@pytest.mark.anyio
class GazetteerContract:
    PORT = Gazetteer
    ADAPTER: type

    @pytest.fixture
    def gazetteer(self) -> Gazetteer:
        raise NotImplementedError

    async def test_the_town_somebody_is_in(self, gazetteer: Gazetteer) -> None:
        (town,) = await gazetteer.nearest([MUNICH])
        assert town is not None
        assert (town.name, town.region, town.country) == ("Munich", "Bavaria", "DE")
        assert town.distance_m < 1_000

    async def test_each_position_in_its_place(self, gazetteer: Gazetteer) -> None:
        found = await gazetteer.nearest([ATLANTIC, MUNICH, ATLANTIC, (-33.8688, 151.2093)])
        assert [town.country if town else None for town in found] == [None, "DE", None, "AU"]
        assert await gazetteer.nearest([]) == []

    async def test_nothing_near_is_nothing(self, gazetteer: Gazetteer) -> None:
        nowhere = [ATLANTIC, (90.0, 0.0), (-90.0, 180.0), (-65.0, -180.0), (23.5, 12.0)]
        assert await gazetteer.nearest(nowhere) == [None] * len(nowhere)

    async def test_the_last_town_before_nowhere(self, gazetteer: Gazetteer) -> None:
        """Longyearbyen, where a degree of longitude is 23 km: its distance is told in metres."""
        town_at = (78.2232, 15.6469)
        for lon in (15.6469, 16.5, 17.5, 20.0):
            (town,) = await gazetteer.nearest([(78.2232, lon)])
            away_m = distance_m(*town_at, 78.2232, lon)
            if away_m > MAX_DISTANCE_M + 1_000:
                assert town is None
            else:
                assert town is not None
                assert town.name == "Longyearbyen"
                assert town.distance_m == pytest.approx(away_m, abs=500)

    async def test_across_the_antimeridian(self, gazetteer: Gazetteer) -> None:
        """A spot on both sides of 180 degrees is one spot."""
        for lat in (-16.8, 52.0, 65.0, 66.3, 68.9):
            west, east = await gazetteer.nearest([(lat, 180.0), (lat, -180.0)])
            assert (west and west.name) == (east and east.name)

    async def test_the_same_each_time(self, gazetteer: Gazetteer) -> None:
        positions = [(48.0 + n / 50, 11.0 + n / 30) for n in range(40)]
        once = await gazetteer.nearest(positions)
        assert await gazetteer.nearest(list(reversed(positions))) == once[::-1]
        assert all(town.distance_m <= MAX_DISTANCE_M for town in once if town)

    async def test_many_at_once_ask_together(self, gazetteer: Gazetteer) -> None:
        found = await asyncio.gather(*(gazetteer.nearest([MUNICH]) for _ in range(20)))
        assert all(one == found[0] for one in found)
