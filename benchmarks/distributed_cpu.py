"""What an upload costs each process of the distributed assembly, over HTTP and pushed."""

import time
from collections.abc import Callable
from statistics import median

import attrs
import fieldpost_native as native
import msgspec

from adapters.inbound.consumers.change_watch import EVERY_S
from benchmarks import uploads
from benchmarks.client import Client, client
from benchmarks.distributed_platform import Running, port_of, running
from benchmarks.fleet import add_rules
from benchmarks.push_client import Plan, PushClient, Way, push_client
from benchmarks.table import Table, number

_DEVICES = 128
_SIZE = 10
_SECONDS = 1.5
_ROUNDS = 3
_CONNECTIONS = 32
_PUSHING = 8
_RULES = 10
_FIELDPOST = ("web", "gateway", "workers")
_SERVERS = ("DynamoDB", "RabbitMQ", "MySQL")

_HEADERS = (
    "uploads of ten locations",
    "uploads/s",
    "sustained/s",
    "CPU µs: web",
    "gateway",
    "workers",
    "the three",
    "DynamoDB",
    "RabbitMQ",
    "MySQL",
    "write units",
    "observations/s of a core of ours",
)
_NOTE = (
    "One web, one gateway, two workers and the three servers share this machine with the client. "
    f"{_DEVICES} devices, {_CONNECTIONS} connections over HTTP or {_PUSHING} pushing devices with "
    f"up to 256 batches under way; medians of {_ROUNDS} rounds of {_SECONDS:g} s. *Sustained* "
    "counts the time until all is processed, *CPU* is of an upload until then, as the kernel "
    "counts it, and so are the write units. The last column follows from the three: what one "
    "core would do that runs them and no servers."
)

Load = Callable[[], tuple[int, float]]
"""Uploads that were answered, and in how many seconds."""


@attrs.frozen
class _Round:
    per_s: float
    sustained_per_s: float
    write_units: float
    cpu_us: dict[str, float]


def distributed_cpu() -> Table:
    with running(_DEVICES) as platform, client() as http, push_client() as pusher:
        over_http, pushed = _over_http(platform, http), _pushed(platform, pusher)
        rows = [
            _row("over HTTP, no rules", platform, over_http),
            _row("pushed, no rules", platform, pushed),
        ]
        add_rules(platform.api, _RULES)
        time.sleep(2 * EVERY_S)  # by then each process has looked for the change by itself, too
        rows.append(_row("over HTTP, ten rules", platform, over_http))
        rows.append(_row("pushed, ten rules", platform, pushed))
    return Table("An upload through the distributed assembly", _HEADERS, rows, _NOTE)


def _over_http(platform: Running, http: Client) -> Load:
    templates = uploads.batches(platform.devices, _SIZE)

    def load() -> tuple[int, float]:
        measured = http.run(platform.web_port, templates, _CONNECTIONS, _SECONDS)
        return measured.uploads, measured.seconds

    return load


def _pushed(platform: Running, pusher: PushClient) -> Load:
    bodies = [
        native.encode_json(
            "location", msgspec.json.encode(uploads.walk(_SIZE, n)), 0, 1 << 52
        ).block
        for n in range(_PUSHING)
    ]
    numbers_from = 10**9  # none that HTTP has used

    def load() -> tuple[int, float]:
        nonlocal numbers_from
        plan = Plan(
            way=Way.FIELDPOST,
            port=port_of(platform.platform.push),
            bodies=bodies,
            connections=_PUSHING,
            seconds=_SECONDS,
            numbers_from=numbers_from,
            credentials=[device.credential for device in platform.devices[:_PUSHING]],
            certificate=str(platform.platform.certificate),
        )
        measured = pusher.run(plan)
        numbers_from += measured.batches
        return measured.batches, measured.seconds

    return load


def _round(platform: Running, load: Load) -> _Round:
    before, units = platform.cpu_s(), _write_units(platform)
    started = time.perf_counter()
    count, seconds = load()
    platform.await_processed()
    elapsed = time.perf_counter() - started
    after = platform.cpu_s()
    return _Round(
        per_s=count / seconds,
        sustained_per_s=count / elapsed,
        write_units=(_write_units(platform) - units) / count,
        cpu_us={name: (after[name] - before[name]) / count * 1e6 for name in after},
    )


def _write_units(platform: Running) -> float:
    return sum(
        amount for (event, _), amount in platform.counted().items() if event == "write_units"
    )


def _row(what: str, platform: Running, load: Load) -> list[str]:
    _round(platform, load)  # devices are met, and what was remembered of them is read again
    rounds = [_round(platform, load) for _ in range(_ROUNDS)]
    cpu = {name: median(one.cpu_us[name] for one in rounds) for name in rounds[0].cpu_us}
    ours = sum(cpu[name] for name in _FIELDPOST)
    return [
        what,
        number(median(one.per_s for one in rounds)),
        number(median(one.sustained_per_s for one in rounds)),
        *(number(cpu[name]) for name in _FIELDPOST),
        number(ours),
        *(number(cpu[name]) for name in _SERVERS),
        number(median(one.write_units for one in rounds)),
        number(_SIZE * 1e6 / ours),
    ]
