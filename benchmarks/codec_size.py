"""Bytes of an observation in a batch."""

import json

import fieldpost_native as native

from adapters.inbound.cli.simulation.people import MOTHER
from benchmarks import beside_codec, samples
from benchmarks.samples import Rows
from benchmarks.table import Table, number
from benchmarks.uploads import walk
from domain.kinds import Kind

_SIZES = (10, 100, 10_000)
_MOST_BATCHES = 50

_HEADERS = ("what", "batch", "JSON", "msgpack+zstd", "Parquet+zstd", "pcodec", "block", "ratio")
_NOTE = (
    "Means over the batches that a sample is cut into, at most "
    f"{_MOST_BATCHES} of them. The recordings are of receivers of 2010, all that there is at once "
    "instead of 10,000; the other fixes are simulated: a phone's days, mostly at rest, and a "
    "drive with a fix each second. The family visits few pages often. Pages that are all "
    "different are the worst case of a block, which has no compression within texts. zstd at "
    "level 19, msgpack of rows or columns, whichever is less. pcodec at level 8 is given our "
    "integers; for absent values and texts, which it does not write, a bitmap and a plain "
    "dictionary are counted. *Ratio* is of ours to the least of the others."
)


def codec_size() -> Table:
    recorded = samples.recorded()
    rows = []
    for what, kind, sample in (
        (f"recorded fixes ({len(recorded)})", Kind.LOCATION, recorded),
        ("a phone's fixes", Kind.LOCATION, samples.simulated(Kind.LOCATION, MOTHER, 10_000)),
        ("a drive's fixes", Kind.LOCATION, walk(10_000, 1)),
        ("visits, each of another page", Kind.WEB_VISIT, samples.pages(10_000)),
        (
            "the family's web visits",
            Kind.WEB_VISIT,
            samples.simulated(Kind.WEB_VISIT, MOTHER, 10_000),
        ),
    ):
        for size in _SIZES:
            found = _measure(kind, _cut(sample, size))
            ratio = found[-1] / min(found[:-1])
            shown = [number(value) for value in found]
            rows.append([what, f"{min(size, len(sample)):,}", *shown, f"{ratio:.2f}"])
    return Table("Size: bytes of an observation", _HEADERS, rows, _NOTE)


def _cut(sample: Rows, size: int) -> list[Rows]:
    batches = [sample[start : start + size] for start in range(0, len(sample), size)]
    whole = [batch for batch in batches if len(batch) == size] or batches
    return whole[:: -(-len(whole) // _MOST_BATCHES)]


def _measure(kind: Kind, batches: list[Rows]) -> list[float]:
    sizes = [0, 0, 0, 0, 0]
    for batch in batches:
        observations = json.dumps(batch, separators=(",", ":"), ensure_ascii=False).encode()
        block = beside_codec.block(kind, observations)
        columns = native.decode_columns(block)
        found = (
            len(observations),
            len(beside_codec.msgpack_zstd(batch, columns)),
            len(beside_codec.parquet_zstd(columns)),
            beside_codec.pcodec_size(kind, columns),
            len(block),
        )
        sizes = [total + size for total, size in zip(sizes, found, strict=True)]
    return [size / sum(map(len, batches)) for size in sizes]
