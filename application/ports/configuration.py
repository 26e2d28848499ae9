"""Accounts and all that people configure: read and changed in transactions."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol, TypeVar

from application.paging import Page
from domain.access import ApiToken, AuditEntry, WebSession
from domain.account import Account, Person, User
from domain.calendar import Calendar
from domain.categories import CategorySet
from domain.channel import Channel
from domain.consent import Consent
from domain.contact import Contact
from domain.device import Credential, Device, Enrolment
from domain.job import Job
from domain.mapping import DocumentMapping
from domain.place import Place
from domain.policy import PolicySettings
from domain.pull_request import PullRequest
from domain.rules.rule import Rule

T = TypeVar("T")


class Catalog(Protocol[T]):
    """The entities of one type. Every call but `by_unique` stays within one account."""

    async def get(self, account_id: str, key: str) -> T | None: ...

    async def matching(self, account_id: str, **equal: object) -> list[T]:
        """Those whose fields equal the given ones, in the order of their making."""
        ...

    async def by_unique(self, field: str, value: str) -> T | None:
        """The one entity of any account with this digest or e-mail address."""
        ...

    async def add(self, entity: T) -> None:
        """Raises Conflict when a unique field is taken."""
        ...

    async def replace(self, entity: T) -> None:
        """Overwrite the entity with the same account and key."""
        ...

    async def remove(self, account_id: str, key: str) -> None: ...

    async def page(self, account_id: str, cursor: str | None, limit: int) -> Page[T]:
        """Newest first."""
        ...


class ConfigurationTransaction(Protocol):
    """What is read is consistent; what is written becomes durable together."""

    accounts: Catalog[Account]
    users: Catalog[User]
    api_tokens: Catalog[ApiToken]
    sessions: Catalog[WebSession]
    people: Catalog[Person]
    devices: Catalog[Device]
    enrolments: Catalog[Enrolment]
    credentials: Catalog[Credential]
    consents: Catalog[Consent]
    policies: Catalog[PolicySettings]
    places: Catalog[Place]
    rules: Catalog[Rule]
    calendars: Catalog[Calendar]
    contacts: Catalog[Contact]
    category_sets: Catalog[CategorySet]
    mappings: Catalog[DocumentMapping]
    channels: Catalog[Channel]
    pull_requests: Catalog[PullRequest]
    jobs: Catalog[Job]
    audit: Catalog[AuditEntry]

    async def has_accounts(self) -> bool:
        """False only before the first start is complete."""
        ...


class Configuration(Protocol):
    def reading(self) -> AbstractAsyncContextManager[ConfigurationTransaction]:
        """A transaction that changes nothing. Raises Unavailable."""
        ...

    def changing(self) -> AbstractAsyncContextManager[ConfigurationTransaction]:
        """Durable when the block ends without an exception, undone otherwise.

        Changes do not interleave: what was read in it is still so when it ends.
        Raises Unavailable.
        """
        ...
