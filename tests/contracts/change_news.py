"""What every way to tell of changes must do."""

import pytest

from application.ports.change_news import ChangeNews


@pytest.mark.anyio
class ChangeNewsContract:
    PORT = ChangeNews
    ADAPTER: type

    async def test_spreading_never_waits_and_never_fails(self, news: ChangeNews) -> None:
        for number in range(10_000):
            news.spread(f"account-{number}")
