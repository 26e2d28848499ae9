"""RabbitMQ for this machine: one broker with the management API, and its own epmd."""

import base64
import http.client
import json
import re
from pathlib import Path
from urllib.parse import quote

from deploy.local.ports import free_port, listens
from deploy.local.program import Program
from deploy.local.server import LocalServer

# The script itself: the one in /usr/sbin changes the user.
_BROKER = "/usr/lib/rabbitmq/bin/rabbitmq-server"
_NAME = re.compile(r"[a-z0-9_-]{1,100}")
_CALL_S = 30.0
_LOOK_S = 2.0


class RabbitMq(LocalServer):
    """All but ports and the disk's limit is as a broker has it by default."""

    start_s = 90.0
    user = "guest"
    password = "guest"

    def __init__(
        self, folder: Path, port: int | None = None, management_port: int | None = None
    ) -> None:
        super().__init__(folder, port)
        self.management_port = management_port or free_port()
        self._node_port = free_port()
        self._names_port = free_port()
        self._names = Program(self.folder / "epmd.log")

    def url(self, virtual_host: str, port: int | None = None) -> str:
        """Where a virtual host is, in the words of AMQP; `port` is a proxy's, where one is."""
        address = f"{self.host}:{port or self.port}"
        return f"amqp://{self.user}:{self.password}@{address}/{virtual_host}"

    def create_virtual_host(self, name: str) -> None:
        """An empty one, all of it permitted to `user`; keeps one that is there."""
        self._manage("PUT", f"/api/vhosts/{_checked(name)}")

    def delete_virtual_host(self, name: str) -> None:
        """With its queues and connections; RuntimeError where there is none."""
        self._manage("DELETE", f"/api/vhosts/{_checked(name)}")

    def keeps(self, virtual_host: str, queue: str) -> bool:
        """Whether a quorum queue outlives a kill. The broker writes down that there is one up to
        a second after it has confirmed so, or even messages in it; a kill before that loses both.
        """
        queues = self.folder.glob("data/*/quorum/*/names.dets")
        name = f"{quote(virtual_host, safe='')}_{queue}".encode()
        return any(name in file.read_bytes() for file in queues)

    def stop(self) -> None:
        """A kill: the graceful end takes seconds and keeps no more than this does."""
        self.kill()

    def _launch(self) -> None:
        self._configure()
        self._names.start(
            ["epmd", "-address", self.host, "-port", str(self._names_port)],
            self._environment(),
        )
        self._wait(self._names, lambda: listens(self._names_port), "epmd answers")
        self._program.start([_BROKER], self._environment())

    def _configure(self) -> None:
        (self.folder / "home").mkdir(exist_ok=True)
        self._file("enabled_plugins").write_text("[rabbitmq_management].\n")
        self._file("advanced.config").write_text("[].\n")
        self._file("rabbitmq.conf").write_text(
            f"listeners.tcp.default = {self.host}:{self.port}\n"
            f"management.tcp.ip = {self.host}\n"
            f"management.tcp.port = {self.management_port}\n"
            "disk_free_limit.absolute = 50MB\n"
        )

    def _environment(self) -> dict[str, str]:
        return {
            "HOME": str(self._file("home")),
            "ERL_CRASH_DUMP": str(self._file("erl_crash.dump")),
            "ERL_EPMD_ADDRESS": self.host,
            "ERL_EPMD_PORT": str(self._names_port),
            "RABBITMQ_NODENAME": f"fieldpost{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": self.host,
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self._node_port),
            "RABBITMQ_MNESIA_BASE": str(self._file("data")),
            "RABBITMQ_LOG_BASE": str(self._file("log")),
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_CONFIG_FILE": str(self._file("rabbitmq.conf")),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(self._file("advanced.config")),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self._file("enabled_plugins")),
            "RABBITMQ_PID_FILE": str(self._file("broker.pid")),
            # The script then becomes the broker, instead of waiting for it.
            "RUNNING_UNDER_SYSTEMD": "1",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": (
                "-kernel inet_dist_use_interface {127,0,0,1} +S 1:1 +A 16"
            ),
        }

    def _file(self, name: str) -> Path:
        return self.folder / name

    def _answers(self) -> bool:
        if not listens(self.port):
            return False
        try:
            status, _ = self._call("GET", "/api/vhosts", _LOOK_S)
        except (OSError, http.client.HTTPException):
            return False
        return status == 200

    def _programs(self) -> list[Program]:
        return [self._program, self._names]

    def _manage(self, method: str, path: str) -> None:
        status, body = self._call(method, path, _CALL_S)
        if status not in (201, 204):
            raise RuntimeError(f"{method} {path}: {status} {body[:500]!r}")

    def _call(self, method: str, path: str, timeout_s: float) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(self.host, self.management_port, timeout=timeout_s)
        credentials = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        headers = {"authorization": f"Basic {credentials}", "content-type": "application/json"}
        try:
            connection.request(method, path, json.dumps({}), headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


def _checked(name: str) -> str:
    """A name that is the same in a path and an address."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"not a name of a virtual host: {name!r}")
    return name
