"""The embedded assembly on a clock of the test's own, and a web server as endpoint."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import attrs
import pytest

from adapters.inbound.cli.serving import opened
from adapters.outbound.notify.notifiers import notifiers
from adapters.outbound.notify.settings import NotifySettings, WebhookSettings
from application.actor import Actor
from application.ports.device_ledger import Effects
from application.use_cases.announce_alerts import AnnounceAlerts
from application.use_cases.manage_channels import ChannelDraft, ManageChannels
from application.use_cases.send_deliveries import SendDeliveries
from bootstrap import embedded
from domain.account import Role
from domain.alert import Alert
from domain.channel import Channel, ChannelKind
from domain.delivery import Delivery, delivery_id
from domain.device_history import DeviceHistory
from domain.rules.condition import SilentFor
from domain.rules.rule import Rule, Scope
from tests.contracts.builders import ACCOUNT, DEVICE, NOW_MS, alert
from tests.support.web_endpoint import WebEndpoint

OWNER = Actor(ACCOUNT, "user", "ana@example.org", Role.OWNER)


class TestClock:
    __test__ = False

    def __init__(self) -> None:
        self.ms = NOW_MS

    def now_ms(self) -> int:
        return self.ms

    def later(self, seconds: float) -> None:
        self.ms += round(seconds * 1000)


@attrs.frozen
class Platform:
    """All of notifying, over real stores and a real endpoint."""

    container: Any
    clock: TestClock
    web: WebEndpoint
    announce: AnnounceAlerts
    send: SendDeliveries
    channels: ManageChannels

    async def channel(self, path: str = "/hook", **fields: Any) -> Channel:
        settings = {"url": self.web.url(path)}
        draft = ChannelDraft(path, ChannelKind.WEBHOOK, settings, **fields)
        return await self.channels.add(OWNER, draft)

    async def rule(self, *channels: Channel) -> str:
        names = ("dashboard", *(channel.id for channel in channels))
        rule = Rule("rule-1", ACCOUNT, "a rule", Scope(), SilentFor(60.0), 0, channels=names)
        async with self.container.configuration().changing() as tx:
            await tx.rules.add(rule)
        return rule.id

    async def raised(self, *alerts: Alert) -> list[str]:
        """Let them be raised and announced; their ids."""
        ledger = self.container.ledger()
        before = (await ledger.histories([(ACCOUNT, DEVICE)]))[DEVICE]
        after = DeviceHistory(DEVICE, ACCOUNT, before.version + 1)
        assert await ledger.apply([Effects(after, alerts=alerts)]) == [True]
        ids = [one.id for one in alerts]
        await self.announce(ACCOUNT, ids)
        return ids

    async def rings(self, number: int = 0, **fields: Any) -> str:
        (ident,) = await self.raised(alert(self.clock.ms + number, **fields))
        return ident

    async def due(self, channel: Channel) -> None:
        """An alert of the channel's account, to be sent on it now."""
        about = alert(self.clock.ms, account=channel.account_id, device=f"of-{channel.id}")
        history = DeviceHistory(about.device_id, about.account_id, 1)
        assert await self.container.ledger().apply([Effects(history, alerts=[about])]) == [True]
        ident = delivery_id(about.id, channel.id)
        now_ms = self.clock.ms
        new = Delivery(ident, about.account_id, channel.id, about.id, now_ms, now_ms)
        assert await self.container.deliveries().add([new]) == 1

    async def round(self) -> int:
        """Send what is due; on how many channels something was."""
        due = await self.send.waiting(100)
        for channel in due:
            await self.send(*channel)
        return len(due)

    async def log(self, channel: Channel) -> list[Delivery]:
        return (await self.channels.deliveries(OWNER, channel.id, None, 100)).items

    async def now(self, channel: Channel) -> Channel:
        return await self.channels.one(OWNER, channel.id)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def web() -> Iterator[WebEndpoint]:
    with WebEndpoint() as web:
        yield web


@asynccontextmanager
async def platform_on(data: Path, clock: TestClock, web: WebEndpoint) -> AsyncIterator[Platform]:
    container = embedded(data)
    settings = NotifySettings(webhooks=WebhookSettings(to_private=True))
    container.clock.override(clock)
    container.notifiers.override(notifiers(settings, lambda: None, None, clock))
    async with opened(container, alone=False):
        application = container.application()
        yield Platform(
            container,
            clock,
            web,
            application.announce_alerts,
            application.send_deliveries,
            application.services.manage_channels,
        )


@pytest.fixture
async def platform(tmp_path: Path, web: WebEndpoint) -> AsyncIterator[Platform]:
    async with platform_on(tmp_path / "data", TestClock(), web) as platform:
        yield platform
