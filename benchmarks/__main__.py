"""Run the benchmarks that are named, or all; print their tables."""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.backtest import backtest
from benchmarks.codec_size import codec_size
from benchmarks.codec_speed import codec_speed
from benchmarks.consolidation import consolidation
from benchmarks.distributed_cpu import distributed_cpu
from benchmarks.dynamo_calls import dynamo_calls
from benchmarks.dynamo_capacity import dynamo_capacity
from benchmarks.first_page import first_page
from benchmarks.growth import growth
from benchmarks.intake import intake
from benchmarks.machine import described
from benchmarks.mapping import mapping
from benchmarks.memory import memory
from benchmarks.mysql_configuration import mysql_configuration
from benchmarks.owntracks import owntracks
from benchmarks.processing import processing
from benchmarks.push import push
from benchmarks.push_idle import push_idle
from benchmarks.rabbit_queue import rabbit_queue
from benchmarks.reading import reading
from benchmarks.rules import rules
from benchmarks.summaries import summaries
from benchmarks.table import Table
from benchmarks.upload_parts import upload_parts

BENCHMARKS: dict[str, Callable[[], Table]] = {
    "codec_size": codec_size,
    "codec_speed": codec_speed,
    "intake": intake,
    "owntracks": owntracks,
    "processing": processing,
    "push": push,
    "push_idle": push_idle,
    "reading": reading,
    "consolidation": consolidation,
    "rules": rules,
    "backtest": backtest,
    "mapping": mapping,
    "memory": memory,
    "first_page": first_page,
    "dynamo_capacity": dynamo_capacity,
    "summaries": summaries,
    "dynamo_calls": dynamo_calls,
    "rabbit_queue": rabbit_queue,
    "distributed_cpu": distributed_cpu,
    "upload_parts": upload_parts,
    "growth": growth,
    "mysql_configuration": mysql_configuration,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--write", type=Path, metavar="FILE", help="also write the tables here")
    given = parser.parse_args()
    for name in given.names:
        if name not in BENCHMARKS:
            parser.error(f"there is no benchmark {name}; there are {', '.join(BENCHMARKS)}")
    head = f"# Benchmarks\n\nOn {described()}. Repeat with `make bench`; the ratios count."
    parts = [head]
    print(head, flush=True)
    for name in given.names or BENCHMARKS:
        started = time.monotonic()
        parts.append(BENCHMARKS[name]().markdown())
        print(f"\n{parts[-1]}\n\n({time.monotonic() - started:.0f} s)", flush=True)
    if given.write is not None:
        given.write.write_text("\n\n".join(parts) + "\n")


if __name__ == "__main__":
    main()
