"""fieldpost-push delivers each line once, whatever happens to it and to the server."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import fieldpost_native as native
import pytest

from tests.native.push_server import (
    LATER,
    REFUSED,
    Answer,
    Batch,
    PushServer,
    make_certificate,
    signed,
    text,
    varint,
)

# Another build of it may be named, such as one with sanitizers.
PROGRAM = Path(
    os.environ.get("FIELDPOST_PUSH_PROGRAM", Path(sys.executable).parent / "fieldpost-push")
)
FIRST_MS = 1_767_323_045_000
FAR_PAST, FAR_FUTURE = -(2**62), 2**62


def line(number: int) -> str:
    """Told apart from all others by its time."""
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(FIRST_MS // 1000 + number))
    return f'{{"kind": "location", "time": "{at}", "lat": 45.5, "lon": {number % 180}}}\n'


def times_of(server: PushServer) -> list[int]:
    """Of every observation that the server keeps, in seconds since the first."""
    blocks = [batch.payload for batch in server.kept.values() if not batch.kind_name]
    times = [t for block in blocks for t in native.decode_columns(block)["time_ms"]]
    return sorted((t - FIRST_MS) // 1000 for t in times)


class Setting:
    """A server, and the program with what it needs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = PushServer(make_certificate(folder))
        self.input = folder / "observations.ndjson"
        self.credential = folder / "credential"
        self.credential.write_text("fpd_secret\n")
        self.credential.chmod(0o600)

    def write(self, lines: Iterator[str] | list[str]) -> None:
        self.input.write_text("".join(lines))

    def begin(self, *options: str, stdin: int | None = None) -> "subprocess.Popen[str]":
        command = [str(PROGRAM), "--server", f"127.0.0.1:{self.server.port}", "--device", "d1"]
        command += ["--credential-file", str(self.credential), "--max-wait", "0.05"]
        command += ["--spool", str(self.folder / "spool"), *options]
        if "--fingerprint" not in options and "--ca" not in options:
            command += ["--ca", str(self.server.certificate)]
        with self.input.open() as given:
            return subprocess.Popen(
                command, stdin=given if stdin is None else stdin, stderr=subprocess.PIPE, text=True
            )

    def run(self, *options: str) -> tuple[int, str]:
        """Its exit status, and what it said."""
        process = self.begin(*options)
        said = process.communicate(timeout=60)[1]
        return process.returncode, said


@pytest.fixture
def setting(tmp_path: Path) -> Iterator[Setting]:
    setting = Setting(tmp_path)
    setting.server.start()
    yield setting
    setting.server.stop()


def after(
    server: PushServer, batches: int, act: Callable[[], object]
) -> Callable[[Batch], Answer | None]:
    """Accepts; acts when it has kept the n-th batch, for which it gives no receipt."""
    left = [batches]

    def judge(batch: Batch) -> Answer | None:
        left[0] -= 1
        if left[0] != 0:
            return Answer()
        server.kept.setdefault((batch.kind, batch.sequence), batch)
        act()
        return None

    return judge


def test_every_line_arrives_once(setting: Setting) -> None:
    setting.write(line(number) for number in range(2_345))
    code, said = setting.run()
    assert (code, times_of(setting.server)) == (0, list(range(2_345)))
    assert "2,345 lines read, 2,345 acknowledged" in said


def test_a_file_that_has_grown_is_continued(setting: Setting) -> None:
    setting.write(line(number) for number in range(700))
    assert setting.run()[0] == 0
    setting.write(line(number) for number in range(1_000))
    code, said = setting.run()
    assert (code, times_of(setting.server)) == (0, list(range(1_000)))
    assert "continuing at line 701" in said
    assert "300 lines read, 300 acknowledged" in said
    assert setting.server.pending_known == 0


def test_other_input_starts_at_its_beginning(setting: Setting) -> None:
    setting.write(line(number) for number in range(10))
    assert setting.run()[0] == 0
    setting.write(line(number) for number in range(10, 20))
    assert setting.run()[0] == 0
    assert times_of(setting.server) == list(range(20))
    assert setting.run("--from-start")[0] == 0
    assert times_of(setting.server) == sorted([*range(20), *range(10, 20)])


def test_killed_again_and_again_it_delivers_each_line_once(setting: Setting) -> None:
    chance = random.Random(7)
    setting.write(line(number) for number in range(20_000))
    code, rounds = -signal.SIGKILL, 0
    while code == -signal.SIGKILL:
        rounds += 1
        assert rounds < 100
        process = setting.begin("--batch-size", "100", "--quiet")
        setting.server.judge = after(
            setting.server, chance.randrange(1, 40), partial(os.kill, process.pid, signal.SIGKILL)
        )
        process.communicate(timeout=60)
        code = process.returncode
    assert rounds > 3
    assert code == 0
    assert times_of(setting.server) == list(range(20_000))


def test_a_server_that_is_killed_and_restarted_gets_all(setting: Setting) -> None:
    setting.write(line(number) for number in range(5_000))
    setting.server.judge = after(setting.server, 3, setting.server.end)
    process = setting.begin("--batch-size", "100")
    setting.server.wait_for_end()
    setting.server.judge = lambda _: Answer()
    setting.server.start()
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert times_of(setting.server) == list(range(5_000))
    assert setting.server.pending_known > 0
    assert max(Counter(setting.server.received).values()) == 1


def test_what_shall_come_later_comes_later(setting: Setting) -> None:
    setting.write(line(number) for number in range(300))
    postponed: list[Batch] = []

    def judge(batch: Batch) -> Answer:
        if len(postponed) < 2:
            postponed.append(batch)
            return Answer(LATER, reason="busy", retry_after_s=1)
        return Answer()

    setting.server.judge = judge
    code, said = setting.run("--batch-size", "50")
    assert (code, times_of(setting.server)) == (0, list(range(300)))
    assert "asks to wait for 1 second" in said
    assert Counter(setting.server.received)[postponed[0]] == 2


def test_it_comes_again_after_the_server_went_away(setting: Setting) -> None:
    setting.write(line(number) for number in range(500))
    setting.server.judge = after(setting.server, 2, lambda: setting.server.go_away(1))
    code, said = setting.run("--batch-size", "100")
    assert (code, times_of(setting.server)) == (0, list(range(500)))
    assert "maintenance" in said
    assert setting.server.connections == 2


def test_an_unknown_credential_ends_it(setting: Setting) -> None:
    setting.write([line(1)])
    setting.credential.write_text("fpd_other")
    code, said = setting.run("--quiet")
    assert code == 1
    assert said == ("fieldpost-push: the server does not know the credential, or it was revoked\n")
    assert setting.server.connections == 1


@pytest.mark.parametrize("proof", ["--ca", "--fingerprint"])
def test_another_certificate_is_told_nothing(setting: Setting, proof: str, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    value = str(make_certificate(other)) if proof == "--ca" else "ab" * 32
    setting.write([line(1)])
    code, said = setting.run(proof, value)
    assert code == 1
    assert "certificate" in said.splitlines()[-1]
    assert setting.server.credentials == []
    assert setting.server.received == []


def test_a_certificate_of_another_name_is_told_nothing(tmp_path: Path) -> None:
    setting = Setting(tmp_path)
    make_certificate(tmp_path, "DNS:post.example")
    setting.server.start()
    try:
        setting.write([line(1)])
        code, said = setting.run()
        assert (code, setting.server.credentials) == (1, [])
        assert "mismatch" in said
        assert setting.run("--server-name", "post.example")[0] == 0
    finally:
        setting.server.stop()


def test_the_fingerprint_alone_is_enough(setting: Setting) -> None:
    command = ["openssl", "x509", "-noout", "-fingerprint", "-sha256"]
    printed = subprocess.run(
        [*command, "-in", str(setting.server.certificate)],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    setting.write([line(1)])
    assert setting.run("--fingerprint", printed.strip().split("=")[1])[0] == 0


def test_it_waits_for_a_server_that_is_not_there(setting: Setting) -> None:
    setting.write(line(number) for number in range(10))
    setting.server.stop()
    process = setting.begin()
    assert process.stderr is not None
    assert "Connection refused" in process.stderr.readline()
    setting.server.start()
    process.communicate(timeout=60)
    assert (process.returncode, times_of(setting.server)) == (0, list(range(10)))


def test_ended_by_a_signal_it_leaves_what_waits_to_the_next_run(setting: Setting) -> None:
    setting.write(line(number) for number in range(1_000))
    setting.server.judge = lambda _: None
    process = setting.begin("--batch-size", "100")
    assert process.stderr is not None
    assert "connected" in process.stderr.readline()
    while not setting.server.received:
        time.sleep(0.01)
    process.terminate()
    said = process.communicate(timeout=60)[1]
    assert process.returncode == 128 + signal.SIGTERM
    assert "waiting" in said
    setting.server.judge = lambda _: Answer()
    assert setting.run()[0] == 0
    assert times_of(setting.server) == list(range(1_000))


def test_lines_that_are_not_understood_are_named(setting: Setting) -> None:
    lines = [line(1), "nonsense\n", '{"time": "2026-01-01T00:00:00Z"}\n', "\n", line(2)]
    lines += ['{"kind": "location"},{}\n', "[1]\n", '{"kind": 5}\n', '{"kind": "a", "x": 01}\n']
    setting.write([*lines, "x" * 600_000, "\n", line(3)])
    code, said = setting.run()
    assert (code, times_of(setting.server)) == (3, [1, 2, 3])
    for number in (2, 3, 6, 7, 8, 9, 10):
        assert f"line {number} is not understood" in said
    assert "7 not understood" in said


def test_what_cannot_be_encoded_travels_as_it_is(setting: Setting) -> None:
    good, bad = line(1), '{"time": "2026-01-01T00:00:00Z", "lat": 99, "lon": 0}'
    named = bad.replace('"time"', '"kind": "location", "time"')
    foreign = '{"time": "2026-01-01T00:00:00Z", "kind": "heart_rate", "bpm": 60}'
    setting.write([good, named + "\n", foreign + "\n"])

    def judge(batch: Batch) -> Answer:
        if not batch.kind_name:
            return Answer()
        if batch.kind == 0:
            return Answer(REFUSED, reason="unknown_kind")
        return Answer(refused=[(0, "lat", "out_of_range")])

    setting.server.judge = judge
    code, said = setting.run()
    assert code == 0
    as_json = {batch.kind_name: batch.payload for batch in setting.server.received[1:]}
    assert json.loads(as_json["location"]) == [json.loads(bad)]
    assert json.loads(as_json["heart_rate"]) == [{"time": "2026-01-01T00:00:00Z", "bpm": 60}]
    assert "1 refused: location, lat: out_of_range" in said
    assert "1 refused: heart_rate: unknown_kind" in said
    assert "2 refused" in said.splitlines()[-1]


def test_reading_pauses_while_the_spool_is_full(setting: Setting) -> None:
    chance = random.Random(3)
    body = [chance.randbytes(20_000).hex() for _ in range(40)]
    at = '"time": "2026-01-01T00:00:00Z"'
    setting.write(
        f'{{"kind": "document", {at}, "source": "{number}", "body": "{body[number % 40]}"}}\n'
        for number in range(400)
    )
    setting.server.judge = lambda _: None
    process = setting.begin("--max-spool", "4M", "--batch-size", "10")
    spool = setting.folder / "spool"
    reached = 0
    while reached < 1_500_000:
        reached = sum(file.stat().st_size for file in spool.glob("*.spool"))
        time.sleep(0.01)
    setting.server.judge = lambda _: Answer()
    setting.server.go_away(0)
    process.communicate(timeout=60)
    assert process.returncode == 0
    counts = [native.info(batch.payload)[1] for batch in setting.server.kept.values()]
    assert sum(counts) == 400


def test_a_pipe_is_resumed_only_if_asked(setting: Setting) -> None:
    lines = "".join(line(number) for number in range(5))

    def pipe(given: str, *options: str) -> tuple[int, str]:
        process = setting.begin(*options, stdin=subprocess.PIPE)
        said = process.communicate(given, timeout=60)[1]
        return process.returncode, said

    setting.write([])
    assert pipe(lines)[0] == 0
    assert pipe(lines + line(5), "--resume")[0] == 0
    assert times_of(setting.server) == list(range(6))
    code, said = pipe("x" + lines, "--resume")
    assert code == 1
    assert "does not begin as the last one did" in said
    assert pipe(line(6))[0] == 0
    assert times_of(setting.server) == list(range(7))


def test_requests_are_answered_by_saying_that_they_cannot_be(setting: Setting) -> None:
    request = text("r1") + b"\1" + signed(0) + signed(1_000) + varint(10)
    setting.server.told = varint(1) + varint(0) + varint(1) + request
    setting.write([line(1)])
    assert setting.run()[0] == 0
    assert setting.server.cannot == ["r1"]


def test_a_spool_belongs_to_one_device(setting: Setting) -> None:
    setting.write([line(1)])
    assert setting.run()[0] == 0
    code, said = setting.run("--device", "d2")
    assert code == 1
    assert "belongs to the device d1" in said


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--colour"], "unknown option: --colour"),
        (["--server", "host"], "--server takes HOST:PORT"),
        (["--server", "host:99999"], "the port of --server takes a number from 1 to 65535"),
        (["--batch-size", "0"], "--batch-size takes a number from 1 to 5000"),
        (["--max-spool", "1M"], "--max-spool needs 4M at least"),
        (["--spool"], "--spool needs a value"),
        ([], "--server is missing"),
    ],
)
def test_bad_use_is_named(words: list[str], sentence: str) -> None:
    done = subprocess.run([PROGRAM, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == f"fieldpost-push: {sentence}; see fieldpost-push --help\n"


def test_help_and_version() -> None:
    def said(option: str) -> str:
        return subprocess.run([PROGRAM, option], capture_output=True, text=True, check=True).stdout

    assert "EXIT STATUS" in said("--help")
    assert max(map(len, said("--help").splitlines())) <= 100
    assert said("--version").startswith("fieldpost-push ")
