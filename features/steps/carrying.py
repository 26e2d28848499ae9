"""Which device somebody had, and which of them contradict each other."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pytest_bdd import parsers, then

from features.steps.movements import midnight, timeline
from features.steps.wording import rows
from features.steps.world import World

_PERSON = "Ana"


def clocks(world: World, span: Mapping[str, Any], day: str) -> dict[str, str]:
    """From and to on the clock of the day, to the minute."""
    begins = midnight(world, _PERSON, day)
    times = (datetime.fromisoformat(span[name]) - begins for name in ("from", "to"))
    minutes = [round(time.total_seconds() / 60) for time in times]
    start, end = (f"{minute // 60:02d}:{minute % 60:02d}" for minute in minutes)
    return {"from": start, "to": end}


def called(world: World, device_id: str) -> str:
    (name,) = (name for name, one in world.devices.items() if one.id == device_id)
    return name.removeprefix(f"{_PERSON}'s ")


@then(parsers.parse("on {day} Ana had these devices:"))
def had_devices(world: World, day: str, datatable: list[list[str]]) -> None:
    found = [
        {**clocks(world, spell, day), "device": called(world, spell["device_id"])}
        for spell in timeline(world, _PERSON, day)["carried"]
    ]
    assert found == rows(datatable)


def conflicts(world: World, day: str) -> list[Mapping[str, Any]]:
    items = timeline(world, _PERSON, day)["items"]
    return [item for item in items if item["type"] == "conflict"]


@then(parsers.parse("nothing of {day} contradicts itself"))
def no_conflict(world: World, day: str) -> None:
    assert conflicts(world, day) == []


@then(parsers.parse("on {day} the phone and the tablet contradict each other:"))
def contradict(world: World, day: str, datatable: list[list[str]]) -> None:
    found = [
        {
            **clocks(world, item, day),
            called(world, item["device_id"]): item["here"]["place_name"],
            called(world, item["other_device_id"]): item["there"]["place_name"],
        }
        for item in conflicts(world, day)
    ]
    assert found == rows(datatable)
