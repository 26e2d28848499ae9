"""Accounts and users, made straight in a data folder, beside a server that may run on it."""

import asyncio
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

_numbers = count(1)


def create_account(data: Path) -> CreatedAccount:
    """An account with an owner of a new address."""
    email = f"owner-{getpid()}-{next(_numbers)}@example.org"

    async def run() -> CreatedAccount:
        container = embedded(data)
        async with opened(container, alone=False):
            created: CreatedAccount = await container.create_account()("The family", email)
            return created

    return asyncio.run(run())


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
