"""The whole distributed platform on this machine: its servers and its processes, all private."""

import contextlib
import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from deploy.local.dynoxide import Dynoxide
from deploy.local.mariadb import MariaDb
from deploy.local.ports import HOST, free_port
from deploy.local.process import FIELDPOST, PlatformProcess
from deploy.local.rabbitmq import RabbitMq

_DATABASE = "fieldpost"
_COMMAND_S = 120.0


class LocalPlatform:
    """A folder with data, logs and `settings.toml`, which stay over many starts; ports are chosen
    when it is made, `http` and `push` where they are given.

    `more` are further settings by section.
    """

    def __init__(
        self,
        folder: Path,
        *,
        workers: int = 2,
        http: str | None = None,
        push: str | None = None,
        more: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        self.folder = folder.absolute()
        self.settings = self.folder / "settings.toml"
        self.dynoxide = Dynoxide(self.folder / "dynoxide")
        self.mariadb = MariaDb(self.folder / "mariadb")
        self.rabbitmq = RabbitMq(self.folder / "rabbitmq")
        self.push = push or f"{HOST}:{free_port()}"
        self._more = more or {}
        self.web = self._process("web", "web", http)
        self.gateway = self._process("gateway", "gateway")
        self.workers = [self._process("worker", f"worker-{n + 1}") for n in range(workers)]

    @property
    def servers(self) -> tuple[Dynoxide, MariaDb, RabbitMq]:
        return self.dynoxide, self.mariadb, self.rabbitmq

    @property
    def processes(self) -> list[PlatformProcess]:
        return [self.web, self.gateway, *self.workers]

    @property
    def certificate(self) -> Path:
        """Of the gateway's port."""
        return self.folder / "gateway/push-certificate.pem"

    def start(self) -> Self:
        """Returns when everything is ready. Raises NotStarted and CalledProcessError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            for server in self.servers:
                server.start()
            with contextlib.suppress(RuntimeError):  # it is there from an earlier start
                self.mariadb.create_database(_DATABASE)
            self.settings.write_text(self._settings())
            self.run("migrate")
            for process in self.processes:
                process.spawn()
            for process in self.processes:
                process.wait()
        except BaseException:
            self.kill()
            raise
        return self

    def stop(self, within_s: float = 20.0) -> None:
        """The processes drain, then the servers end."""
        for process in self.processes:
            process.terminate(within_s)
        for server in self.servers:
            server.stop()

    def kill(self) -> None:
        for process in self.processes:
            process.kill()
        for server in self.servers:
            server.kill()

    def run(self, *command: str) -> str:
        """A `fieldpost` command with the settings; what it prints."""
        done = subprocess.run(
            [str(FIELDPOST), *command, "--settings", str(self.settings)],
            check=False,
            capture_output=True,
            text=True,
            timeout=_COMMAND_S,
        )
        if done.returncode != 0:
            raise RuntimeError(f"fieldpost {command[0]}: {done.stderr.strip()}")
        return done.stdout

    def create_account(self, name: str, owner: str) -> dict[str, str]:
        created: dict[str, str] = json.loads(
            self.run("account", "create", "--name", name, "--owner", owner)
        )
        return created

    def log_tail(self, lines: int = 30) -> str:
        processes = [one.log_tail(lines) for one in self.processes]
        return "\n".join([*processes, *(one.log_tail(lines) for one in self.servers)])

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _process(self, command: str, name: str, address: str | None = None) -> PlatformProcess:
        address = address or f"{HOST}:{free_port()}"
        environment = {f"FIELDPOST_{command.upper()}_HTTP": address}
        arguments = [command, "--settings", str(self.settings)]
        return PlatformProcess(name, arguments, address, self.folder, environment)

    def _settings(self) -> str:
        sections: dict[str, dict[str, Any]] = {
            "mysql": {
                "host": self.mariadb.host,
                "port": self.mariadb.port,
                "user": self.mariadb.user,
                "database": _DATABASE,
            },
            "dynamodb": {
                "table": _DATABASE,
                "region": "local",
                "endpoint_url": self.dynoxide.url,
                "access_key_id": "local",
                "secret_access_key": "local",
            },
            "rabbitmq": {
                "host": self.rabbitmq.host,
                "port": self.rabbitmq.port,
                "user": self.rabbitmq.user,
                "password": self.rabbitmq.password,
            },
            "gateway": {"push": self.push, "folder": str(self.folder / "gateway")},
            "worker": {},
        }
        for name, section in self._more.items():
            sections.setdefault(name, {}).update(section)
        return "\n".join(
            f"[{name}]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in some.items())
            for name, some in sections.items()
        )
