"""Where the processes of the distributed assembly listen: sections of the settings file."""

from pathlib import Path

import attrs
from attrs.validators import ge, le

from adapters.inbound.cli.addresses import ServeError, address_of


def _address(settings: object, field: "attrs.Attribute[str]", value: str) -> None:
    try:
        address_of(value, "the value")
    except ServeError as error:
        raise ValueError(str(error).removeprefix("the value ")) from None


@attrs.frozen
class WebSettings:
    """`http` is HOST:PORT of the dashboard and of agents over HTTP; `public_url` is the address
    under which they reach it, when that is another.
    """

    http: str = attrs.field(default="127.0.0.1:8080", validator=_address)
    public_url: str | None = None


@attrs.frozen
class GatewaySettings:
    """`push` is HOST:PORT of push agents over TLS. Without a `certificate` and its `key` one is
    made in `folder`. `http` tells of the process, and takes push agents over WebSocket.
    """

    push: str = attrs.field(default="127.0.0.1:8081", validator=_address)
    http: str = attrs.field(default="127.0.0.1:8082", validator=_address)
    certificate: Path | None = None
    key: Path | None = None
    folder: Path = Path(".fieldpost/gateway")


@attrs.frozen
class WorkerSettings:
    """`http` tells of the process. Nobody is called silent in the first `silence_patience_s` of a
    worker's life: after an outage agents deliver what they kept.
    """

    http: str = attrs.field(default="127.0.0.1:8083", validator=_address)
    silence_patience_s: float = attrs.field(default=120.0, validator=[ge(0), le(3_600)])
    at_once: int = attrs.field(default=256, validator=[ge(1), le(5_000)])
