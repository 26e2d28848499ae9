"""Drives the use cases in this process, on a real file."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from features.drivers.application_agents import ApplicationAgents
from features.drivers.application_people import ApplicationPeople
from features.drivers.assembly import Assembly
from features.drivers.base import Ability, Driver, Platform
from features.drivers.patience import eventually
from features.drivers.values import Owner

_SETTLED = timedelta(seconds=15)
"""Longer than a device that has just delivered is given before it is called silent."""


class ApplicationPlatform(Platform):
    abilities = frozenset(Ability)

    def __init__(self, assembly: Assembly) -> None:
        self._assembly = assembly
        self._opened = 0

    def now(self) -> datetime:
        return datetime.fromtimestamp(self._assembly.clock.now_ms() / 1000, UTC)

    def let_pass(self, duration: timedelta) -> None:
        self._assembly.clock.ahead_ms += duration // timedelta(milliseconds=1)

    def open_account(self, name: str) -> Owner:
        self._opened += 1
        email = f"owner-{self._opened}@example.org"
        create = self._assembly.container.application().create_account
        created = self._assembly.call(create(name, email))
        return Owner(email, created.api_token)

    def await_processing(self) -> None:
        eventually(self._assembly.depth, lambda depth: depth == 0, within_s=30.0)

    def hold_processing(self) -> None:
        self.await_processing()
        self._assembly.stop_processing()

    def resume_processing(self) -> None:
        self._assembly.process()

    def look_for_silence(self) -> None:
        self.let_pass(_SETTLED)
        self._assembly.call(self._assembly.container.application().look_again())

    def crash(self) -> None:
        self._assembly.start_again()

    def close(self) -> None:
        self._assembly.close()


def application_driver(folder: Path) -> Driver:
    """The platform on this folder, in this process."""
    assembly = Assembly(folder)
    return Driver(
        ApplicationPlatform(assembly), ApplicationPeople(assembly), ApplicationAgents(assembly)
    )
