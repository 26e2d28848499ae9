"""Opens accounts as the command line does: beside the running platform, in its stores."""

import contextlib
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

from anyio.from_thread import BlockingPortal, start_blocking_portal

from adapters.inbound.cli.distributed import opened_configuration
from adapters.inbound.cli.serving import opened
from application.use_cases.create_account import CreateAccount
from bootstrap import distributed, embedded
from features.drivers.values import Owner


class Clerk:
    """Stays open between two accounts: a scenario takes less time than a command to start."""

    def __init__(self, container: Any, opening: AbstractAsyncContextManager[None]) -> None:
        self._made = 0
        self._stack = contextlib.ExitStack()
        self._portal: BlockingPortal = self._stack.enter_context(start_blocking_portal())
        self._create: CreateAccount = container.application().create_account
        self._stack.enter_context(self._portal.wrap_async_context_manager(opening))

    def open_account(self, name: str) -> Owner:
        self._made += 1
        email = f"owner-{self._made}@example.org"
        created = self._portal.call(self._create, name, email)
        return Owner(email, created.api_token)

    def close(self) -> None:
        self._stack.close()


def embedded_clerk(data: Path) -> Clerk:
    container = embedded(data)
    return Clerk(container, opened(container, alone=False))


def distributed_clerk(settings: Path) -> Clerk:
    container = distributed(settings)
    return Clerk(container, opened_configuration(container))
