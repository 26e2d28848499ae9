"""Where the broker is, how much may be under way, and what is given up when."""

import attrs
from attrs.validators import ge, gt, le, max_len, min_len
from yarl import URL

_MAX_NAME = [min_len(1), max_len(255)]


@attrs.frozen
class RabbitSettings:
    """`virtual_host` is the platform's own. `partitions`, `delivery_limit` and `max_waiting` are
    part of the topology: all processes must have the same, and `fieldpost migrate` makes it so.

    `prefetch` bounds the messages of a partition and lane that a worker holds, `confirm_window`
    those that a process has sent and that are not confirmed. `remembered` is how many batches
    and devices a process remembers to tell duplicates. A message that was given out and came back
    more than `delivery_limit` times is given up. `max_waiting` bounds the messages in one queue.
    """

    host: str = attrs.field(validator=_MAX_NAME)
    user: str = attrs.field(validator=_MAX_NAME)
    password: str = attrs.field(repr=False, validator=max_len(1_000))
    port: int = attrs.field(default=5672, validator=[ge(1), le(65_535)])
    virtual_host: str = attrs.field(default="/", validator=_MAX_NAME)
    tls: bool = False
    ca_file: str = ""
    partitions: int = attrs.field(default=8, validator=[ge(1), le(64)])
    prefetch: int = attrs.field(default=200, validator=[ge(1), le(2_000)])
    heartbeat_s: int = attrs.field(default=8, validator=[ge(2), le(60)])
    connect_timeout_s: float = attrs.field(default=5.0, validator=[gt(0), le(60)])
    confirm_timeout_s: float = attrs.field(default=5.0, validator=[gt(0), le(60)])
    confirm_window: int = attrs.field(default=1_000, validator=[ge(1), le(1_000)])
    delivery_limit: int = attrs.field(default=10, validator=[ge(3), le(1_000)])
    max_waiting: int = attrs.field(default=100_000, validator=[ge(1), le(10_000_000)])
    remembered: int = attrs.field(default=200_000, validator=[ge(1), le(5_000_000)])

    def url(self, name: str) -> URL:
        """In the words of the driver; `name` is how the broker shows the connection."""
        query = {"heartbeat": str(self.heartbeat_s), "name": name}
        if self.ca_file:
            query["cafile"] = self.ca_file
        place = URL.build(
            scheme="amqps" if self.tls else "amqp",
            user=self.user,
            password=self.password,
            host=self.host,
            port=self.port,
            query=query,
        )
        return place.joinpath("" if self.virtual_host == "/" else self.virtual_host)
