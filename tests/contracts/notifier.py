"""What every notifier must do, with a real endpoint at the other end."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

import attrs
import pytest

from application.ports.notifier import Notifier
from domain.channel import Channel, ChannelKind
from domain.notice import Message, Result
from domain.rules.rule import Severity
from tests.contracts.builders import ACCOUNT, NOW_MS, alert


@attrs.frozen
class Received:
    """A message as the other end has it: its id, its words, and all bytes that came."""

    id: str
    words: str
    raw: bytes


class Endpoint(Protocol):
    """The other end of a channel, which may be made to fail."""

    @property
    def settings(self) -> Mapping[str, Any]:
        """Of a channel that leads to it."""
        ...

    def received(self) -> Sequence[Received]: ...

    def be_busy(self) -> None:
        """Turn the next messages away, for now."""
        ...

    def hang(self) -> None:
        """Take the next messages and never answer."""
        ...

    def drop(self) -> None:
        """Take the next messages and lose the connection before the answer."""
        ...

    def recover(self) -> None: ...


@attrs.frozen
class Wire:
    """A notifier that waits for answers for less than a second, and the other end."""

    notifier: Notifier
    endpoint: Endpoint
    kind: ChannelKind

    def channel(self, name: str = "Ana") -> Channel:
        settings = self.endpoint.settings
        zone = "Europe/Ljubljana"
        return Channel("c", ACCOUNT, name, self.kind, settings, NOW_MS, time_zone=zone)


@pytest.mark.anyio
class NotifierContract:
    PORT = Notifier
    ADAPTER: type

    def opened(self) -> AbstractContextManager[Wire]:
        raise NotImplementedError("an adapter's test class gives its wire")

    @pytest.fixture
    def wire(self) -> Iterator[Wire]:
        with self.opened() as wire:
            yield wire

    async def test_a_message_arrives_with_its_alerts(self, wire: Wire) -> None:
        alerts = [alert(NOW_MS, text="Ana left School"), alert(NOW_MS + 1, text="Bor “é” 👪")]
        outcome = await wire.notifier.notify(wire.channel(), Message("m-1", alerts))
        assert outcome.result is Result.SENT
        (got,) = wire.endpoint.received()
        assert got.id == "m-1"
        assert "Ana left School" in got.words
        assert "Bor “é” 👪" in got.words

    async def test_a_test_message_arrives(self, wire: Wire) -> None:
        outcome = await wire.notifier.notify(wire.channel(), Message("t"))
        assert outcome.result is Result.SENT
        (got,) = wire.endpoint.received()
        assert "test" in got.words

    async def test_sent_again_it_has_the_same_id(self, wire: Wire) -> None:
        message = Message("m", [alert()])
        for _ in range(2):
            assert (await wire.notifier.notify(wire.channel(), message)).result is Result.SENT
        assert [got.id for got in wire.endpoint.received()] == ["m", "m"]

    async def test_a_burst_of_a_hundred_long_texts_arrives(self, wire: Wire) -> None:
        alerts = [alert(NOW_MS + n, text=f"{n} " + "“ß”\\" * 100) for n in range(100)]
        outcome = await wire.notifier.notify(wire.channel(), Message("m", alerts))
        assert outcome.result is Result.SENT
        (got,) = wire.endpoint.received()
        assert "100 alerts" in got.words

    async def test_no_text_breaks_a_message(self, wire: Wire) -> None:
        nasty = "x\r\nBcc: eve@example.org\r\n\r\n.\r\n<script>\x00\x1b'\"\u2028{}"
        strange = alert(text=nasty, rule_name=nasty, severity=Severity.CRITICAL)
        channel = wire.channel(nasty)
        outcome = await wire.notifier.notify(channel, Message("m", [strange]))
        assert outcome.result is Result.SENT
        (got,) = wire.endpoint.received()
        assert "x" in got.words
        assert b"\r\nBcc:" not in got.raw

    async def test_a_busy_endpoint_may_be_tried_again(self, wire: Wire) -> None:
        wire.endpoint.be_busy()
        outcome = await wire.notifier.notify(wire.channel(), Message("m", [alert()]))
        assert outcome.result is Result.FAILED_FOR_NOW
        assert outcome.detail
        wire.endpoint.recover()
        outcome = await wire.notifier.notify(wire.channel(), Message("m", [alert()]))
        assert outcome.result is Result.SENT

    async def test_an_endpoint_that_hangs_takes_bounded_time(self, wire: Wire) -> None:
        wire.endpoint.hang()
        async with asyncio.timeout(5):
            outcome = await wire.notifier.notify(wire.channel(), Message("m", [alert()]))
        assert outcome.result is Result.FAILED_FOR_NOW

    async def test_an_answer_that_is_lost_is_a_failure_for_now(self, wire: Wire) -> None:
        wire.endpoint.drop()
        outcome = await wire.notifier.notify(wire.channel(), Message("m", [alert()]))
        assert outcome.result is Result.FAILED_FOR_NOW
        assert wire.endpoint.received() != []

    async def test_an_endpoint_that_is_not_there_is_a_failure_for_now(self) -> None:
        with self.opened() as wire:
            channel = wire.channel()
        outcome = await wire.notifier.notify(channel, Message("m", [alert()]))
        assert outcome.result is Result.FAILED_FOR_NOW
        assert outcome.detail

    async def test_nothing_is_wrong_with_the_settings(self, wire: Wire) -> None:
        assert wire.notifier.settings_errors(wire.endpoint.settings) == []
