"""Accounts of a hundred devices each in MySQL, as many as are wanted, without a use case."""

from collections.abc import Mapping

from sqlalchemy import Table, text
from sqlalchemy.ext.asyncio import create_async_engine

from adapters.outbound.mysql.configuration import MysqlConfiguration
from adapters.outbound.mysql.settings import MysqlSettings
from adapters.outbound.sql import tables
from domain.account import Account, Person
from domain.consent import Consent
from domain.device import Agent, Credential, Device
from domain.kinds import Kind

_NOW_MS = 1_790_000_000_000
_TEMPLATE = "template"
_OF_AN_ACCOUNT = 100
_STEP = 100_000
_DIGITS = 5

_OWNED = {"account_id": f"CONCAT('account-', n DIV {_OF_AN_ACCOUNT})"}
_PERSON = {"person_id": "CONCAT('person-', n)"}
_DEVICE = {"device_id": "CONCAT('device-', n)"}


async def known_devices(
    settings: MysqlSettings, configuration: MysqlConfiguration, first: int, count: int
) -> None:
    """The devices `first` up to `count` are added, each with a person, a consent and a credential
    whose digest is `digest-N`. The first call begins with 0.
    """
    if first == 0:
        await _add_template(configuration)
    engine = create_async_engine(settings.url)
    try:
        for start in range(first, count, _STEP):
            numbers = _numbers(start, min(start + _STEP, count))
            async with engine.begin() as connection:
                for statement in _copies(numbers):
                    await connection.execute(text(statement))
    finally:
        await engine.dispose()


async def _add_template(configuration: MysqlConfiguration) -> None:
    async with configuration.changing() as tx:
        await tx.accounts.add(Account(_TEMPLATE, "Benchmarks", _NOW_MS))
        await tx.people.add(Person(_TEMPLATE, _TEMPLATE, "Ana", "Europe/Ljubljana", _NOW_MS))
        await tx.devices.add(Device(_TEMPLATE, _TEMPLATE, _TEMPLATE, "phone", "android", _NOW_MS))
        await tx.consents.add(Consent(_TEMPLATE, _TEMPLATE, _TEMPLATE, tuple(Kind), _NOW_MS))
        await tx.credentials.add(
            Credential(_TEMPLATE, _TEMPLATE, _TEMPLATE, Agent.FIELDPOST, _TEMPLATE, _NOW_MS)
        )


def _numbers(first: int, count: int) -> str:
    """A table of one column n."""
    digit = " UNION ALL ".join(f"SELECT {n} AS d" for n in range(10))
    places = range(_DIGITS)
    value = " + ".join(f"d{place}.d * {10**place}" for place in places)
    digits = ", ".join(f"({digit}) AS d{place}" for place in places)
    return (
        f"(SELECT m.n FROM (SELECT {first} + {value} AS n FROM {digits}) AS m"
        f" WHERE m.n < {count} ORDER BY m.n)"
    )


def _copies(numbers: str) -> list[str]:
    return [
        _copy(tables.people, numbers, {"id": "CONCAT('person-', n)", **_OWNED}),
        _copy(tables.devices, numbers, {"id": "CONCAT('device-', n)", **_OWNED, **_PERSON}),
        _copy(tables.consents, numbers, {"id": "CONCAT('consent-', n)", **_OWNED, **_PERSON}),
        _copy(
            tables.credentials,
            numbers,
            {
                "id": "CONCAT('credential-', n)",
                "digest": "CONCAT('digest-', n)",
                **_OWNED,
                **_DEVICE,
            },
        ),
    ]


def _copy(table: Table, numbers: str, made: Mapping[str, str]) -> str:
    """Of the template's row, but for what is made of the number."""
    names = [column.name for column in table.columns]
    values = ", ".join(made.get(name, f"t.{name}") for name in names)
    return (
        f"INSERT INTO {table.name} ({', '.join(names)}) SELECT {values}"
        f" FROM {table.name} AS t, {numbers} AS numbers WHERE t.id = '{_TEMPLATE}'"
    )
