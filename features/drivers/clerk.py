"""Opens accounts as the command line does: beside the running server, on the same data."""

import contextlib
from pathlib import Path

from anyio.from_thread import BlockingPortal, start_blocking_portal

from adapters.inbound.cli.serving import opened
from application.use_cases.create_account import CreateAccount
from bootstrap import embedded
from features.drivers.values import Owner


class Clerk:
    """Stays open between two accounts: a scenario takes less time than a command to start."""

    def __init__(self, data: Path) -> None:
        self._made = 0
        self._stack = contextlib.ExitStack()
        self._portal: BlockingPortal = self._stack.enter_context(start_blocking_portal())
        container = embedded(data)
        self._create: CreateAccount = container.application.create_account()
        self._stack.enter_context(
            self._portal.wrap_async_context_manager(opened(container, alone=False))
        )

    def open_account(self, name: str) -> Owner:
        self._made += 1
        email = f"owner-{self._made}@example.org"
        created = self._portal.call(self._create, name, email)
        return Owner(email, created.api_token)

    def close(self) -> None:
        self._stack.close()
