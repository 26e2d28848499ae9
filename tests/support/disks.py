"""Disks that are really full when a test says so, and have room again when it says so."""

import contextlib
import resource
import subprocess
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from tests.support.server import Server

_SIZE_BYTES = 24 * 1024 * 1024


class Disk(Protocol):
    folder: Path

    def fill(self, server: Server) -> None:
        """From now on nothing more can be written."""
        ...

    def free(self, server: Server) -> None: ...


class SmallDisk:
    """A file system in memory of its own, filled to the last byte: ENOSPC."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self, server: Server) -> None:
        with self._ballast.open("ab", buffering=0) as file:
            for size in (65_536, 4_096, 512, 1):
                with contextlib.suppress(OSError):
                    while file.write(bytes(size)) == size:
                        pass

    def free(self, server: Server) -> None:
        self._ballast.unlink()


class LimitedFiles:
    """No file of the server may become larger than its largest is now: EFBIG. Needs no rights."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self, server: Server) -> None:
        largest = max(file.stat().st_size for file in server.data.iterdir())
        _limit(server, largest)

    def free(self, server: Server) -> None:
        if server.running:  # else the limit has ended with the process
            _limit(server, resource.RLIM_INFINITY)


def _limit(server: Server, soft: int) -> None:
    _, hard = resource.prlimit(server.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (soft, hard))


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[Disk]:
    """A small disk, or limited files with a warning where nothing can be mounted."""
    folder.mkdir()
    options = f"size={_SIZE_BYTES},mode=700"
    mount = ["mount", "-t", "tmpfs", "-o", options, "fieldpost-test", str(folder)]
    done = subprocess.run(mount, capture_output=True, text=True)
    if done.returncode != 0:
        reason = done.stderr.strip()
        warnings.warn(f"no small disk here ({reason}); files are limited instead", stacklevel=3)
        yield LimitedFiles(folder)
        return
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextlib.contextmanager
def limited_files(folder: Path) -> Iterator[Disk]:
    folder.mkdir()
    yield LimitedFiles(folder)
