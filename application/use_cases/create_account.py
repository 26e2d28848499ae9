"""Create an account with its owner, from the command line or on the first start's page."""

import re

import attrs

from application.faults import Conflict, Invalid
from application.identifiers import digest, new_id, new_secret
from application.ports.clock import Clock
from application.ports.configuration import Configuration
from application.ports.password_hasher import PasswordHasher
from domain.access import ApiToken
from domain.account import Account, Role, User
from domain.refusals import FieldError

MIN_PASSWORD = 10
MAX_PASSWORD = 200
_EMAIL = re.compile(r"[^@\s]{1,100}@[^@\s]{1,150}")


@attrs.frozen
class CreatedAccount:
    """`api_token` and `password` are told once, here; only what verifies them is stored."""

    account_id: str
    user_id: str
    email: str
    api_token: str
    password: str


@attrs.frozen
class CreateAccount:
    configuration: Configuration
    passwords: PasswordHasher
    clock: Clock

    async def __call__(
        self, name: str, email: str, password: str | None = None, *, first_only: bool = False
    ) -> CreatedAccount:
        """Makes up a password when none is given. Raises Invalid, and Conflict when the
        address is taken or, with `first_only`, when there is an account already.
        """
        email = email.strip().lower()
        password = password or new_secret()[:16]
        errors = _errors(name, email, password)
        if errors:
            raise Invalid.of(errors)
        now_ms = self.clock.now_ms()
        token = new_secret()
        password_hash = await self.passwords.hash(password)
        account = Account(new_id(now_ms), name.strip(), now_ms)
        user = User(new_id(now_ms), account.id, email, password_hash, Role.OWNER, now_ms)
        async with self.configuration.changing() as tx:
            if first_only and await tx.has_accounts():
                raise Conflict("this platform has its owner already; sign in")
            if await tx.users.by_unique("email", email) is not None:
                raise Conflict(
                    "there is a user with this e-mail address",
                    [FieldError("email", "is taken")],
                )
            await tx.accounts.add(account)
            await tx.users.add(user)
            await tx.api_tokens.add(
                ApiToken(new_id(now_ms), account.id, user.id, digest(token), now_ms)
            )
        return CreatedAccount(account.id, user.id, email, token, password)


def _errors(name: str, email: str, password: str) -> list[FieldError]:
    errors = []
    if not 1 <= len(name.strip()) <= 200:
        errors.append(FieldError("account_name", "must have 1 to 200 characters"))
    if not _EMAIL.fullmatch(email):
        errors.append(FieldError("email", "is not an e-mail address"))
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        errors.append(
            FieldError("password", f"must have {MIN_PASSWORD} to {MAX_PASSWORD} characters")
        )
    return errors
