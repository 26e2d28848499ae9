"""The alerts that were raised, as people list and acknowledge them."""

import attrs

from adapters.outbound.dynamodb import keys
from adapters.outbound.dynamodb.alert_items import acknowledged_update, alert_of
from adapters.outbound.dynamodb.client import DynamoClient
from adapters.outbound.dynamodb.faults import ConditionFailed
from adapters.outbound.dynamodb.items import key
from adapters.outbound.dynamodb.listing import newest_first, possible_key
from application.paging import Page
from domain.alert import Alert, AlertState


class DynamoAlertBook:
    def __init__(self, client: DynamoClient) -> None:
        self._client = client

    async def alerts(
        self, account_id: str, state: AlertState | None, cursor: str | None, limit: int
    ) -> Page[Alert]:
        list_ = (
            keys.alerts(account_id) if state is None else keys.alerts_by_state(account_id, state)
        )
        return await newest_first(
            self._client, "alerts", list_, cursor, limit, alert_of, indexed=state is not None
        )

    async def get(self, account_id: str, alert_id: str) -> Alert | None:
        if not possible_key(alert_id):
            return None
        item = await self._client.get("alerts", key(keys.alerts(account_id), alert_id))
        return None if item is None else alert_of(item)

    async def acknowledge(
        self, account_id: str, alert_id: str, by: str, now_ms: int
    ) -> Alert | None:
        alert = await self.get(account_id, alert_id)
        if alert is None or alert.state is AlertState.ACKNOWLEDGED:
            return alert
        acknowledged = attrs.evolve(
            alert,
            state=AlertState.ACKNOWLEDGED,
            acknowledged_at_ms=now_ms,
            acknowledged_by=by,
        )
        try:
            await self._client.update("alerts", acknowledged_update(acknowledged))
        except ConditionFailed:
            # Somebody else did it first, or this call did when it was repeated.
            return await self.get(account_id, alert_id)
        return acknowledged
