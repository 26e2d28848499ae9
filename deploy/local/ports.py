"""Ports of this machine: a free one, and whether somebody answers on it."""

import random
import socket

HOST = "127.0.0.1"

_PORTS = range(15_000, 32_000)  # below those that the system gives to outgoing connections
_CONNECT_S = 1.0


def free_port() -> int:
    """A port that nobody listens on; chosen by chance, so that neighbours seldom meet."""
    chance = random.SystemRandom()
    while True:
        port = chance.choice(_PORTS)
        with socket.socket() as probe:
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port


def listens(port: int) -> bool:
    """Whether a connection to the port is taken."""
    try:
        socket.create_connection((HOST, port), _CONNECT_S).close()
    except OSError:
        return False
    return True


def greets(port: int) -> bool:
    """Whether who listens on the port says something by itself, as a database server does."""
    try:
        with socket.create_connection((HOST, port), _CONNECT_S) as connection:
            return bool(connection.recv(1))
    except OSError:
        return False
