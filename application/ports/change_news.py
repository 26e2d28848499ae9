"""Tells the processes of the platform that an account was configured anew."""

from typing import Protocol


class ChangeNews(Protocol):
    def spread(self, account_id: str) -> None:
        """Every other process forgets what it remembers of the account. Never waits.

        News may be lost; what is remembered is compared with the store every few seconds besides.
        """
        ...
