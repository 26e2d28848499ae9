"""What people do with channels, as calls of use cases."""

from typing import Any

import attrs

from application.actor import Actor
from application.queries.channel_views import delivery_view
from application.use_cases.manage_channels import ChannelDraft
from application.use_cases.manage_rules import RuleDraft
from domain.channel import ChannelKind, Digest
from domain.notice import Result
from features.drivers.assembly import Assembly
from features.drivers.channels import ChannelPeople, DeliverySeen, delivery_seen
from features.drivers.rule_wishes import schedule_of
from features.drivers.values import Hours, Owner

_MANY = 100


class ApplicationChannels(ChannelPeople):
    _assembly: Assembly

    def _actor(self, owner: Owner) -> Actor:
        raise NotImplementedError

    def open_channel(self, owner: Owner, name: str, address: str) -> str:
        draft = ChannelDraft(name, ChannelKind.WEBHOOK, {"url": address}, gather_s=0.0)
        manage = self._assembly.services.manage_channels
        return self._assembly.call(manage.add(self._actor(owner), draft)).id

    def tell_on(self, owner: Owner, rule_id: str, channel_id: str) -> None:
        actor = self._actor(owner)

        async def change() -> None:
            async with self._assembly.services.configuration.reading() as tx:
                rule = await tx.rules.get(actor.account_id, rule_id)
            assert rule is not None
            names = [field.name for field in attrs.fields(RuleDraft)]
            draft = RuleDraft(**{name: getattr(rule, name) for name in names})
            draft = attrs.evolve(draft, channels=(*rule.channels, channel_id))
            await self._assembly.services.manage_rules.change(actor, rule_id, draft)

        self._assembly.call(change())

    def give_quiet_hours(self, owner: Owner, channel_id: str, hours: Hours) -> None:
        self._change(owner, channel_id, quiet=schedule_of(hours))

    def tell_daily(self, owner: Owner, channel_id: str) -> None:
        self._change(owner, channel_id, digest=Digest.DAILY)

    def _change(self, owner: Owner, channel_id: str, **fields: Any) -> None:
        actor, manage = self._actor(owner), self._assembly.services.manage_channels
        channel = self._assembly.call(manage.one(actor, channel_id))
        names = [field.name for field in attrs.fields(ChannelDraft)]
        draft = ChannelDraft(**{name: getattr(channel, name) for name in names} | fields)
        self._assembly.call(manage.change(actor, channel_id, draft))

    def send_test(self, owner: Owner, channel_id: str) -> bool:
        manage = self._assembly.services.manage_channels
        outcome = self._assembly.call(manage.test(self._actor(owner), channel_id))
        return outcome.result is Result.SENT

    def resume_channel(self, owner: Owner, channel_id: str) -> None:
        manage = self._assembly.services.manage_channels
        self._assembly.call(manage.resume(self._actor(owner), channel_id))

    def channel_state(self, owner: Owner, channel_id: str) -> str:
        manage = self._assembly.services.manage_channels
        return self._assembly.call(manage.one(self._actor(owner), channel_id)).state.value

    def deliveries(self, owner: Owner, channel_id: str) -> list[DeliverySeen]:
        manage = self._assembly.services.manage_channels
        found = self._assembly.call(manage.deliveries(self._actor(owner), channel_id, None, _MANY))
        return [delivery_seen(delivery_view(one)) for one in found.items]

    def send_what_is_due(self) -> None:
        send = self._assembly.container.application().send_deliveries

        async def round_() -> None:
            for channel in await send.waiting(_MANY):
                await send(*channel)

        self._assembly.call(round_())
