"""`fieldpost demo`: the platform, and a simulated family that calls it like everybody else."""

import json
from pathlib import Path
from typing import Any

from rich.console import Console

from adapters.inbound.cli import family
from adapters.inbound.cli.program import Program
from adapters.inbound.cli.serving import Served, opened, serve_until_stopped
from adapters.inbound.http.services import HttpSettings

EMAIL = "demo@example.org"


async def demo(program: Program, container: Any, served: Served, settings: HttpSettings) -> None:
    """Serve until stopped; the first start makes the account and delivers seven days."""
    access = await _account(container, served.data)
    settings.demo = {"email": EMAIL, "password": access["password"]}
    state = served.data / "family.json"
    console = Console(stderr=True)

    async def ready() -> None:
        console.print("The demo family is catching up …")

    async def play() -> None:
        await family.move_in(served.public_url, access["api_token"], state, console)
        print(f"Fieldpost is at {served.public_url}", flush=True)
        print(f"Sign in as {EMAIL} with the password {access['password']}", flush=True)
        print("The family is on the move now. Stop it with Ctrl-C.", flush=True)
        await family.live(served.public_url, state)

    await serve_until_stopped(program, served, opened(container, alone=True), ready, play)


async def _account(container: Any, data: Path) -> dict[str, str]:
    """The demo account's secrets, which are no secrets: kept beside its data."""
    path = data / "demo.json"
    if path.exists():
        known: dict[str, str] = json.loads(path.read_text())
        return known
    async with opened(container, alone=True):
        created = await container.application().create_account("The Novak family", EMAIL)
    access = {"api_token": created.api_token, "password": created.password}
    path.write_text(json.dumps(access))
    return access
