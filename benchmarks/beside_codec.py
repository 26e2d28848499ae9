"""Other ways to write the columns of a batch, each as small as it can be asked to be."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import fieldpost_native as native
import msgpack
import numpy as np
import pcodec
import pyarrow
import pyarrow.parquet
import zstandard

from domain.fields import specs_of
from domain.kinds import Kind
from domain.observations import OBSERVATION_CLASSES

Columns = Mapping[str, Sequence[Any]]

_ZSTD_LEVEL = 19
_PCODEC_LEVEL = 8


def block(kind: Kind, observations: bytes) -> bytes:
    """Ours."""
    encoded = native.encode_json(kind, observations, 0, 2**53, max_observations=131_072)
    assert encoded.refused_count == 0
    return encoded.block


def msgpack_zstd(rows: Sequence[Mapping[str, Any]], columns: Columns) -> bytes:
    """Of rows or of columns, whichever is less."""
    zstd = zstandard.ZstdCompressor(_ZSTD_LEVEL)
    return min((zstd.compress(msgpack.packb(form)) for form in (rows, columns)), key=len)


def parquet_zstd(columns: Columns) -> bytes:
    written = io.BytesIO()
    pyarrow.parquet.write_table(
        pyarrow.table(dict(columns)),
        written,
        compression="zstd",
        compression_level=_ZSTD_LEVEL,
        write_statistics=False,
    )
    return written.getvalue()


def pcodec_size(kind: Kind, columns: Columns) -> int:
    """Bytes of our integers in its wrapped format, which has no head for each column.

    It has no form for texts and absent values: a bitmap and a plain dictionary are counted for
    them, and what it makes of the indices.
    """
    file = pcodec.wrapped.FileCompressor()
    size = len(file.write_header())
    units = _units(kind)
    for name, column in columns.items():
        there = [value for value in column if value is not None]
        if len(there) < len(column):
            size += (len(column) + 7) // 8
        if name in units:
            size += _chunk(file, np.round(np.array(there) * units[name]).astype(np.int64))
            continue
        texts = {text: code for code, text in enumerate(dict.fromkeys(there))}
        size += sum(len(text.encode()) + 1 for text in texts)
        if len(texts) > 1:
            size += _chunk(file, np.array([texts[text] for text in there], dtype=np.uint16))
    return size


def _chunk(file: Any, numbers: np.ndarray[Any, Any]) -> int:
    paging = pcodec.PagingSpec.equal_pages_up_to(len(numbers))
    config = pcodec.ChunkConfig(compression_level=_PCODEC_LEVEL, paging_spec=paging)
    chunk = file.chunk_compressor(numbers, config)
    pages = sum(len(chunk.write_page(page)) for page in range(len(chunk.n_per_page())))
    return len(chunk.write_meta()) + pages


def _units(kind: Kind) -> dict[str, int]:
    """How many units of its resolution make one, of each field that is a number."""
    return {"time_ms": 1} | {
        spec.name: round(1 / (spec.resolution or 1))
        for spec in specs_of(OBSERVATION_CLASSES[kind])
        if spec.low is not None
    }
