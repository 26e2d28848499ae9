"""Sites by the list of public suffixes that comes with a library: nothing is fetched."""

from functools import lru_cache

from publicsuffixlist import PublicSuffixList

from domain.sites import host_of, is_address, plain_host

_MAX_REMEMBERED = 50_000


class PublicSuffixes:
    """The list takes a sixth of a second to read; it is read when it is first needed."""

    def __init__(self) -> None:
        self._list: PublicSuffixList | None = None
        self._site_of_host = lru_cache(_MAX_REMEMBERED)(self._find)

    def site_of(self, url_or_host: str) -> str | None:
        host = host_of(url_or_host) if ":/" in url_or_host else plain_host(url_or_host)
        return None if host is None else self._site_of_host(host)

    def is_public_suffix(self, host: str) -> bool:
        plain = plain_host(host)
        if plain is None or is_address(plain):
            return False
        return self._suffixes().publicsuffix(plain, accept_unknown=False) == plain

    def _find(self, host: str) -> str:
        if is_address(host):
            return host
        return self._suffixes().privatesuffix(host) or host

    def _suffixes(self) -> PublicSuffixList:
        if self._list is None:
            self._list = PublicSuffixList()
        return self._list
