"""MySQL for this machine: MariaDB, in the part that both share."""

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from deploy.local.mariadb_template import SERVER, copy_of_template, system_user
from deploy.local.ports import greets
from deploy.local.server import LocalServer

# As MySQL 8 has it by default.
_SQL_MODE = (
    "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,"
    "ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION"
)
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
_LOCK_S = 10  # for a connection that a test has left open
_STATEMENT_S = 30.0


class MariaDb(LocalServer):
    """Durable as in production: a commit is on the disk before it is answered. `options` are
    further ones of its command line.
    """

    user = "root"
    password = ""

    def __init__(self, folder: Path, port: int | None = None, options: Sequence[str] = ()) -> None:
        super().__init__(folder, port)
        self._options = options

    def url(self, database: str, port: int | None = None) -> str:
        """Where a database is, in the words of SQLAlchemy; `port` is a proxy's, where one is."""
        address = f"{self.host}:{port or self.port}"
        return f"mysql+asyncmy://{self.user}@{address}/{database}?charset=utf8mb4"

    def create_database(self, name: str) -> None:
        """An empty one for all of Unicode; RuntimeError where there is one of that name."""
        self._execute(f"CREATE DATABASE {_checked(name)} CHARACTER SET utf8mb4")

    def drop_database(self, name: str) -> None:
        """Does nothing where there is none."""
        self._execute(f"DROP DATABASE IF EXISTS {_checked(name)}")

    def _launch(self) -> None:
        data = self.folder / "data"
        if not data.exists():
            copy_of_template(data)
        self._program.start(
            [
                SERVER,
                "--no-defaults",
                f"--user={system_user()}",
                f"--datadir={data}",
                f"--tmpdir={self.folder}",
                f"--socket={self._socket}",
                f"--pid-file={self.folder / 'mariadb.pid'}",
                f"--bind-address={self.host}",
                f"--port={self.port}",
                "--skip-name-resolve",
                "--innodb-buffer-pool-size=64M",
                "--innodb-log-file-size=16M",
                "--innodb-flush-log-at-trx-commit=1",
                "--performance-schema=OFF",
                "--character-set-server=utf8mb4",
                "--default-time-zone=+00:00",
                f"--sql-mode={_SQL_MODE}",
                *self._options,
            ]
        )

    def _answers(self) -> bool:
        return greets(self.port)

    @property
    def _socket(self) -> Path:
        return self.folder / "mariadb.sock"

    def _execute(self, statement: str) -> None:
        client = ["mariadb", "--no-defaults", f"--socket={self._socket}", f"--user={self.user}"]
        done = subprocess.run(
            [*client, f"--execute=SET lock_wait_timeout = {_LOCK_S}; {statement}"],
            capture_output=True,
            text=True,
            timeout=_STATEMENT_S,
        )
        if done.returncode != 0:
            raise RuntimeError(f"{statement}: {done.stderr.strip()}")


def _checked(name: str) -> str:
    """A name that needs no quotes."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"not a name of a database: {name!r}")
    return name
