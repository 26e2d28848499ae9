"""Requests to addresses that people have given: where they may lead, and how long they may take.

The address itself is looked at again whenever a connection is made, after names are resolved: a
name may lead anywhere by then.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult, urlsplit

import aiohttp
import attrs

from domain.notice import Outcome, Result

TIMEOUT_S = 10.0
MAX_URL = 2_000
_MAX_WAIT_S = 86_400.0
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_NOBODYS = tuple(
    map(ipaddress.ip_network, ("::/96", "64:ff9b:1::/48", "fec0::/10", "192.0.0.0/24"))
)
"""Of old or local use, which the standard library takes for global."""

_GONE = "the endpoint says that it is not there any more"


class _Forbidden(OSError):
    """An address to which nothing may be sent."""


@attrs.frozen
class Outgoing:
    """`to_private`: addresses of private networks and of this machine are as good as any."""

    to_private: bool = False
    timeout_s: float = TIMEOUT_S

    def url_error(self, url: str) -> str | None:
        """Why nothing can be sent to the URL, as far as it says so itself."""
        parts = _parts(url)
        if parts is None:
            return "is not a URL like https://example.org/path"
        host = parts.hostname or ""
        address = _address(host)
        loopback = host == "localhost" or (address is not None and address.is_loopback)
        if parts.scheme != "https" and not (parts.scheme == "http" and loopback):
            return "must begin with https://"
        if parts.username is not None or parts.fragment:
            return "must have neither a user's name nor a fragment"
        if (loopback or (address is not None and not _public(address))) and not self.to_private:
            return "leads to a private network or to this machine, which is not allowed here"
        return None

    async def post(
        self, url: str, headers: Mapping[str, str], body: bytes, gone: frozenset[int]
    ) -> Outcome:
        """Send it, once; an answer of a status in `gone` says that there is no such endpoint.

        Redirects are not followed, and of an answer nothing is read but its head.
        """
        wrong = self.url_error(url)
        if wrong is not None:
            return Outcome(Result.REFUSED, f"the address {wrong}")
        try:
            async with asyncio.timeout(self.timeout_s), self._session() as session:
                request = session.post(url, data=body, headers=headers, allow_redirects=False)
                async with request as answer:
                    return _outcome(answer.status, answer.headers.get("retry-after", ""), gone)
        except TimeoutError:
            return Outcome(Result.FAILED_FOR_NOW, f"no answer within {self.timeout_s:g} s")
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return Outcome(Result.FAILED_FOR_NOW, _reason(error))

    def _session(self) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(socket_factory=self._socket, force_close=True)
        return aiohttp.ClientSession(
            connector=connector,
            timeout=aiohttp.ClientTimeout(total=self.timeout_s),
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    def _socket(self, info: Any) -> socket.socket:
        family, kind, protocol, _, where = info
        if not self.to_private and not _public(ipaddress.ip_address(where[0].partition("%")[0])):
            raise _Forbidden("the address leads to a private network or to this machine")
        return socket.socket(family, kind, protocol)


def _parts(url: str) -> SplitResult | None:
    if len(url) > MAX_URL or not url.isascii() or any(c <= " " or c == "\x7f" for c in url):
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    return parts if parts.hostname and port != 0 else None


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        pass
    try:
        # What the resolver takes for an address as well: 127.1, 0x7f000001, 2130706433.
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except OSError:
        return None


def _public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return _public(inner)
    if any(address in network for network in _NOBODYS if network.version == address.version):
        return False
    return address.is_global and not address.is_multicast


def _outcome(status: int, retry_after: str, gone: frozenset[int]) -> Outcome:
    if 200 <= status < 300:
        return Outcome(Result.SENT, f"answered {status}")
    if status in gone:
        return Outcome(Result.GONE, f"{_GONE} ({status})")
    if 300 <= status < 400:
        detail = f"answered {status}: redirects are not followed"
        return Outcome(Result.FAILED_FOR_NOW, detail)
    wait_s = min(float(retry_after), _MAX_WAIT_S) if retry_after.isdecimal() else 0.0
    return Outcome(Result.FAILED_FOR_NOW, f"answered {status}", wait_s)


def _reason(error: Exception) -> str:
    """What a person may be told of it, in a line."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, _Forbidden):
            return str(cause)
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "the name of the endpoint is not known"
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return "the endpoint's certificate is not trusted"
    if isinstance(error, aiohttp.ClientConnectorError):
        return "the endpoint cannot be reached"
    return f"the connection failed: {type(error).__name__}"
