"""Writes the seeds of every target, and a dictionary for JSON, from the golden blocks.

python3 native/fuzz/seeds.py FOLDER gives FOLDER/TARGET/*, one folder a target.
"""

import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

GOLDEN = Path(__file__).resolve().parents[2] / "tests" / "native" / "golden"
SEALED, AS_IT_IS, GENERATED = b"\0", b"\1", b"\1"
KINDS = 10
TOKENS = [
    *("[", "]", "{", "}", ",", ":", "null", "true", "false", "1e308", "-0", "0.5e-7"),
    *('"time"', '"time_ms"', '"attributes"', "2026-02-29T23:59:60.999999+14:00"),
    *("\\u0000", "\\ud83d", "\\ude00", "\\n", "[[[[[[[[", "]]]]]]]]"),
]


def golden() -> Iterator[tuple[str, bytes, list[dict[str, Any]]]]:
    for path in sorted(GOLDEN.glob("*.json")):
        said = json.loads(path.read_text())
        yield path.stem, bytes.fromhex("".join(said["block"])), said["observations"]


def block_decode() -> Iterator[tuple[str, bytes]]:
    for name, block, _ in golden():
        yield f"{name}-sealed", SEALED + block[:-4]
        yield name, AS_IT_IS + block


def reference() -> Iterator[tuple[str, bytes]]:
    for name, block, _ in golden():
        yield name, SEALED + block[:-4]
    for name, seed in round_trip():
        yield f"generated-{name}", GENERATED + seed


def json_encode() -> Iterator[tuple[str, bytes]]:
    for name, block, observations in golden():
        text = json.dumps(observations[:3], separators=(",", ":"), ensure_ascii=False)
        yield name, bytes([block[1] - 1, 0]) + text.encode()
        spaced = json.dumps([*observations[1::-1], 1], indent=1, ensure_ascii=True)
        yield f"{name}-spaced", bytes([block[1] - 1, 11]) + spaced.encode()


def round_trip() -> Iterator[tuple[str, bytes]]:
    numbers = random.Random(1)
    for kind in range(KINDS):
        for length in (40, 160, 400):
            yield f"{kind}-{length}", bytes([kind]) + numbers.randbytes(length)


def json_dictionary() -> Iterator[str]:
    names = {name for _, _, rows in golden() for row in rows for name in row}
    for token in [*TOKENS, *(f'"{name}":' for name in sorted(names))]:
        escaped = token.replace("\\", "\\\\").replace('"', '\\"')
        yield f'"{escaped}"\n'


def main(folder: Path) -> None:
    for target in (block_decode, json_encode, reference, round_trip):
        seeds = folder / target.__name__
        seeds.mkdir(parents=True, exist_ok=True)
        for name, seed in target():
            (seeds / name).write_bytes(seed)
    (folder / "json_encode.dict").write_text("".join(json_dictionary()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
