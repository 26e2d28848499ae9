"""What a process depends on, and whether it can do its work without."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import attrs

from application.faults import StoreBroken, Unavailable

_PATIENCE_S = 2.0


@attrs.frozen
class Dependency:
    """`look` raises Unavailable or StoreBroken when it cannot be used now. Without one that is
    `needed` the process is not ready; without another it does a part of its work.
    """

    name: str
    needed: bool
    look: Callable[[], Awaitable[object]]


async def readiness(dependencies: Sequence[Dependency]) -> tuple[bool, dict[str, Any]]:
    """Whether calls should come here, and what is said about each dependency."""
    states = await asyncio.gather(*(_state(one) for one in dependencies))
    found = dict(zip((one.name for one in dependencies), states, strict=True))
    missing = [one for one in dependencies if found[one.name] != "ok"]
    ready = not any(one.needed for one in missing)
    status = "ok" if not missing else "degraded" if ready else "unavailable"
    return ready, {"status": status, "dependencies": found}


async def _state(dependency: Dependency) -> str:
    try:
        async with asyncio.timeout(_PATIENCE_S):
            await dependency.look()
    except (Unavailable, StoreBroken) as error:
        return str(error)
    except TimeoutError:
        return f"says nothing within {_PATIENCE_S:g} s"
    return "ok"
