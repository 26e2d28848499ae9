"""The simulated family, on a platform that runs: here, or wherever its address leads."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from adapters.inbound.cli.simulation import demo as simulated
from adapters.inbound.cli.simulation.calls import calling
from adapters.inbound.cli.simulation.clock import SystemClock
from adapters.inbound.cli.simulation.dashboard import DashboardApi

_SEED = 7
_DAYS = 7
_OLD = timedelta(hours=12)


async def move_in(server: str, api_token: str, state: Path, console: Console) -> None:
    """Set the family up and deliver its last seven days; the second time what came since."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("starting", total=None)

        def show(text: str, done: int, total: int) -> None:
            progress.update(task, description=text, completed=done, total=total)

        await simulated.populate(server, api_token, state, seed=_SEED, days=_DAYS, progress=show)
    await _acknowledge_history(server, api_token)


async def live(server: str, state: Path) -> None:
    """Until cancelled."""
    await simulated.live(server, state, seed=_SEED)


async def family(server: str, api_token: str, state: Path) -> None:
    """Both, one after the other."""
    state.parent.mkdir(parents=True, exist_ok=True)
    console = Console(stderr=True)
    await move_in(server, api_token, state, console)
    print(f"The family lives at {server}. Stop it with Ctrl-C.", flush=True)
    await live(server, state)


async def _acknowledge_history(server: str, api_token: str) -> None:
    """Somebody has seen last week's alerts; what is open is of today."""
    old = (datetime.now(UTC) - _OLD).isoformat()
    async with calling(server, SystemClock()) as calls:
        api = DashboardApi(calls, api_token)
        for alert in await api.all("/alerts"):
            if alert["state"] == "open" and alert["occurred_at"] < old:
                await api.add(f"/alerts/{alert['id']}/acknowledge", {})
