"""Calls over HTTP that are repeated until the platform has answered them.

A call is repeated after 429 and 503 when the platform says (`Retry-After`), and after any other
5xx or a broken connection when a backoff says that doubles and is jittered, so that many devices
do not come back as one wave.
"""

import asyncio
import gzip
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import msgspec

from adapters.inbound.cli.simulation.clock import Clock
from application.faults import Refused, Unavailable

GZIP_FROM_BYTES = 2_048
_FIRST_BACKOFF_S = 0.5
_LAST_BACKOFF_S = 30.0
_TIMEOUT_S = 60.0
_MAX_CONNECTIONS = 256


class CallRefused(Refused):
    """The platform has understood the call and does not grant it."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status


class Unreachable(Unavailable):
    """No answer after as many attempts as were allowed."""


class Calls:
    """To one platform. `attempts` None tries until cancelled. `repeated` counts the retries."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        base_url: str,
        clock: Clock,
        *,
        attempts: int | None = None,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.clock = clock
        self.repeated = 0
        self._session = session
        self._attempts = attempts

    async def __call__(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        headers: Mapping[str, str] | None = None,
        wait_s: float = 0.0,
    ) -> Any:
        """The JSON of the answer, None where there is none.

        `wait_s` is how long the platform was asked to hold the call. Raises CallRefused, and
        Unreachable when the attempts are used up.
        """
        payload, sent = _packed(body, headers or {})
        attempt = 0
        while True:
            attempt += 1
            try:
                status, after, text = await self._once(method, path, payload, sent, wait_s)
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                status, after, text = 0, None, _words(error)
            if 200 <= status < 300:
                return msgspec.json.decode(text) if text else None
            if status and status != 429 and status < 500:
                raise CallRefused(status, _detail(method, path, status, text))
            if self._attempts is not None and attempt >= self._attempts:
                raise Unreachable(_detail(method, path, status, text))
            self.repeated += 1
            await self.clock.sleep(_pause_s(attempt, after))

    async def _once(
        self,
        method: str,
        path: str,
        payload: bytes | None,
        headers: Mapping[str, str],
        wait_s: float,
    ) -> tuple[int, str | None, bytes]:
        timeout = aiohttp.ClientTimeout(total=_TIMEOUT_S + wait_s)
        async with self._session.request(
            method, self.base_url + path, data=payload, headers=headers, timeout=timeout
        ) as answer:
            return answer.status, answer.headers.get("Retry-After"), await answer.read()


@asynccontextmanager
async def calling(
    base_url: str, clock: Clock, *, attempts: int | None = None
) -> AsyncIterator[Calls]:
    """Calls over shared connections that are closed at the end."""
    connector = aiohttp.TCPConnector(limit=_MAX_CONNECTIONS)
    async with aiohttp.ClientSession(connector=connector) as session:
        yield Calls(session, base_url, clock, attempts=attempts)
        await asyncio.sleep(0)


def _packed(body: object, headers: Mapping[str, str]) -> tuple[bytes | None, dict[str, str]]:
    sent = dict(headers)
    if body is None:
        return None, sent
    payload = msgspec.json.encode(body)
    sent["Content-Type"] = "application/json"
    if len(payload) >= GZIP_FROM_BYTES:
        payload = gzip.compress(payload, compresslevel=5)
        sent["Content-Encoding"] = "gzip"
    return payload, sent


def _pause_s(attempt: int, retry_after: str | None) -> float:
    """What was asked for and up to a fifth more, or a backoff with full jitter."""
    if retry_after is not None and retry_after.isdigit():
        return int(retry_after) * random.uniform(1.0, 1.2)
    return random.uniform(0.1, min(_LAST_BACKOFF_S, _FIRST_BACKOFF_S * 2.0**attempt))


def _detail(method: str, path: str, status: int, text: bytes) -> str:
    """The problem document's own words, where there is one."""
    said = text[:2_000].decode("utf-8", "replace")
    try:
        document = msgspec.json.decode(said)
        said = document.get("detail") or said if isinstance(document, dict) else said
    except msgspec.DecodeError:
        pass
    answered = f"answered {status}" if status else "had no answer"
    return f"{method} {path} {answered}: {said}"


def _words(error: BaseException) -> bytes:
    return (str(error) or type(error).__name__).encode()
