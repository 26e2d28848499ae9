"""Which hosts of the web are one site."""

from typing import Protocol


class SiteNames(Protocol):
    """Knows below which names anybody may register one: `com`, `co.uk`, `github.io`."""

    def site_of(self, url_or_host: str) -> str | None:
        """The registrable domain: `bbc.co.uk` of `https://www.news.bbc.co.uk/sport`.

        A host that has none (an IP address, `localhost`, a name of the house) is a site by
        itself. Names come in the form of `domain.sites.plain_host`. None for what is not on the
        web and for what cannot be a host.
        """
        ...

    def is_public_suffix(self, host: str) -> bool:
        """Whether anybody may register names below it. False for a name that nobody knows."""
        ...
