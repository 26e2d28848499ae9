"""Sign in and out, and recognise who asks."""

import attrs

from application.actor import Actor
from application.faults import NotAuthenticated, TooMany
from application.identifiers import digest, new_id, new_secret
from application.ports.clock import Clock
from application.ports.configuration import Configuration
from application.ports.password_hasher import PasswordHasher
from application.ports.tally import Tally
from domain.access import SESSION_LIFETIME_MS, WebSession
from domain.account import Account, User

_TRIES = 10
_WINDOW_MS = 15 * 60 * 1000
_MAX_WATCHED = 10_000
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$" + "A" * 22 + "$" + "A" * 43
"""Verified against when the address is unknown, so that the answer takes as long."""


@attrs.frozen
class SignedIn:
    """`cookie` is told once; `csrf_token` goes with every change."""

    user: User
    account: Account
    cookie: str
    csrf_token: str


class SignIn:
    def __init__(
        self, configuration: Configuration, passwords: PasswordHasher, clock: Clock, tally: Tally
    ) -> None:
        self._configuration = configuration
        self._passwords = passwords
        self._clock = clock
        self._tally = tally
        self._failures: dict[str, list[int]] = {}

    async def __call__(self, email: str, password: str) -> SignedIn:
        """Raises NotAuthenticated, and TooMany after ten wrong tries in a quarter of an hour."""
        email = email.strip().lower()[:300]
        now_ms = self._clock.now_ms()
        self._check_tries(email, now_ms)
        async with self._configuration.reading() as tx:
            user = await tx.users.by_unique("email", email)
        known = user.password_hash if user else _NOBODY
        if not await self._passwords.verify(known, password[:200]) or user is None:
            self._note_failure(email, now_ms)
            raise NotAuthenticated("the e-mail address or the password is wrong")
        self._failures.pop(email, None)
        return await self._open_session(user, now_ms)

    async def _open_session(self, user: User, now_ms: int) -> SignedIn:
        cookie = new_secret()
        session = WebSession(
            id=new_id(now_ms),
            account_id=user.account_id,
            user_id=user.id,
            digest=digest(cookie),
            csrf_token=new_secret(),
            created_at_ms=now_ms,
            expires_at_ms=now_ms + SESSION_LIFETIME_MS,
        )
        async with self._configuration.changing() as tx:
            account = await tx.accounts.get(user.account_id, user.account_id)
            assert account is not None
            await tx.sessions.add(session)
            for old in await tx.sessions.matching(user.account_id, user_id=user.id):
                if old.expires_at_ms <= now_ms:
                    await tx.sessions.remove(user.account_id, old.id)
            await tx.audit.add(actor_of(user).entry(now_ms, "session.open", user.id))
        return SignedIn(user, account, cookie, session.csrf_token)

    def _check_tries(self, email: str, now_ms: int) -> None:
        recent = [at for at in self._failures.get(email, []) if at > now_ms - _WINDOW_MS]
        if len(recent) >= _TRIES:
            self._tally.count("refused_sign_ins", "too_many")
            wait_s = (recent[0] + _WINDOW_MS - now_ms) // 1000 + 1
            raise TooMany("too many wrong tries for this address", retry_after_s=wait_s)

    def _note_failure(self, email: str, now_ms: int) -> None:
        self._tally.count("refused_sign_ins", "wrong")
        if len(self._failures) >= _MAX_WATCHED:
            del self._failures[next(iter(self._failures))]
        recent = [at for at in self._failures.get(email, []) if at > now_ms - _WINDOW_MS]
        self._failures[email] = [*recent, now_ms]


@attrs.frozen
class Authenticate:
    """Who a cookie or an API token belongs to."""

    configuration: Configuration
    clock: Clock

    async def token(self, token: str) -> Actor:
        """Raises NotAuthenticated."""
        async with self.configuration.reading() as tx:
            found = await tx.api_tokens.by_unique("digest", digest(token))
            user = await tx.users.get(found.account_id, found.user_id) if found else None
        if user is None:
            raise NotAuthenticated("the API token is unknown or revoked")
        return actor_of(user)

    async def session(self, cookie: str) -> tuple[Actor, SignedIn]:
        """Raises NotAuthenticated."""
        async with self.configuration.reading() as tx:
            found = await tx.sessions.by_unique("digest", digest(cookie))
            if found is None or found.expires_at_ms <= self.clock.now_ms():
                raise NotAuthenticated("sign in first")
            user = await tx.users.get(found.account_id, found.user_id)
            account = await tx.accounts.get(found.account_id, found.account_id)
        if user is None or account is None:
            raise NotAuthenticated("sign in first")
        return actor_of(user), SignedIn(user, account, cookie, found.csrf_token)

    async def sign_out(self, cookie: str) -> None:
        async with self.configuration.changing() as tx:
            found = await tx.sessions.by_unique("digest", digest(cookie))
            if found is not None:
                await tx.sessions.remove(found.account_id, found.id)


def actor_of(user: User) -> Actor:
    return Actor(user.account_id, user.id, user.email, user.role)
