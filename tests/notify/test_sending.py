"""From an alert that was raised to what the endpoint got, once, whatever happens on the way."""

import asyncio
import contextlib
from datetime import UTC, datetime
from pathlib import Path

import attrs
import msgspec
import pytest
from standardwebhooks import Webhook

from adapters.inbound.consumers.delivery_pump import DeliveryPump
from application.faults import Conflict
from application.use_cases.send_deliveries import LEASE_MS
from domain.channel import ChannelState, Digest
from domain.delivery import Delivery, DeliveryState, delivery_id
from domain.notice import PAUSED_AFTER
from domain.rules.rule import Severity
from domain.schedule import WEEKDAYS, Schedule
from tests.contracts.builders import ACCOUNT, OTHER_ACCOUNT
from tests.notify.conftest import OWNER, Platform, TestClock, platform_on
from tests.support.web_endpoint import Posted, WebEndpoint

pytestmark = pytest.mark.anyio


def told(posted: Posted) -> list[str]:
    return [one["id"] for one in msgspec.json.decode(posted.body)["data"]["alerts"]]


def states(deliveries: list[Delivery]) -> list[str]:
    return [one.state.value for one in deliveries]


async def test_an_alert_reaches_the_channels_of_its_rule(platform: Platform) -> None:
    one, two, other = [await platform.channel(path) for path in ("/one", "/two", "/other")]
    await platform.rule(one, two)
    ident = await platform.rings()
    assert await platform.round() == 0
    platform.clock.later(30)
    assert await platform.round() == 2
    assert [told(posted) for posted in platform.web.at("/one")] == [[ident]]
    assert [told(posted) for posted in platform.web.at("/two")] == [[ident]]
    assert states(await platform.log(one)) == ["sent"]
    assert await platform.log(other) == []


async def test_announced_again_it_is_sent_once(platform: Platform) -> None:
    channel = await platform.channel()
    await platform.rule(channel)
    ident = await platform.rings()
    platform.clock.later(30)
    for _ in range(3):
        await platform.announce(ACCOUNT, [ident, "nothing"])
        await platform.round()
    assert len(platform.web.posted) == 1


async def test_a_burst_is_one_message(platform: Platform) -> None:
    channel = await platform.channel()
    await platform.rule(channel)
    ids = []
    for number in range(5):
        ids.append(await platform.rings(number))
        platform.clock.later(7)
    await platform.round()
    assert [told(posted) for posted in platform.web.posted] == [ids]


async def test_it_is_signed_and_keeps_its_id_when_it_is_tried_again(platform: Platform) -> None:
    channel = await platform.channel()
    await platform.rule(channel)
    platform.web.status = 500
    await platform.rings()
    for wait_s in (30, 5):
        platform.clock.later(wait_s)
        await platform.round()
    platform.web.status = 204
    renewed = await platform.channels.renew_secret(OWNER, channel.id)
    platform.clock.later(60)
    await platform.round()
    assert len({posted.headers["webhook-id"] for posted in platform.web.posted}) == 1
    assert len(platform.web.posted) == 3
    last = platform.web.posted[-1]
    for secret in (channel.settings["secret"], renewed.settings["secret"]):
        moment = datetime.fromtimestamp(int(last.headers["webhook-timestamp"]), UTC)
        signed = last.headers["webhook-signature"].split(" ")
        again = Webhook(secret).sign(last.headers["webhook-id"], moment, last.body.decode())
        assert again in signed
    (delivery,) = await platform.log(channel)
    assert (delivery.state, delivery.attempts) == (DeliveryState.SENT, 3)


async def test_quiet_hours_end_with_one_message(platform: Platform) -> None:
    channel = await platform.channel(quiet=Schedule(WEEKDAYS, 0, 23 * 60))
    await platform.rule(channel)
    ids = [await platform.rings(number) for number in range(3)]
    urgent = await platform.rings(9, severity=Severity.CRITICAL)
    platform.clock.later(5)
    await platform.round()
    assert [told(posted) for posted in platform.web.posted] == [[urgent]]
    platform.clock.later((23 * 3_600 - platform.clock.ms // 1000) % 86_400)
    await platform.round()
    assert told(platform.web.posted[1]) == ids


async def test_what_is_tried_again_respects_quiet_hours(platform: Platform) -> None:
    minute = platform.clock.ms // 60_000 % 1_440
    soon = Schedule(WEEKDAYS, (minute + 1) % 1_440, (minute + 61) % 1_440)
    channel = await platform.channel(quiet=soon, gather_s=0.0)
    await platform.rule(channel)
    platform.web.status = 503
    first = await platform.rings(0)
    await platform.round()
    platform.clock.later(5)
    await platform.round()
    platform.web.status = 204
    platform.clock.later(60)
    urgent = await platform.rings(1, severity=Severity.CRITICAL)
    for _ in range(3):
        platform.clock.later(5)
        await platform.round()
    assert [told(posted) for posted in platform.web.posted] == [[first], [first], [urgent]]
    platform.clock.later(3_600)
    await platform.round()
    assert told(platform.web.posted[-1]) == [first]


async def test_a_digest_waits_for_its_time_though_its_channel_is_resumed(
    platform: Platform,
) -> None:
    channel = await platform.channel(digest=Digest.HOURLY)
    await platform.rule(channel)
    platform.web.status = 410
    await platform.rings(0)
    platform.clock.later(3_600)
    await platform.round()
    assert (await platform.now(channel)).state is ChannelState.PAUSED
    platform.web.status = 204
    await platform.channels.resume(OWNER, channel.id)
    second = await platform.rings(1)
    await platform.channels.resume(OWNER, channel.id)
    assert await platform.round() == 0
    platform.clock.later(3_600)
    await platform.round()
    assert told(platform.web.posted[-1]) == [second]


async def test_late_alerts_do_not_ring_but_come_in_a_digest(platform: Platform) -> None:
    rings = await platform.channel("/rings")
    digest = await platform.channel("/digest", digest=Digest.HOURLY)
    await platform.rule(rings, digest)
    ident = await platform.rings(learned_at_ms=platform.clock.ms + 3_600_000)
    platform.clock.later(7_200)
    await platform.round()
    assert [(posted.path, told(posted)) for posted in platform.web.posted] == [("/digest", [ident])]
    (delivery,) = await platform.log(rings)
    assert (delivery.state, delivery.detail) == (DeliveryState.NOT_SENT, "late")
    await platform.channels.resend(OWNER, delivery.id)
    await platform.round()
    assert told(platform.web.at("/rings")[0]) == [ident]
    waits = await platform.rings(77)
    with pytest.raises(Conflict):
        await platform.channels.resend(OWNER, delivery_id(waits, rings.id))


async def test_while_a_channel_fails_one_message_at_a_time_is_tried(platform: Platform) -> None:
    channel = await platform.channel(gather_s=0.0)
    await platform.rule(channel)
    platform.web.status = 503
    first = await platform.rings(0)
    await platform.round()
    second = await platform.rings(1)
    await platform.round()
    assert await platform.round() == 0
    assert [told(posted) for posted in platform.web.posted] == [[first]]
    failing = await platform.now(channel)
    assert (failing.state, failing.health.last_error) == (ChannelState.FAILING, "answered 503")
    platform.clock.later(5)
    await platform.round()
    await platform.round()
    assert [told(posted) for posted in platform.web.posted] == [[first], [second]]
    platform.web.status = 204
    platform.clock.later(60)
    for _ in range(3):
        await platform.round()
    assert (await platform.now(channel)).state is ChannelState.OK
    assert sorted(told(posted)[0] for posted in platform.web.posted[2:]) == [first, second]


async def test_a_channel_that_fails_for_long_is_paused_and_resumed(platform: Platform) -> None:
    channel = await platform.channel(gather_s=0.0)
    await platform.rule(channel)
    platform.web.status = 500
    tries = 0
    while (await platform.now(channel)).state is not ChannelState.PAUSED:
        await platform.rings(tries)
        await platform.round()
        tries += 1
        platform.clock.later(43_200)
    assert tries == len(platform.web.posted) == PAUSED_AFTER
    async with platform.container.configuration().reading() as tx:
        entries = (await tx.audit.page(ACCOUNT, None, 100)).items
    (paused,) = [entry for entry in entries if entry.action == "channel.pause"]
    assert (paused.actor, paused.subject) == ("fieldpost", channel.id)
    assert "answered 500" in paused.detail
    await platform.round()
    assert {one.state for one in await platform.log(channel)} <= {
        DeliveryState.FAILED,
        DeliveryState.NOT_SENT,
    }
    platform.web.status = 204
    assert (await platform.channels.resume(OWNER, channel.id)).state is ChannelState.OK
    ident = await platform.rings(999)
    await platform.round()
    assert told(platform.web.posted[-1]) == [ident]


async def test_an_endpoint_that_is_gone_is_paused_at_once(platform: Platform) -> None:
    channel = await platform.channel(gather_s=0.0)
    await platform.rule(channel)
    platform.web.status = 410
    await platform.rings()
    await platform.round()
    assert (await platform.now(channel)).state is ChannelState.PAUSED
    assert states(await platform.log(channel)) == ["failed"]


async def test_who_is_gone_is_taken_over(tmp_path: Path, web: WebEndpoint) -> None:
    clock = TestClock()
    web.hanging.add("/hook")
    async with platform_on(tmp_path, clock, web) as first:
        channel = await first.channel(gather_s=0.0)
        await first.rule(channel)
        ident = await first.rings()
        sending = asyncio.create_task(first.send(ACCOUNT, channel.id))
        async with asyncio.timeout(10):
            while not web.posted:
                await asyncio.sleep(0.01)
        sending.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await sending
    web.hanging.clear()
    async with platform_on(tmp_path, clock, web) as second:
        assert await second.round() == 0
        clock.later(LEASE_MS / 1000)
        assert await second.round() == 1
        assert [told(posted) for posted in web.posted] == [[ident], [ident]]
        assert len({posted.headers["webhook-id"] for posted in web.posted}) == 1
        assert states(await second.log(channel)) == ["sent"]


async def test_two_workers_send_nothing_twice(tmp_path: Path, web: WebEndpoint) -> None:
    clock = TestClock()
    async with (
        platform_on(tmp_path, clock, web) as one,
        platform_on(tmp_path, clock, web) as two,
    ):
        channels = [await one.channel(f"/{n}", gather_s=0.0) for n in range(5)]
        await one.rule(*channels)
        for number in range(4):
            await one.rings(number)
            await asyncio.gather(one.round(), two.round())
        assert len(web.posted) == 20
        assert len({(posted.path, *told(posted)) for posted in web.posted}) == 20


async def test_a_hanging_endpoint_holds_up_no_other(platform: Platform) -> None:
    slow, quick = await platform.channel("/slow"), await platform.channel("/quick")
    platform.web.hanging.add("/slow")
    await platform.rule(slow, quick)
    await platform.rings()
    platform.clock.later(30)
    pump = asyncio.create_task(DeliveryPump(platform.send, every_s=0.01).run())
    try:
        async with asyncio.timeout(5):
            while not platform.web.at("/slow") or not platform.web.at("/quick"):
                await asyncio.sleep(0.01)
            await platform.rings(5)
            platform.clock.later(30)
            while len(platform.web.at("/quick")) < 2:
                await asyncio.sleep(0.01)
        assert len(platform.web.at("/slow")) == 1
    finally:
        pump.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await pump


async def test_an_account_of_slow_endpoints_leaves_room_for_others(platform: Platform) -> None:
    """It may have a quarter of what a process sends at a time."""
    platform.web.hanging = {f"/slow-{number}" for number in range(6)}
    for path in sorted(platform.web.hanging):
        await platform.due(await platform.channel(path, gather_s=0.0))
    other = attrs.evolve(await platform.channel("/quick", gather_s=0.0), account_id=OTHER_ACCOUNT)
    async with platform.container.configuration().changing() as tx:
        await tx.channels.add(other)
    pump = asyncio.create_task(DeliveryPump(platform.send, at_once=4, every_s=0.01).run())
    try:
        async with asyncio.timeout(5):
            while not platform.web.posted:
                await asyncio.sleep(0.01)
            await platform.due(other)
            while not platform.web.at("/quick"):
                await asyncio.sleep(0.01)
        assert len([one for one in platform.web.posted if one.path != "/quick"]) == 1
    finally:
        pump.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await pump


async def test_a_channel_that_is_off_or_gone_sends_nothing(platform: Platform) -> None:
    channel = await platform.channel(gather_s=0.0)
    await platform.rule(channel)
    await platform.rings()
    async with platform.container.configuration().changing() as tx:
        await tx.channels.replace(attrs.evolve(channel, enabled=False))
    await platform.round()
    (delivery,) = await platform.log(channel)
    assert (delivery.state, delivery.detail) == (DeliveryState.NOT_SENT, "the channel is off")
    assert platform.web.posted == []
