"""A process that used all of the module ends without a word."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
USES_ALL = """
import fieldpost_native as native

fixes = b'[{"time_ms": 1, "lat": 1, "lon": 2, "source": "gps"}, {"time_ms": 9, "lat": 2}]'
encoded = native.encode_json("location", fixes, 0, 10, foreign=True)
block = native.encode_columns("location", {"time_ms": [1], "lat": [1], "lon": [2]})
both = native.merge([encoded.block, block])
kept = [
    encoded.refused,
    native.schema(),
    native.info(both),
    native.validate(both),
    native.slice(both, 0, 2),
    native.keep(both, [0]),
    native.decode_columns(both),
    native.decode_arrays(both),
    native.decode_rows_json(both, 0, 2),
    native.decode_columns_json([both], 0, 2),
    native.simplify([1.0, 2.0], [1.0, 2.0], 2),
]
arrays = native.decode_arrays(both)["lat"].values
for call, what in (
    (native.encode_json, ("location", b"{", 0, 1)),
    (native.encode_columns, ("location", {"time_ms": ["x"]})),
    (native.decode_arrays, (b"",)),
):
    try:
        call(*what)
    except (native.Malformed, native.BadBlock, native.BadColumn) as error:
        kept.append(error)
assert len(kept) == 14
"""


def test_nothing_is_left_over_at_exit() -> None:
    for ending in ("", "import sys; sys.modules.clear()", "del native"):
        ended = subprocess.run(
            [sys.executable, "-c", USES_ALL + ending], cwd=ROOT, capture_output=True, text=True
        )
        assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
