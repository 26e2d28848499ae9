"""The settings file of the distributed assembly: all that is wrong with it is said at once."""

import os
import subprocess
from pathlib import Path

import pytest

from adapters.inbound.cli.addresses import ServeError
from adapters.inbound.cli.settings_file import read_settings
from bootstrap import Settings
from deploy.local.process import FIELDPOST

SHORTEST = """
[mysql]
host = "db.internal"
user = "fieldpost"
database = "fieldpost"
[dynamodb]
table = "fieldpost"
region = "eu-central-1"
[rabbitmq]
host = "mq.internal"
user = "fieldpost"
password = "from the file"
"""
SECRET = "hunter2"
COMMAND_S = 60.0


def read(tmp_path: Path, content: str | bytes, **environment: str) -> Settings:
    file = tmp_path / "settings.toml"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_settings(Settings, file, environment)


def wrong(tmp_path: Path, content: str | bytes, **environment: str) -> list[str]:
    """What is said, but for the name of the file."""
    with pytest.raises(ServeError) as caught:
        read(tmp_path, content, **environment)
    said = str(caught.value)
    assert "\n" not in said
    assert said.startswith(f"{tmp_path / 'settings.toml'}: ")
    return said.partition(": ")[2].split("; ")


def test_what_is_not_said_is_as_usual(tmp_path: Path) -> None:
    settings = read(tmp_path, SHORTEST)
    assert settings.mysql.host == "db.internal"
    assert settings.mysql.port == 3306
    assert settings.mysql.ca_file is None
    assert settings.rabbitmq.partitions == 8
    assert settings.dynamodb.retention_days is None
    assert settings.web.http == "127.0.0.1:8080"
    assert settings.gateway.folder == Path(".fieldpost/gateway")


def test_what_is_said_has_the_type_of_its_field(tmp_path: Path) -> None:
    more = """
    [gateway]
    certificate = "chain.pem"
    [worker]
    silence_patience_s = 5
    """
    settings = read(tmp_path, SHORTEST + more)
    assert settings.gateway.certificate == Path("chain.pem")
    assert settings.worker.silence_patience_s == 5.0
    assert isinstance(settings.worker.silence_patience_s, float)


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        SHORTEST + '[worker]\nhttp = "127.0.0.1:1"\n',
        FIELDPOST_WORKER_HTTP="127.0.0.1:2",
        FIELDPOST_MYSQL_PASSWORD=SECRET,
        FIELDPOST_MYSQL_PORT="3307",
        FIELDPOST_MYSQL_CA_FILE="ca.pem",
        FIELDPOST_DYNAMODB_RETENTION_DAYS="30",
        FIELDPOST_SETTINGS="not a field",
        MYSQL_HOST="of somebody else",
    )
    assert settings.worker.http == "127.0.0.1:2"
    assert settings.mysql.password == SECRET
    assert settings.mysql.port == 3307
    assert settings.mysql.ca_file == Path("ca.pem")
    assert settings.mysql.host == "db.internal"
    assert settings.dynamodb.retention_days == 30
    assert settings.rabbitmq.password == "from the file"


def test_the_environment_does_without_a_section(tmp_path: Path) -> None:
    without = SHORTEST.partition("[rabbitmq]")[0]
    broker = {"HOST": "mq.internal", "USER": "fieldpost", "PASSWORD": SECRET}
    settings = read(tmp_path, without, **{f"FIELDPOST_RABBITMQ_{k}": v for k, v in broker.items()})
    assert settings.rabbitmq.password == SECRET
    assert SECRET not in repr(settings)


def test_every_wrong_field_is_named(tmp_path: Path) -> None:
    content = f"""
    [mysql]
    host = ""
    user = "fieldpost"
    password = ["{SECRET}"]
    port = "many"
    pool_size = 0
    deadline_s = nan
    colour = "red"
    [dynamodb]
    table = "fieldpost"
    [rabbitmq]
    host = "mq.internal"
    user = "fieldpost"
    password = "{SECRET * 100}"
    partitions = true
    [web]
    http = "nowhere"
    [webb]
    http = "127.0.0.1:1"
    """
    assert wrong(tmp_path, content, FIELDPOST_WORKER_AT_ONCE="9999") == [
        "webb is not known",
        "mysql.colour is not known",
        "mysql.host must have a length >= 1: 0",
        "mysql.database is missing",
        "mysql.password must be `str`, got `array`",
        "mysql.port must be `int`, got `str`",
        "mysql.pool_size must be >= 1: 0",
        "mysql.deadline_s must be > 0: nan",
        "dynamodb.region is missing",
        "rabbitmq.password must have a length <= 255: 700",
        "rabbitmq.partitions must be `int`, got `bool`",
        "web.http must be HOST:PORT, not nowhere",
        "worker.at_once must be <= 5000: 9999",
    ]


def test_sections_that_are_missing_are_those_with_fields_that_have_to_be_given(
    tmp_path: Path,
) -> None:
    said = wrong(tmp_path, "mysql = 3")
    assert said[0] == "mysql must be a section"
    assert {one.partition(".")[0] for one in said[1:]} == {"dynamodb", "rabbitmq"}
    assert all(one.endswith(" is missing") for one in said[1:])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"[mysql", "cannot be read"),
        (b"\xff\xfe", "cannot be read"),
        (b"[mysql]\n[mysql]\n", "cannot be read"),
        (b"#" * 1_000_001, "larger than"),
    ],
)
def test_what_is_no_settings_file_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(ServeError, match=reason):
        read(tmp_path, content)


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.toml", tmp_path):
        with pytest.raises(ServeError, match=f"there is no settings file {path}"):
            read_settings(Settings, path, {})


@pytest.mark.parametrize("command", ["web", "worker"])
def test_a_process_says_it_in_one_line_and_ends(tmp_path: Path, command: str) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(SHORTEST + "colour = 1\n")
    done = subprocess.run(
        [str(FIELDPOST), command],
        capture_output=True,
        text=True,
        timeout=COMMAND_S,
        env={**os.environ, "FIELDPOST_SETTINGS": str(file), "FIELDPOST_WEB_HTTP": "nowhere"},
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        f"fieldpost: {file}: rabbitmq.colour is not known; web.http must be HOST:PORT, not nowhere"
    ]
