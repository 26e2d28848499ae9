"""HOST:PORT on the command line, and the sockets that listen there."""

import socket

_UNHEARD_MS = 60_000
"""A peer that takes nothing for so long is taken for gone."""


class ServeError(Exception):
    """It cannot be served like this; the message is for the person who started it."""


def address_of(text: str, option: str) -> tuple[str, int]:
    """Raises ServeError."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65_535:
        raise ServeError(f"{option} must be HOST:PORT, not {text}")
    return host.strip("[]"), int(port)


def shown(address: tuple[str, int]) -> str:
    host, port = address
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def listening(address: tuple[str, int]) -> socket.socket:
    """Raises ServeError."""
    host, port = address
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        why = (error.strerror or str(error)).partition(" (")[0]
        raise ServeError(f"{shown(address)} cannot be used: {why}") from error
    # Connections inherit it: data that is not taken does not keep one open for ever.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNHEARD_MS)
    return listener
