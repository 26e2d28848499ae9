"""Blocks written once must be readable for ever: these files are added to, never changed."""

import json
from pathlib import Path
from typing import Any

import fieldpost_native as native
import pytest

from tests.native import reference_decoder

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.json"))
FORMAT = Path(__file__).parents[2] / "native" / "FORMAT.md"


def golden(path: Path) -> tuple[bytes, dict[str, Any]]:
    said = json.loads(path.read_text())
    return bytes.fromhex("".join(said["block"])), said


def test_there_are_golden_blocks_of_every_kind() -> None:
    assert {native.info(golden(path)[0])[0] for path in GOLDEN} == set(dict(native.schema()))


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_a_golden_block_says_what_it_said(path: Path) -> None:
    block, said = golden(path)
    rows = native.decode_rows_json(block, -(2**62), 2**62)

    assert [json.loads(row) for row in rows] == said["observations"]
    assert reference_decoder.decode(block) == (
        native.info(block)[0],
        native.decode_columns(block),
    )


def test_the_documents_example_is_a_golden_block() -> None:
    block, _ = golden(Path(__file__).parent / "golden" / "location-example.json")
    example = FORMAT.read_text().split("## Example")[1]
    cells = [line.split("|")[1] for line in example.splitlines() if line.startswith("| `")]
    assert bytes.fromhex("".join(cells).replace("`", "")) == block
