"""What the intake log says of a device."""

from typing import Any

from pytest_bdd import parsers, then

from features.drivers.patience import eventually
from features.drivers.seen import IntakeSeen
from features.steps import wording
from features.steps.wording import rows
from features.steps.world import World

_WRITTEN_WITHIN_S = 30.0
_COLUMNS = {
    "kind": "kind",
    "batches": "batches",
    "sent again": "again",
    "refused": "refused",
    "kept": "kept",
    "left out": "left_out",
    "because": "because",
}
_MEANT = {
    **wording.KINDS,
    "nobody allowed it": "no_consent",
    "nothing was valid": "nothing_valid",
    "its kind is unknown": "unknown_kind",
}


@then(parsers.parse("the intake log of {device} says:"))
def log_says(world: World, device: str, datatable: list[list[str]]) -> None:
    device_id = world.device(device).id
    names = [_COLUMNS[head] for head in datatable[0]]
    expected = [[_MEANT.get(cell, cell) for cell in row.values()] for row in rows(datatable)]

    def said() -> list[list[str]]:
        return [_cells(one, names) for one in log(world, device_id)]

    eventually(said, lambda found: found == expected, _WRITTEN_WITHIN_S)


@then(parsers.parse("the intake log of {device} is empty"))
def log_is_empty(world: World, device: str) -> None:
    assert log(world, world.device(device).id) == []


def log(world: World, device_id: str) -> list[IntakeSeen]:
    return world.driver.people.intake_log(world.owner, device_id)


def _cells(seen: IntakeSeen, names: list[str]) -> list[str]:
    values: list[Any] = [getattr(seen, name) for name in names]
    return [str(value) for value in values]
