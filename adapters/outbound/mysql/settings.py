"""Where the database is and what a transaction may take."""

import attrs
from attrs.validators import ge, gt, le, max_len, min_len
from sqlalchemy import URL


@attrs.frozen
class MysqlSettings:
    """Each process holds up to `pool_size` connections for reading and as many for changing.

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
