"""Whether an observation in its JSON form keeps to the fields and bounds of its kind."""

import json
from datetime import datetime
from typing import Any

from domain.fields import FieldSpec, FieldType, specs_of
from domain.kinds import Kind
from domain.observations import OBSERVATION_CLASSES


def faults(kind: Kind, observation: dict[str, Any]) -> list[str]:
    """What is wrong with it, by field; empty when it is right."""
    specs = {spec.name: spec for spec in specs_of(OBSERVATION_CLASSES[kind])}
    found = [f"{name} is not known" for name in observation if name not in {*specs, "time"}]
    found += [
        f"{name} is missing"
        for name, spec in specs.items()
        if spec.required and name not in observation
    ]
    found += [
        f"{name}: {observation[name]!r}"
        for name, spec in specs.items()
        if name in observation and not _fits(spec, observation[name])
    ]
    if not observation["time"].endswith("Z") or not _is_time(observation["time"]):
        found.append(f"time: {observation['time']}")
    return found


def _fits(spec: FieldSpec, value: Any) -> bool:
    if spec.type is FieldType.TEXT:
        return isinstance(value, str) and len(value) <= (spec.max_length or 0)
    if spec.type is FieldType.CHOICE:
        return value in spec.choices
    if spec.type is FieldType.FLAG:
        return isinstance(value, bool)
    if spec.type is FieldType.JSON:
        return len(json.dumps(value)) <= (spec.max_length or 0)
    numbers = (int,) if spec.type is FieldType.INTEGER else (int, float)
    if not isinstance(value, numbers) or isinstance(value, bool):
        return False
    assert spec.low is not None and spec.high is not None
    return spec.low <= value <= spec.high


def _is_time(text: str) -> bool:
    return datetime.fromisoformat(text).tzinfo is not None
