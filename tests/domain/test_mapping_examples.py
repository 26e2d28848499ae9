"""The examples in docs/mappings.md make what is said there."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from domain.mapping_definition import MappingDefinition
from domain.mapping_expression import Effort
from domain.mapping_making import make
from domain.observations import MAX_TIME_AHEAD_MS
from domain.times import to_rfc3339
from tests.domain.mapping_language import NOW_MS, read

_TEXT = (Path(__file__).parents[2] / "docs" / "mappings.md").read_text()
_PART = re.compile(r"<!-- example: (\w+), (\w+) -->\n```json\n(.*?)```", re.DOTALL)
EXAMPLES: dict[str, dict[str, Any]] = {}
for name, part, text in _PART.findall(_TEXT):
    EXAMPLES.setdefault(name, {})[part] = json.loads(text)
_OWN_TIME_MS = NOW_MS + 100_000


@pytest.mark.parametrize("name", ["car", "watch"])
def test_an_example_makes_what_is_said(name: str) -> None:
    example = EXAMPLES[name]
    definition = read(example["definition"])
    assert isinstance(definition, MappingDefinition), definition
    effort, latest_ms = Effort.for_document(1_000), _OWN_TIME_MS + MAX_TIME_AHEAD_MS
    made = make(definition, example["document"], _OWN_TIME_MS, latest_ms, effort)
    assert (made.faults, made.understood) == ([], True)
    found = [
        {"kind": one.kind.value, "time": to_rfc3339(one.row.pop("time_ms")), **one.row}
        for one in made.observed
    ]
    found.sort(key=lambda one: (one["kind"], one["time"]))
    assert len(found) == len(example["observations"])
    for one, said in zip(found, example["observations"], strict=True):
        assert one == {key: pytest.approx(value, abs=0.005) for key, value in said.items()}
