"""The commands of the distributed assembly: its processes, and what creates their stores."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import uvloop
from cyclopts import App, Parameter

from adapters.inbound.cli.process_settings import GatewaySettings, WebSettings, WorkerSettings
from adapters.inbound.cli.program import Program, opened_parts
from adapters.inbound.cli.push_port import PushPlace
from adapters.inbound.cli.serving import Served, serve_until_stopped

SettingsFile = Annotated[
    Path,
    Parameter(
        help="TOML file; FIELDPOST_SECTION_FIELD in the environment goes before it.",
        env_var="FIELDPOST_SETTINGS",
    ),
]
Distributed = Callable[..., Any]
"""Makes the container of the distributed assembly from a settings file."""


def add_commands(app: App, distributed: Distributed) -> None:
    @app.command
    def web(*, settings: SettingsFile) -> None:
        """Serve the dashboard and agents over HTTP, as one process of many."""
        container = distributed(settings)
        place: WebSettings = container.settings().web
        served = Served(Path(), place.http, place.public_url)
        container.http_settings().public_url = served.public_url
        container.http_settings().version = version("fieldpost")
        _serve(container.web(), served, f"Fieldpost is at {served.public_url}")

    @app.command
    def gateway(*, settings: SettingsFile) -> None:
        """Serve push agents, as one process of many."""
        container = distributed(settings)
        place: GatewaySettings = container.settings().gateway
        place.folder.mkdir(parents=True, exist_ok=True)
        push = PushPlace(place.push, place.certificate, place.key)
        served = Served(place.folder, place.http, None, push)
        _serve(container.gateway(), served, f"The gateway tells of itself at {served.public_url}")

    @app.command
    def worker(*, settings: SettingsFile) -> None:
        """Process what was accepted, as one process of many."""
        container = distributed(settings, works=True)
        place: WorkerSettings = container.settings().worker
        served = Served(Path(), place.http, None)
        _serve(container.worker(), served, f"The worker tells of itself at {served.public_url}")

    @app.command
    def migrate(*, settings: SettingsFile) -> None:
        """Create the stores of the distributed assembly, or bring them up to this version.

        Programs of the version before go on working beside it.
        """
        container = distributed(settings)
        for line in asyncio.run(container.migrate()):
            print(line, flush=True)


def _serve(program: Program, served: Served, said: str) -> None:
    async def say() -> None:
        print(said, flush=True)

    opening = opened_parts(program.parts)
    uvloop.run(serve_until_stopped(program, served, opening, say))


@contextlib.asynccontextmanager
async def opened_configuration(container: Any) -> AsyncIterator[None]:
    """The configuration alone, for commands that need nothing else."""
    async with opened_parts([container.configuration()]):
        yield
