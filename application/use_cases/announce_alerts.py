"""Alerts that were raised are taken on their way to the channels of their rules."""

from collections.abc import Sequence

import attrs

from application.ports.alert_book import AlertBook
from application.ports.clock import Clock
from application.ports.configuration import Configuration
from application.ports.delivery_log import DeliveryLog
from domain.notice import planned


@attrs.frozen
class AnnounceAlerts:
    alert_book: AlertBook
    configuration: Configuration
    log: DeliveryLog
    clock: Clock

    async def __call__(self, account_id: str, alert_ids: Sequence[str]) -> None:
        """Durable on return, and once, however often it is told. An alert that is not there any
        more, or whose rule or channel is not, is passed over. Raises Unavailable.
        """
        async with self.configuration.reading() as tx:
            channels = {one.id: one for one in await tx.channels.matching(account_id)}
        if not channels:
            return
        found = [await self.alert_book.get(account_id, ident) for ident in alert_ids]
        alerts = [alert for alert in found if alert is not None]
        async with self.configuration.reading() as tx:
            rule_ids = {alert.rule_id for alert in alerts}
            rules = {ident: await tx.rules.get(account_id, ident) for ident in rule_ids}
        now_ms = self.clock.now_ms()
        deliveries = []
        for alert in alerts:
            rule = rules[alert.rule_id]
            named = () if rule is None else rule.channels
            deliveries += [
                planned(alert, channels[name], now_ms) for name in named if name in channels
            ]
        await self.log.add(deliveries)
