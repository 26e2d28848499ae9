"""Where the broker is, and how much waits where."""

import attrs
from attrs.validators import ge, gt, le, max_len, min_len


@attrs.frozen
class RabbitSettings:
    """All processes of a platform have the same `partitions`; more of them need `migrate` first.

    `prefetch` bounds the messages of one queue that a worker has and has not finished.
    `max_waiting` bounds those that wait in one queue: beyond it agents are told to come later.
    How many wait is asked every `depth_every_s`.
    """

    host: str = attrs.field(validator=[min_len(1), max_len(255)])
    user: str = attrs.field(validator=[min_len(1), max_len(255)])
    password: str = attrs.field(validator=max_len(255), repr=False)
    port: int = attrs.field(default=5672, validator=[ge(1), le(65_535)])
    virtual_host: str = attrs.field(default="/", validator=[min_len(1), max_len(255)])
    partitions: int = attrs.field(default=8, validator=[ge(1), le(256)])
    prefetch: int = attrs.field(default=500, validator=[ge(1), le(10_000)])
    max_waiting: int = attrs.field(default=100_000, validator=[ge(1), le(10_000_000)])
    depth_every_s: float = attrs.field(default=1.0, validator=[ge(0.02), le(60)])
    heartbeat_s: int = attrs.field(default=8, validator=[ge(2), le(60)])
    connect_timeout_s: float = attrs.field(default=5.0, validator=[gt(0), le(60)])
    confirm_timeout_s: float = attrs.field(default=5.0, validator=[gt(0), le(60)])
