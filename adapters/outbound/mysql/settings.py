"""Where the database is and what a transaction may take."""

import ssl
from pathlib import Path
from typing import Any

import attrs
from attrs.validators import ge, gt, le, max_len, min_len
from sqlalchemy import URL

from application.faults import StoreBroken

_SQL_MODE = (
    "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,"
    "ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION"
)
"""As MySQL 8 has it by default: what does not fit is refused, whatever the server is set to."""


@attrs.frozen
class MysqlSettings:
    """Each process holds up to `pool_size` connections for reading and as many for changing.

    With a `ca_file` (PEM) connections are encrypted, and the server shows a certificate that one
    of those in it has signed.
    A transaction that has not ended within `deadline_s` fails, the wait for a connection included.
    Where the server has stopped answering, giving up may take as long again.
    """

    host: str = attrs.field(validator=[min_len(1), max_len(255)])
    user: str = attrs.field(validator=[min_len(1), max_len(80)])
    database: str = attrs.field(validator=[min_len(1), max_len(64)])
    password: str = attrs.field(default="", repr=False)
    port: int = attrs.field(default=3306, validator=[ge(1), le(65_535)])
    pool_size: int = attrs.field(default=5, validator=[ge(1), le(100)])
    connect_timeout_s: float = attrs.field(default=3.0, validator=[gt(0), le(60)])
    deadline_s: float = attrs.field(default=10.0, validator=[gt(0), le(60)])
    ca_file: Path | None = None

    def connect_args(self, lock_wait_s: int, *more: str) -> dict[str, Any]:
        """What each connection begins with. What waits for a lock on a whole table (somebody
        changes it, or makes a copy) waits for `lock_wait_s` at most. Raises StoreBroken.
        """
        session = [f"sql_mode = '{_SQL_MODE}'", f"lock_wait_timeout = {lock_wait_s}", *more]
        arguments: dict[str, Any] = {
            "connect_timeout": self.connect_timeout_s,
            "init_command": f"SET SESSION {', '.join(session)}",
        }
        if self.ca_file is not None:
            arguments["ssl"] = _trusting(self.ca_file)
        return arguments

    @property
    def url(self) -> URL:
        return URL.create(
            "mysql+asyncmy",
            username=self.user,
            password=self.password,
            host=self.host,
            port=self.port,
            database=self.database,
            query={"charset": "utf8mb4"},
        )


def _trusting(file: Path) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=file)
    except OSError as error:
        raise StoreBroken(f"the certificates in {file} cannot be read: {error}") from error
