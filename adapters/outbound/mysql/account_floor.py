"""Who changes an account has the floor of it: changes of one account do not interleave.

A row for each account is locked before anything of the account is read to be changed. As this is
always the first lock of a transaction, two of them never wait for each other. The same row says
how often the account's configuration was changed and when: processes compare it with what they
remember.
"""

from asyncmy.constants.ER import LOCK_DEADLOCK
from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.outbound.mysql.faults import code_of

metadata = MetaData()

NOBODY = ""
"""The floor of those who ask whether there is any account at all."""

account_changes = Table(
    "account_changes",
    metadata,
    Column("account_id", String(64), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("changed_ms", BigInteger, nullable=False),
    Index("account_changes_by_time", "changed_ms"),
)

_ACCESS = frozenset(
    {
        "calendars",
        "category_sets",
        "consents",
        "contacts",
        "credentials",
        "devices",
        "mappings",
        "people",
        "places",
        "rules",
    }
)
"""Tables of which processes remember something."""

_MOST_TRIES = 10

# The server's time zone may put its clocks back; what is asked for here does not go back.
_NOW_MS = "TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(3)) DIV 1000"
# An upsert locks the row also where it changes nothing, and makes it where there is none.
_TAKE = text(
    "INSERT INTO account_changes (account_id, version, changed_ms) VALUES (:account_id, 0, 0)"
    " ON DUPLICATE KEY UPDATE version = version"
)
_NOTE = text(
    f"UPDATE account_changes SET version = version + 1, changed_ms = {_NOW_MS}"
    " WHERE account_id = :account_id"
)
RECENT = text(
    "SELECT account_id, version FROM account_changes"
    f" WHERE changed_ms > {_NOW_MS} - :within_ms ORDER BY changed_ms DESC LIMIT :most"
)


class AccountFloor:
    """The floors that one transaction has."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._taken: set[str] = set()
        self._changed: set[str] = set()

    async def take(self, account_id: str) -> bool:
        if account_id in self._taken:
            return False
        await self._lock(account_id)
        self._taken.add(account_id)
        return True

    async def _lock(self, account_id: str) -> None:
        # Who made the row may undo that. Then of those who wait for it one makes it, and the
        # engine turns the others away. They have lost nothing where this was their first lock.
        tries = 1 if self._taken else _MOST_TRIES
        for left in reversed(range(tries)):
            try:
                await self._connection.execute(_TAKE, {"account_id": account_id})
                return
            except OperationalError as error:
                if code_of(error) != LOCK_DEADLOCK or not left:
                    raise

    def note(self, table: str, account_id: str) -> None:
        if table in _ACCESS:
            self._changed.add(account_id)

    async def leave(self) -> None:
        """Before the commit: what has changed is written down with it."""
        for account_id in sorted(self._changed):
            await self._connection.execute(_NOTE, {"account_id": account_id})
