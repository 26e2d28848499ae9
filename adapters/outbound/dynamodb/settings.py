"""Where the table is and what a call may take."""

import attrs
from attrs.validators import ge, gt, le, max_len, min_len, optional


@attrs.frozen
class DynamoSettings:
    """`access_key_id` and `secret_access_key` are for stand-ins; without them the driver asks the
    machine for its role. `endpoint_url` is the region's own unless it is given.

    A call that has no answer within `deadline_s`, repetitions included, fails. Observations are
    kept for `retention_days` whole UTC days; None keeps them for ever.
    """

    table: str = attrs.field(validator=[min_len(3), max_len(255)])
    region: str = attrs.field(validator=[min_len(1), max_len(64)])
    endpoint_url: str | None = None
    access_key_id: str | None = None
    secret_access_key: str | None = attrs.field(default=None, repr=False)
    deadline_s: float = attrs.field(default=5.0, validator=[gt(0), le(60)])
    connect_timeout_s: float = attrs.field(default=2.0, validator=[gt(0), le(60)])
    max_connections: int = attrs.field(default=64, validator=[ge(1), le(1_000)])
    retention_days: int | None = attrs.field(default=None, validator=optional([ge(1), le(36_500)]))
