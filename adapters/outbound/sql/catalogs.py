"""Catalogues of entities on one connection, and the transaction that holds them all."""

from collections.abc import Mapping
from typing import Any, Generic, Protocol, TypeVar

import attrs
from sqlalchemy import and_, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.outbound.sql import tables
from adapters.outbound.sql.rows import PlaceMapper, RowMapper, RuleMapper
from application.faults import Conflict
from application.paging import Page
from application.ports.configuration import ConfigurationTransaction
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

T = TypeVar("T", bound=attrs.AttrsInstance)


class Floor(Protocol):
    """Keeps changes apart, where the engine does not do so by itself."""

    async def take(self, account_id: str) -> bool:
        """Before anything of the account is read or changed; waits for who has it. True when
        it was not had before.
        """
        ...

    def note(self, table: str, account_id: str) -> None:
        """Something in this table was changed."""
        ...


class NoFloor:
    """For transactions that only read, and for an engine with one writer."""

    async def take(self, account_id: str) -> bool:
        return False

    def note(self, table: str, account_id: str) -> None:
        pass


_NO_FLOOR = NoFloor()
_DUPLICATE = 1062


class SqlCatalog(Generic[T]):
    def __init__(self, connection: AsyncConnection, mapper: RowMapper[T], floor: Floor) -> None:
        self._connection = connection
        self._floor = floor
        self._mapper = mapper
        self._table = mapper.table
        self._account = mapper.table.c[mapper.account]
        self._key = mapper.table.c[mapper.key]

    async def get(self, account_id: str, key: str) -> T | None:
        await self._floor.take(account_id)
        query = select(self._table).where(self._is(account_id, key))
        row = (await self._connection.execute(query)).mappings().one_or_none()
        return None if row is None else self._entity(row)

    async def matching(self, account_id: str, **equal: object) -> list[T]:
        await self._floor.take(account_id)
        query = select(self._table).where(
            self._account == account_id,
            *(self._table.c[name] == value for name, value in equal.items()),
        )
        rows = (await self._connection.execute(query.order_by(self._key))).mappings()
        return [self._entity(row) for row in rows]

    async def by_unique(self, field: str, value: str) -> T | None:
        query = select(self._table).where(self._table.c[field] == value)
        row = (await self._connection.execute(query)).mappings().one_or_none()
        if row is None:
            return None
        # Whose it is is known only now, and until now another may have changed it.
        if await self._floor.take(row[self._account.name]):
            row = (await self._connection.execute(query)).mappings().one_or_none()
        return None if row is None else self._entity(row)

    async def add(self, entity: T) -> None:
        row = self._mapper.row(entity)
        await self._change(row[self._account.name])
        try:
            await self._connection.execute(insert(self._table).values(row))
        except IntegrityError as error:
            if not _is_duplicate(error):
                raise
            raise Conflict("there is one like this already") from error

    async def replace(self, entity: T) -> None:
        row = self._mapper.row(entity)
        where = self._is(row[self._account.name], row[self._key.name])
        await self._change(row[self._account.name])
        await self._connection.execute(update(self._table).where(where).values(row))

    async def remove(self, account_id: str, key: str) -> None:
        await self._change(account_id)
        await self._connection.execute(delete(self._table).where(self._is(account_id, key)))

    async def page(self, account_id: str, cursor: str | None, limit: int) -> Page[T]:
        await self._floor.take(account_id)
        query = select(self._table).where(self._account == account_id)
        if cursor is not None:
            query = query.where(self._key < cursor)
        query = query.order_by(self._key.desc()).limit(limit + 1)
        rows = (await self._connection.execute(query)).mappings().all()
        next_cursor = rows[limit - 1][self._key.name] if len(rows) > limit else None
        return Page([self._entity(row) for row in rows[:limit]], next_cursor)

    async def _change(self, account_id: str) -> None:
        await self._floor.take(account_id)
        self._floor.note(self._table.name, account_id)

    def _is(self, account_id: str, key: str) -> Any:
        return and_(self._account == account_id, self._key == key)

    def _entity(self, row: Mapping[Any, Any]) -> T:
        return self._mapper.entity(row)


class AccountCatalog(SqlCatalog[Account]):
    """Who adds an account changes the answer to whether there is any."""

    def __init__(self, connection: AsyncConnection, floor: Floor, nobody: str) -> None:
        super().__init__(connection, _ACCOUNTS, floor)
        self._nobody = nobody

    async def add(self, entity: Account) -> None:
        await self._floor.take(self._nobody)
        await super().add(entity)


def _is_duplicate(error: IntegrityError) -> bool:
    """MySQL says so by number, SQLite in words."""
    said = getattr(error.orig, "args", ())
    return _DUPLICATE in said or "UNIQUE constraint failed" in str(error.orig)


class SqlTransaction(ConfigurationTransaction):
    """A ConfigurationTransaction on one connection. `nobody` stands for an account where the
    question is whether there is any.
    """

    def __init__(
        self, connection: AsyncConnection, floor: Floor = _NO_FLOOR, nobody: str = ""
    ) -> None:
        def catalog(mapper: RowMapper[T]) -> SqlCatalog[T]:
            return SqlCatalog(connection, mapper, floor)

        self._connection = connection
        self._floor = floor
        self._nobody = nobody
        self.accounts = AccountCatalog(connection, floor, nobody)
        self.users = catalog(_USERS)
        self.api_tokens = catalog(_API_TOKENS)
        self.sessions = catalog(_SESSIONS)
        self.people = catalog(_PEOPLE)
        self.devices = catalog(_DEVICES)
        self.enrolments = catalog(_ENROLMENTS)
        self.credentials = catalog(_CREDENTIALS)
        self.consents = catalog(_CONSENTS)
        self.policies = catalog(_POLICIES)
        self.places = catalog(_PLACES)
        self.rules = catalog(_RULES)
        self.calendars = catalog(_CALENDARS)
        self.contacts = catalog(_CONTACTS)
        self.category_sets = catalog(_CATEGORY_SETS)
        self.mappings = catalog(_MAPPINGS)
        self.channels = catalog(_CHANNELS)
        self.pull_requests = catalog(_PULL_REQUESTS)
        self.audit = catalog(_AUDIT)
        self.jobs = catalog(_JOBS)

    async def has_accounts(self) -> bool:
        await self._floor.take(self._nobody)
        query = select(tables.accounts.c.id).limit(1)
        return (await self._connection.execute(query)).first() is not None


_ACCOUNTS = RowMapper(tables.accounts, Account)
_USERS = RowMapper(tables.users, User)
_API_TOKENS = RowMapper(tables.api_tokens, ApiToken)
_SESSIONS = RowMapper(tables.sessions, WebSession)
_PEOPLE = RowMapper(tables.people, Person)
_DEVICES = RowMapper(tables.devices, Device)
_ENROLMENTS = RowMapper(tables.enrolments, Enrolment)
_CREDENTIALS = RowMapper(tables.credentials, Credential)
_CONSENTS = RowMapper(tables.consents, Consent)
_POLICIES = RowMapper(tables.policies, PolicySettings, key="device_id")
_PLACES = PlaceMapper(tables.places, Place)
_RULES = RuleMapper(tables.rules, Rule)
_CALENDARS = RowMapper(tables.calendars, Calendar)
_CONTACTS = RowMapper(tables.contacts, Contact)
_CATEGORY_SETS = RowMapper(tables.category_sets, CategorySet, "account_id")
_MAPPINGS = RowMapper(tables.mappings, DocumentMapping)
_CHANNELS = RowMapper(tables.channels, Channel)
_PULL_REQUESTS = RowMapper(tables.pull_requests, PullRequest)
_AUDIT = RowMapper(tables.audit, AuditEntry)
_JOBS = RowMapper(tables.jobs, Job)
