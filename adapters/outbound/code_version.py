"""Which code makes what is kept: so that a mended rule is not answered from before."""

from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

import domain

_SITES = "publicsuffixlist"
"""What a site is follows from this list."""


def code_version() -> str:
    """Another one as soon as a line of the domain changes, or the list of public suffixes."""
    digest = blake2b(version(_SITES).encode(), digest_size=16)
    root = Path(domain.__file__).parent
    for path in sorted(root.rglob("*.py")):
        digest.update(f"\n{path.relative_to(root).as_posix()}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
