"""The family on the real platform: what it tells is kept, and alerts come of it."""

import asyncio
import time
from pathlib import Path

from adapters.inbound.cli.simulation import demo
from adapters.inbound.cli.simulation.people import DEVICES, PEOPLE
from tests.support.client import Account
from tests.support.server import Server

_PLAYS_S = 6.0


def test_three_days_are_delivered_quickly_and_the_family_goes_on(
    server: Server, account: Account, tmp_path: Path
) -> None:
    state = tmp_path / "family.json"
    before = server.counted("observations_accepted")

    async def play() -> int:
        began = time.monotonic()
        counts = await demo.populate(server.url, account.api_token, state, seed=7, days=3)
        assert time.monotonic() - began < 30.0
        assert (counts.duplicate, counts.refused, counts.reasons) == (0, 0, {})
        again = await demo.populate(server.url, account.api_token, state, seed=7, days=3)
        assert again.accepted == 0
        live = asyncio.create_task(demo.live(server.url, state, seed=7))
        await asyncio.sleep(_PLAYS_S)
        live.cancel()
        return counts.accepted

    accepted = asyncio.run(play())
    server.settled()
    assert accepted > 3_000
    assert server.counted("observations_accepted") - before > accepted

    people = account.api.get("/api/v1/people").expect(200)["items"]
    assert [one["name"] for one in people] == [one.name for one in PEOPLE]
    devices = {one["name"]: one for one in account.api.get("/api/v1/devices").expect(200)["items"]}
    assert set(devices) == {one.name for one in DEVICES}
    assert devices["Old tablet"]["health"]["state"] == "silent"
    assert devices["Neli's phone"]["health"]["state"] == "ok"
    assert account.api.get("/api/v1/quarantine").expect(200)["items"] == []

    alerts = account.api.get("/api/v1/alerts?limit=100").expect(200)["items"]
    rules = {one["rule_name"] for one in alerts}
    assert {"Somebody comes Home", "Neli is out late", "Tomo drives fast"} & rules
    assert any(one["late"] for one in alerts)
