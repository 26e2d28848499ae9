"""Accounts and users, made straight in a data folder, beside a server that may run on it."""

import asyncio
import time
from itertools import count
from os import getpid
from pathlib import Path

import attrs

from adapters.inbound.cli.serving import opened
from application.identifiers import digest, new_id, new_secret
from application.use_cases.create_account import CreatedAccount
from bootstrap import embedded
from domain.access import ApiToken
from domain.account import Role, User
from domain.delivery import Delivery, DeliveryState, delivery_id
from domain.quarantine import Quarantined
from domain.times import to_rfc3339
from tests.support.blocks import block

_numbers = count(1)


def create_account(data: Path) -> CreatedAccount:
    """An account with an owner of a new address."""
    email = f"owner-{getpid()}-{next(_numbers)}@example.org"

    async def run() -> CreatedAccount:
        container = embedded(data)
        async with opened(container, alone=False):
            created: CreatedAccount = await container.application().create_account(
                "The family", email
            )
            return created

    return asyncio.run(run())


def leave_in_quarantine(data: Path, account_id: str, device_id: str) -> str:
    """A whole batch of a location that could not be processed; the entry's id."""
    now_ms = time.time_ns() // 1_000_000
    location = {"time": to_rfc3339(now_ms), "lat": 45.8, "lon": 14.3}
    item = Quarantined(
        id=new_id(now_ms),
        account_id=account_id,
        device_id=device_id,
        received_ms=now_ms,
        source="processing",
        reason="gave_up",
        field="",
        payload=block("location", location),
        kind="location",
    )

    async def run() -> None:
        container = embedded(data)
        async with opened(container, alone=False):
            await container.quarantine().put([item])

    asyncio.run(run())
    return item.id


def leave_delivery(data: Path, account_id: str, channel_id: str, alert_id: str) -> str:
    """One that has failed; its id."""
    now_ms = time.time_ns() // 1_000_000
    delivery = Delivery(
        id=delivery_id(alert_id, channel_id),
        account_id=account_id,
        channel_id=channel_id,
        alert_id=alert_id,
        created_at_ms=now_ms,
        due_at_ms=now_ms,
        state=DeliveryState.FAILED,
        ended_at_ms=now_ms,
    )

    async def run() -> None:
        container = embedded(data)
        async with opened(container, alone=False):
            await container.deliveries().add([delivery])

    asyncio.run(run())
    return delivery.id


@attrs.frozen
class AddedUser:
    id: str
    email: str
    api_token: str


def add_user(data: Path, account_id: str, role: Role) -> AddedUser:
    """Another user of an account, who signs in by token only."""
    token = new_secret()
    user = User(
        new_id(0), account_id, f"{role}-{getpid()}-{next(_numbers)}@example.org", "-", role, 0
    )

    async def run() -> None:
        container = embedded(data)
        async with opened(container, alone=False), container.configuration().changing() as tx:
            await tx.users.add(user)
            await tx.api_tokens.add(ApiToken(new_id(0), account_id, user.id, digest(token), 0))

    asyncio.run(run())
    return AddedUser(user.id, user.email, token)
