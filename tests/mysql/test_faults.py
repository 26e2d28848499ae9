"""Failures that pass by themselves, those that do not, and those that are not ours."""

from typing import Any

import attrs
import pytest

from adapters.outbound.mysql.configuration import MysqlConfiguration
from adapters.outbound.mysql.settings import MysqlSettings
from application.faults import StoreClosed
from tests.contracts.entities import person
from tests.mysql.steps import opened, people, run

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "wrong", [{"password": "wrong"}, {"user": "nobody"}, {"database": "nowhere"}]
)
async def test_a_wrong_setting_is_for_a_person_to_see(
    settings: MysqlSettings, wrong: dict[str, Any]
) -> None:
    with pytest.raises(StoreClosed, match="MySQL refuses"):
        async with opened(attrs.evolve(settings, **wrong)):
            pass


@pytest.mark.parametrize("damage", ["ALTER TABLE people DROP COLUMN name", "DROP TABLE people"])
async def test_tables_that_are_not_as_they_must_be_are_for_a_person_to_see(
    configuration: MysqlConfiguration, settings: MysqlSettings, damage: str
) -> None:
    await run(settings, damage)
    with pytest.raises(StoreClosed, match=r"MySQL refuses.*people"):
        await people(configuration)


@pytest.mark.parametrize("error", [TimeoutError("ours"), OSError("ours"), KeyError("ours")])
async def test_what_the_caller_raises_is_the_caller_s(
    configuration: MysqlConfiguration, error: Exception
) -> None:
    async def fail() -> None:
        async with configuration.changing() as tx:
            await tx.people.add(person("p"))
            raise error

    with pytest.raises(type(error), match="ours"):
        await fail()
    assert await people(configuration) == []
