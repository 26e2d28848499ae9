"""A fleet of simulated devices that deliver at a steady rate, and what the platform says."""

import asyncio
from collections.abc import Sequence
from typing import Any

import attrs

from adapters.inbound.cli.simulation.calls import CallRefused, Calls, Unreachable, calling
from adapters.inbound.cli.simulation.chance import chance
from adapters.inbound.cli.simulation.clock import Clock, SystemClock
from adapters.inbound.cli.simulation.couriers import Counts
from adapters.inbound.cli.simulation.dashboard import DashboardApi
from adapters.inbound.cli.simulation.fleet import Vehicle
from adapters.inbound.cli.simulation.household import Progress, enrolled, redeemed
from adapters.inbound.cli.simulation.record import DeviceRecord
from adapters.inbound.cli.simulation.world import TIME_ZONE
from domain.kinds import Kind

PER_UPLOAD = 10
"""Locations in an upload."""
REPEATED = 0.02
"""The part of the uploads that is sent twice, as after a lost answer."""

_AT_ONCE = 8
_ATTEMPTS = 6


@attrs.define
class Result(Counts):
    """`uploads` were answered, `failed` were not; `repeated` calls had to be made again
    because the platform was busy or not reached. `took_ms` is how long each answer took.
    """

    devices: int = 0
    uploads: int = 0
    failed: int = 0
    repeated: int = 0
    took_ms: list[int] = attrs.field(factory=list)

    def quantile_ms(self, part: float) -> int:
        """How long so many of the answers took at most; 0 when there were none."""
        ordered = sorted(self.took_ms)
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0


def quiet(_text: str, _done: int, _total: int) -> None:
    """A progress that nobody sees."""


async def simulate(
    base_url: str,
    api_token: str | None = None,
    *,
    codes: Sequence[str] = (),
    devices: int = 10,
    rate: float = 10.0,
    seed: int = 1,
    duration_s: float = 60.0,
    progress: Progress = quiet,
    clock: Clock | None = None,
) -> Result:
    """Let devices deliver `rate` uploads a second, all together, for `duration_s`.

    They enrol by the `codes`; without any, `devices` of them are set up with the `api_token`,
    and used again the next time. Raises CallRefused and Unreachable before the first upload;
    from then on failures are counted.
    """
    clock = clock or SystemClock()
    result = Result()
    async with calling(base_url, clock, attempts=_ATTEMPTS) as calls:
        began_ms = clock.now_ms()
        if codes:
            records = [await redeemed(calls, code, "other", began_ms) for code in codes]
        else:
            assert api_token is not None, "codes or an API token are needed"
            api = DashboardApi(calls, api_token)
            records = await _set_up(api, devices, progress)
        result.devices = len(records)
        vehicles = [Vehicle(seed, number, began_ms) for number in range(len(records))]
        run = _Run(calls, clock, result, progress, clock.now_ms(), rate, duration_s, seed)
        await asyncio.gather(*map(run.device, vehicles, records))
        result.repeated = calls.repeated
    return result


@attrs.frozen
class _Run:
    calls: Calls
    clock: Clock
    result: Result
    progress: Progress
    from_ms: int
    rate: float
    duration_s: float
    seed: int

    async def device(self, vehicle: Vehicle, record: DeviceRecord) -> None:
        """Uploads at its own turns; turns that were missed are left out, not caught up."""
        count = self.result.devices
        every_ms = 1000 * count / self.rate
        draw = chance(self.seed, "repeats", vehicle.number)
        turn_ms = self.from_ms + every_ms * vehicle.number / count
        last_ms = turn_ms - every_ms
        end_ms = self.from_ms + 1000 * self.duration_s
        while turn_ms < end_ms:
            await self.clock.sleep(max(0.0, (turn_ms - self.clock.now_ms()) / 1000))
            step_ms = (turn_ms - last_ms) / PER_UPLOAD
            times = [round(last_ms + step_ms * (i + 1)) for i in range(PER_UPLOAD)]
            batch = {
                "kind": Kind.LOCATION.value,
                "sequence": record.next_sequence(Kind.LOCATION),
                "observations": vehicle.fixes(sorted(set(times))),
            }
            for _ in range(1 + (draw.random() < REPEATED)):
                await self._upload(batch, record)
            last_ms = turn_ms
            missed = max(0.0, (self.clock.now_ms() - turn_ms) // every_ms)
            turn_ms += every_ms * (1 + missed)

    async def _upload(self, batch: dict[str, Any], record: DeviceRecord) -> None:
        headers = {"Authorization": f"Bearer {record.secret}"}
        began_ms = self.clock.now_ms()
        try:
            body = {"batches": [batch]}
            answer = await self.calls("POST", "/agent/v1/batches", body, headers=headers)
        except (CallRefused, Unreachable) as error:
            self.result.failed += 1
            self.result.reasons[str(error)[:200]] += 1
            return
        self.result.uploads += 1
        self.result.took_ms.append(self.clock.now_ms() - began_ms)
        self.result.add(batch, answer["receipts"][0])
        self.progress("Uploads", self.result.uploads, round(self.rate * self.duration_s))


async def _set_up(api: DashboardApi, devices: int, progress: Progress) -> list[DeviceRecord]:
    person = await api.named(
        "/people", {"name": "Simulated fleet", "time_zone": TIME_ZONE}, await api.all("/people")
    )
    if not await api.all(f"/people/{person['id']}/consents"):
        every = {"kinds": [kind.value for kind in Kind]}
        await api.add(f"/people/{person['id']}/consents", every)
    known = await api.all("/devices")
    turn, done = asyncio.Semaphore(_AT_ONCE), 0

    async def one(number: int) -> DeviceRecord:
        nonlocal done
        async with turn:
            name = f"Simulated {number + 1}"
            wanted = {"person_id": person["id"], "name": name, "platform": "other"}
            device = await api.named("/devices", wanted, known)
            record = await enrolled(api, device, "fieldpost", 0)
        done += 1
        progress("Devices", done, devices)
        return record

    return list(await asyncio.gather(*(one(number) for number in range(devices))))
