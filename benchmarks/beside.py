"""The same load on Fieldpost and on the plain server, in turns, in one run."""

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import attrs

from benchmarks import servers
from benchmarks.client import Client, client
from benchmarks.fleet import Api, EnrolledDevice, enrol
from benchmarks.machine import cpu_s
from benchmarks.servers import Server
from benchmarks.table import number
from benchmarks.uploads import Template, batches

DEVICES = 256
_DRAIN_S = 20.0
_WARM_UP_S = 0.5


@attrs.frozen
class Round:
    """`sustained_per_s` counts the time until all was processed, too."""

    per_s: float
    sustained_per_s: float
    p50_ms: float
    p99_ms: float
    cpu_us: float
    cpu_with_processing_us: float
    client_busy: float


@attrs.frozen
class Stand:
    """Both servers with enrolled devices, and a client."""

    fieldpost: Server
    plain: Server
    devices: Sequence[EnrolledDevice]
    api: Api
    client: Client

    def compare(
        self, templates: Sequence[Template], connections: int, seconds: float, rounds: int
    ) -> tuple[Round, Round]:
        """Medians of Fieldpost and of the plain server."""
        ours, theirs = [], []
        for _ in range(rounds):
            ours.append(self._round(self.fieldpost, templates, connections, seconds))
            theirs.append(self._round(self.plain, templates, connections, seconds))
        return _medians(ours), _medians(theirs)

    def _round(
        self, server: Server, templates: Sequence[Template], connections: int, seconds: float
    ) -> Round:
        started, cpu = time.perf_counter(), cpu_s(server.pid)
        measured = self.client.run(server.port, templates, connections, seconds)
        answered = cpu_s(server.pid)
        if server is self.fieldpost:
            self.await_processed()
        elapsed = time.perf_counter() - started
        return Round(
            per_s=measured.per_s,
            sustained_per_s=measured.uploads / max(elapsed, measured.seconds),
            p50_ms=measured.p50_ms,
            p99_ms=measured.p99_ms,
            cpu_us=(answered - cpu) / measured.uploads * 1e6,
            cpu_with_processing_us=(cpu_s(server.pid) - cpu) / measured.uploads * 1e6,
            client_busy=measured.busy,
        )

    def await_processed(self) -> None:
        deadline = time.monotonic() + _DRAIN_S
        while self.api.queue_depth() > 0:
            if time.monotonic() > deadline:
                raise RuntimeError("the queue is not processed in time")
            time.sleep(0.02)


@contextmanager
def stand() -> Iterator[Stand]:
    with tempfile.TemporaryDirectory(prefix="fieldpost-bench-") as folder:
        data = Path(folder)
        owner = servers.create_account(data)
        with servers.fieldpost(data) as ours, servers.plain(data) as plain, client() as load:
            api = Api(ours.port, owner.api_token)
            try:
                both = Stand(ours, plain, enrol(api, DEVICES), api, load)
                both.compare(batches(both.devices, 10), 8, _WARM_UP_S, 1)
                yield both
            finally:
                api.close()


HEADERS = (
    "uploads/s",
    "observations/s",
    "p50 ms",
    "p99 ms",
    "CPU µs",
    "CPU µs with processing",
    "sustained/s",
    "plain uploads/s",
    "plain p99 ms",
    "plain CPU µs",
    "ratio",
)

NOTE = (
    "Durable before each answer. The server has one core, the client another. *CPU* is the "
    "server's per upload, without and with what it takes until all is processed; *sustained* "
    "counts the time of that, too. *Plain* decodes the same bodies into structs and appends "
    "them to SQLite with group commit; it checks and processes nothing. *Ratio* is of uploads/s."
)


def cells(ours: Round, plain: Round, size: int) -> list[str]:
    return [
        number(ours.per_s),
        number(ours.per_s * size),
        number(ours.p50_ms),
        number(ours.p99_ms),
        number(ours.cpu_us),
        number(ours.cpu_with_processing_us),
        number(ours.sustained_per_s),
        number(plain.per_s),
        number(plain.p99_ms),
        number(plain.cpu_us),
        f"{ours.per_s / plain.per_s:.2f}",
    ]


def _medians(rounds: Sequence[Round]) -> Round:
    names = [field.name for field in attrs.fields(Round)]
    return Round(**{name: median(getattr(one, name) for one in rounds) for name in names})
