"""The port of push agents: its address, its certificate, and how it ends."""

import asyncio
import contextlib
import ctypes
import logging
import resource
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import attrs

from adapters.inbound.cli.addresses import ServeError, address_of, listening, shown
from adapters.inbound.push.certificate import CertificateError, CertificateFiles
from adapters.inbound.push.gateway import Gateway
from adapters.inbound.push.tls_stream import listen

_log = logging.getLogger(__name__)

NO_PUSH = "none"
USUAL_PUSH = "127.0.0.1:8081"
DRAIN_S = 5.0
_UNTAKEN_BYTES = 64 * 1024
_TLS_BUFFER_BYTES = 256 * 1024
_M_MMAP_THRESHOLD = -3  # of malloc.h


@attrs.frozen
class PushPlace:
    """Where push agents connect over TLS: `listen` is HOST:PORT, or `none` for not at all.

    Without a certificate of the operator's own, one is made in the folder of the data. An address
    that nobody `asked_for` is done without where it is taken.
    """

    listen: str = NO_PUSH
    certificate: Path | None = None
    key: Path | None = None
    asked_for: bool = True

    def listener(self) -> socket.socket | None:
        """None where no agent can connect. Raises ServeError."""
        if self.listen == NO_PUSH:
            return None
        try:
            listener = listening(address_of(self.listen, "--push"))
        except ServeError as error:
            if self.asked_for:
                raise
            _log.warning("no push agent can connect: %s; choose another with --push", error)
            return None
        # What agents are told is short. One that does not take it shall not fill the kernel.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _UNTAKEN_BYTES)
        return listener

    def certificate_files(self, data: Path) -> CertificateFiles:
        """Raises ServeError."""
        if self.certificate is None and self.key is None:
            files = CertificateFiles.in_folder(data)
            files.make(address_of(self.listen, "--push")[0])
            return files
        if self.certificate is None or self.key is None:
            raise ServeError("--push-certificate and --push-key go together")
        return CertificateFiles(self.certificate, self.key)


class PushPort:
    """Listens from its making on; closed once, at the beginning of the drain."""

    def __init__(self, server: asyncio.Server | None, said: str) -> None:
        self._server = server
        self.said = said
        """For the person who started it; empty where no agent can connect."""

    def close(self) -> None:
        if self._server is not None:
            self._server.close()


@asynccontextmanager
async def push_port(
    gateway: Gateway, place: PushPlace, listener: socket.socket | None, data: Path
) -> AsyncIterator[PushPort]:
    """Opens the gateway, and its port if there is one. Raises ServeError."""
    _raise_descriptor_limit()
    gateway.open()
    if listener is None:
        yield PushPort(None, "")
        return
    _keep_buffers_apart()
    try:
        files = place.certificate_files(data)
        context = files.context()
        fingerprint = files.fingerprint()
    except CertificateError as error:
        raise ServeError(str(error)) from error
    port = PushPort(
        await listen(gateway, listener, context),
        f"Push agents connect to {shown(address_of(place.listen, '--push'))}; "
        f"certificate {files.certificate}, SHA-256 {fingerprint}",
    )
    try:
        yield port
    finally:
        port.close()


def _raise_descriptor_limit() -> None:
    """Each connection is a file; the soft limit of old is for programs that use select."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _keep_buffers_apart() -> None:
    """uvloop has a buffer of 256 KiB for each TLS connection, and touches its first page. glibc
    learns to take such pieces from the heap, where they are used pages of something else; told a
    bound it maps each by itself. That is 10 KiB less of each connection at rest.
    """
    # Where there is no such call, or it does not know the option, it costs what it costs.
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _TLS_BUFFER_BYTES)
