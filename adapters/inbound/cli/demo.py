"""`fieldpost demo`: the platform, and a simulated family that calls it like everybody else."""

import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from adapters.inbound.cli.program import Program
from adapters.inbound.cli.serving import Served, opened, serve_until_stopped
from adapters.inbound.cli.simulation import demo as family
from adapters.inbound.http.services import HttpSettings
from domain.alert import AlertState

EMAIL = "demo@example.org"
_SEED = 7
_DAYS = 7
_OLD_MS = 12 * 3600 * 1000


async def demo(program: Program, container: Any, served: Served, settings: HttpSettings) -> None:
    """Serve until stopped; the first start makes the account and delivers seven days."""
    access = await _account(container, served.data)
    settings.demo = {"email": EMAIL, "password": access["password"]}
    state = served.data / "family.json"
    console = Console(stderr=True)

    async def ready() -> None:
        console.print("The demo family is catching up …")

    async def play() -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console, transient=True) as progress:
            task = progress.add_task("starting", total=None)

            def show(text: str, done: int, total: int) -> None:
                progress.update(task, description=text, completed=done, total=total)

            await family.populate(
                served.public_url,
                access["api_token"],
                state,
                seed=_SEED,
                days=_DAYS,
                progress=show,
            )
        await _acknowledge_history(container)
        print(f"Fieldpost is at {served.public_url}", flush=True)
        print(f"Sign in as {EMAIL} with the password {access['password']}", flush=True)
        print("The family is on the move now. Stop it with Ctrl-C.", flush=True)
        await family.live(served.public_url, state, seed=_SEED)

    await serve_until_stopped(program, served, opened(container, alone=True), ready, play)


async def _acknowledge_history(container: Any) -> None:
    """Somebody has seen last week's alerts; what is open is of today."""
    now_ms = container.clock().now_ms()
    book = container.alert_book()
    async with container.configuration().reading() as tx:
        owner = await tx.users.by_unique("email", EMAIL)
    open_alerts = await book.alerts(owner.account_id, AlertState.OPEN, None, 1_000)
    for alert in open_alerts.items:
        if now_ms - alert.occurred_at_ms > _OLD_MS:
            await book.acknowledge(owner.account_id, alert.id, EMAIL, now_ms)


async def _account(container: Any, data: Path) -> dict[str, str]:
    """The demo account's secrets, which are no secrets: kept beside its data."""
    path = data / "demo.json"
    if path.exists():
        known: dict[str, str] = json.loads(path.read_text())
        return known
    async with opened(container, alone=True):
        created = await container.application.create_account()("The Novak family", EMAIL)
    access = {"api_token": created.api_token, "password": created.password}
    path.write_text(json.dumps(access))
    return access
