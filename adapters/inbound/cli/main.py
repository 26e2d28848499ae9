"""The `fieldpost` command: reads the command line, says what goes wrong in one line."""

import asyncio
import json
import logging
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import uvloop
from cyclopts import App, CycloptsError, Parameter

from adapters.inbound.cli.demo import demo as run_demo
from adapters.inbound.cli.distributed import (
    Distributed,
    SettingsFile,
    add_commands,
    opened_configuration,
)
from adapters.inbound.cli.family import family as run_family
from adapters.inbound.cli.push_port import USUAL_PUSH, PushPlace
from adapters.inbound.cli.serving import Served, ServeError, opened, serve_until_stopped
from adapters.inbound.cli.simulating import simulate as run_simulation
from adapters.inbound.http.services import HttpSettings
from application.faults import Refused, StoreBroken, Unavailable
from application.identifiers import new_secret

Assembly = Callable[..., Any]

Data = Annotated[Path, Parameter(help="Folder of the data; it is made where it is missing.")]
Http = Annotated[str, Parameter(help="HOST:PORT of the dashboard and of agents over HTTP.")]
PublicUrl = Annotated[
    str | None,
    Parameter(help="Address under which agents and people reach it; else that of --http."),
]
Push = Annotated[
    str | None,
    Parameter(
        help=f"HOST:PORT of push agents over TLS, or none; else {USUAL_PUSH} if it is free.",
        env_var="FIELDPOST_PUSH",
    ),
]
PushCertificate = Annotated[
    Path | None,
    Parameter(
        help="PEM certificate of --push, with its chain; else one is made beside the data.",
        env_var="FIELDPOST_PUSH_CERTIFICATE",
    ),
]
PushKey = Annotated[
    Path | None,
    Parameter(help="PEM key of --push-certificate.", env_var="FIELDPOST_PUSH_KEY"),
]

_DEFAULT_HTTP = "127.0.0.1:8080"


def run(assembly: Assembly, distributed: Distributed) -> None:
    """Parse the command line and do what it says. `assembly` makes the embedded container,
    `distributed` the other one.
    """
    app = build(assembly, distributed)
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    # What it means for us is said by us; these say it again, at each try.
    for name, level in (("aiormq", logging.CRITICAL), ("alembic", logging.WARNING)):
        logging.getLogger(name).setLevel(level)
    try:
        app(exit_on_error=False, print_error=False)
    except CycloptsError as error:
        _fail(str(error), 2)
    except (ServeError, Refused, Unavailable, StoreBroken, OSError) as error:
        _fail(str(error), 1)
    except KeyboardInterrupt:
        sys.exit(130)


def _fail(message: str, code: int) -> None:
    first = " ".join(message.split())
    print(f"fieldpost: {first}", file=sys.stderr)
    sys.exit(code)


def build(assembly: Assembly, distributed: Distributed) -> App:
    app = App(
        name="fieldpost",
        version=version("fieldpost"),
        help="Gathers data from consenting people's devices, judges it and shows it.",
    )
    account = App(name="account", help="Accounts and their owners.")
    app.command(account)
    add_commands(app, distributed)

    @app.command
    def serve(
        *,
        data: Data,
        http: Http = _DEFAULT_HTTP,
        public_url: PublicUrl = None,
        push: Push = None,
        push_certificate: PushCertificate = None,
        push_key: PushKey = None,
    ) -> None:
        """Run everything in one process on one SQLite file, until SIGTERM."""
        place = PushPlace(push or USUAL_PUSH, push_certificate, push_key, push is not None)
        served = Served(data, http, public_url, place)
        settings = HttpSettings(served.public_url, version("fieldpost"))
        uvloop.run(_serve(assembly(data, settings), served))

    @app.command
    def demo(*, data: Data = Path(".fieldpost/demo"), http: Http = _DEFAULT_HTTP) -> None:
        """Run the platform with a family whose days are simulated, and live from then on."""
        served = Served(data, http, None)
        settings = HttpSettings(served.public_url, version("fieldpost"))
        container = assembly(data, settings)
        uvloop.run(run_demo(container.program(), container, served, settings))

    @app.command
    def simulate(
        *,
        server: Annotated[str, Parameter(help="Address of a running platform.")],
        api_token: Annotated[str, Parameter(help="API token of an owner or manager.")],
        devices: Annotated[int, Parameter(help="How many simulated devices.")] = 10,
        rate: Annotated[float, Parameter(help="Uploads a second, all together.")] = 10.0,
        duration_s: Annotated[float, Parameter(help="For how long.")] = 60.0,
        seed: Annotated[int, Parameter(help="The same seed gives the same days.")] = 1,
    ) -> None:
        """Let simulated devices deliver to a running platform, and count what it says."""
        uvloop.run(run_simulation(server, api_token, devices, rate, duration_s, seed))

    @app.command
    def family(
        *,
        server: Annotated[str, Parameter(help="Address of a running platform.")],
        api_token: Annotated[str, Parameter(help="API token of an owner or manager.")],
        state: Annotated[Path, Parameter(help="File in which it is remembered what they did.")],
    ) -> None:
        """Let the demo's simulated family live on a running platform, until Ctrl-C."""
        uvloop.run(run_family(server, api_token, state))

    @account.command
    def create(
        *,
        data: Data | None = None,
        settings: SettingsFile | None = None,
        name: Annotated[str, Parameter(help="Name of the account.")],
        owner: Annotated[str, Parameter(help="E-mail address of the owner.")],
    ) -> None:
        """Create an account with its owner; prints one JSON line with the secrets, once.

        Either --data or --settings says where.
        """
        if data is not None:
            container = assembly(data)
            asyncio.run(_create_account(container, opened(container, alone=False), name, owner))
        elif settings is not None:
            container = distributed(settings)
            asyncio.run(_create_account(container, opened_configuration(container), name, owner))
        else:
            raise ServeError("say where, with --data or --settings")

    return app


async def _serve(container: Any, served: Served) -> None:
    async def say_where() -> None:
        await _say_where(container, served)

    opening = opened(container, alone=True)
    await serve_until_stopped(container.program(), served, opening, say_where)


async def _create_account(
    container: Any, opening: AbstractAsyncContextManager[None], name: str, owner: str
) -> None:
    async with opening:
        created = await container.application().create_account(name, owner)
    line = {
        "account_id": created.account_id,
        "user_id": created.user_id,
        "api_token": created.api_token,
        "password": created.password,
    }
    print(json.dumps(line))


async def _say_where(container: Any, served: Served) -> None:
    """What a person who started it has to know; on the first start, how to get in."""
    print(f"Fieldpost is at {served.public_url}", flush=True)
    async with container.configuration().reading() as tx:
        first_start = not await tx.has_accounts()
    if first_start:
        settings: HttpSettings = container.http_settings()
        settings.welcome_code = new_secret()
        print(
            "Nobody owns it yet. Create the owner, once, at "
            f"{served.public_url}/#/welcome/{settings.welcome_code}",
            flush=True,
        )
