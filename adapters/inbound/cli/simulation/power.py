"""The battery and the other states of a device: pure functions of the time."""

from datetime import date, timedelta

from adapters.inbound.cli.simulation.chance import chance
from adapters.inbound.cli.simulation.people import Device
from adapters.inbound.cli.simulation.seen import Seen, seen
from adapters.inbound.cli.simulation.world import World
from domain.kinds import Kind
from domain.times import local, local_day_bounds

AGENT_VERSION = "1.4.0"

_UNPLUGGED_HOUR = 6.5
_CHARGES_PER_HOUR = 0.42
_USES_PER_HOUR = (0.034, 0.044)
_HEAVY_DAY_USES_PER_HOUR = 0.057
_HEAVY_DAY = 0.25
_HOUR_MS = 3_600_000


def battery_at(world: World, device: Device, time_ms: int) -> tuple[float | None, bool]:
    """The charge as a fraction, None without a battery, and whether it is charging."""
    if device.platform == "linux":
        return None, True
    day, hour = _local_hour(world, time_ms)
    if hour < _UNPLUGGED_HOUR:
        day, hour = day - timedelta(days=1), hour + 24.0
    draw = chance(world.seed, device.key, day, "battery")
    uses = draw.uniform(*_USES_PER_HOUR)
    if draw.random() < _HEAVY_DAY:
        uses = _HEAVY_DAY_USES_PER_HOUR
    plugged_hour = draw.uniform(21.9, 23.2)
    full = draw.uniform(0.97, 1.0)
    level = full - uses * (min(hour, plugged_hour) - _UNPLUGGED_HOUR)
    level = max(0.03, level)
    if hour < plugged_hour:
        return round(level, 3), False
    return round(min(1.0, level + _CHARGES_PER_HOUR * (hour - plugged_hour)), 3), True


def state(world: World, device: Device, time_ms: int, network: str) -> Seen:
    battery, charging = battery_at(world, device, time_ms)
    draw = chance(world.seed, device.key, "storage", time_ms // (24 * _HOUR_MS))
    return seen(
        device.key,
        Kind.DEVICE_STATE,
        time_ms,
        battery=battery,
        charging=charging,
        network=network,
        storage_free_bytes=draw.randrange(18_000, 19_000) * 1_000_000,
        os_version=device.os_version,
        agent_version=AGENT_VERSION,
    )


def _local_hour(world: World, time_ms: int) -> tuple[date, float]:
    """Of the clock that runs on from local midnight, so that it is continuous."""
    day = local(time_ms, world.zone).date()
    return day, (time_ms - local_day_bounds(day, world.zone)[0]) / _HOUR_MS
