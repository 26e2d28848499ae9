"""Where requests to people's addresses may lead, and what is made of the answers."""

import asyncio
import socket
from typing import Any

import pytest

from adapters.outbound.notify.outgoing import Outgoing
from domain.notice import Result
from tests.support.web_endpoint import WebEndpoint

pytestmark = pytest.mark.anyio

GONE = frozenset({410})


@pytest.mark.parametrize(
    ("status", "result"),
    [
        (200, Result.SENT),
        (299, Result.SENT),
        (302, Result.FAILED_FOR_NOW),
        (400, Result.FAILED_FOR_NOW),
        (410, Result.GONE),
        (500, Result.FAILED_FOR_NOW),
    ],
)
async def test_what_an_answer_means(web: WebEndpoint, status: int, result: Result) -> None:
    web.status = status
    web.headers = {"location": web.url("/elsewhere")}
    outcome = await Outgoing(True).post(web.url(), {}, b"x", GONE)
    assert outcome.result is result
    assert str(status) in outcome.detail
    assert [posted.path for posted in web.posted] == ["/hook"]


@pytest.mark.parametrize(
    ("said", "wait_s"), [("7", 7.0), ("9" * 400, 86_400.0), ("-1", 0.0), ("soon", 0.0), ("²", 0.0)]
)
async def test_an_endpoint_may_ask_for_time(web: WebEndpoint, said: str, wait_s: float) -> None:
    web.status = 429
    web.headers = {"retry-after": said}
    outcome = await Outgoing(True).post(web.url(), {}, b"x", GONE)
    assert outcome.retry_after_s == wait_s


async def test_an_answer_without_end_is_not_read(web: WebEndpoint) -> None:
    web.endless.add("/hook")
    async with asyncio.timeout(5):
        outcome = await Outgoing(True).post(web.url(), {}, b"x", GONE)
    assert outcome.result is Result.SENT


async def test_a_name_that_leads_to_this_machine_is_found_out_when_it_is_called(
    web: WebEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = socket.getaddrinfo

    def rebound(_host: str, *rest: Any, **options: Any) -> Any:
        return real("127.0.0.1", *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", rebound)
    url = f"https://hooks.example.org:{web.port}/hook"
    guarded = Outgoing()
    assert guarded.url_error(url) is None
    outcome = await guarded.post(url, {}, b"x", GONE)
    assert outcome.result is Result.FAILED_FOR_NOW
    assert "private network or to this machine" in outcome.detail
    assert web.posted == []


async def test_an_address_that_became_forbidden_is_refused(web: WebEndpoint) -> None:
    outcome = await Outgoing().post(web.url(), {}, b"x", GONE)
    assert outcome.result is Result.REFUSED
    assert web.posted == []


@pytest.mark.parametrize(
    "host",
    [
        "127.1",
        "10.0.0.1",
        "192.0.0.8",
        "[::127.0.0.1]",
        "[::ffff:10.0.0.1]",
        "[64:ff9b::10.0.0.1]",
        "[64:ff9b:1::1]",
        "[fec0::1]",
        "[fe80::1]",
    ],
)
def test_addresses_that_are_nobodys_are_refused_when_they_are_saved(host: str) -> None:
    assert Outgoing().url_error(f"https://{host}/hook")
    assert Outgoing().url_error("https://93.184.216.34/hook") is None
    assert Outgoing().url_error("https://[2606:2800:21f::1]/hook") is None
