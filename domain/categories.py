"""Categories of apps and sites: an account's ordered set of patterns."""

from collections.abc import Callable, Sequence

import attrs

from domain.refusals import FieldError
from domain.sites import host_of, is_address, plain_host

MAX_CATEGORIES = 50
MAX_PATTERNS = 500
"""In one category, apps and sites each."""
MAX_NAME = 64
MAX_APP_PATTERN = 128
MIN_LETTERS = 2
"""An app pattern with fewer letters and digits fits nearly everything."""

_MAX_REMEMBERED = 20_000


@attrs.frozen
class Category:
    """`apps` are patterns of app names, `sites` are hosts; the first category that fits is it.

    An app pattern fits a whole name, without case; `*` stands for any letters. A site's
    subdomains belong to it: `youtube.com` fits `m.youtube.com`, and not `notyoutube.com`.
    """

    name: str
    apps: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()


@attrs.frozen
class CategorySet:
    """The categories of an account, in the order in which they are tried."""

    account_id: str
    categories: tuple[Category, ...]
    version: int
    changed_at_ms: int


class Categorizer:
    """Tells the category of apps and sites, and remembers what it told."""

    def __init__(self, categories: Sequence[Category]) -> None:
        self._names = [category.name for category in categories]
        self._hosts: dict[str, int] = {}
        self._apps: dict[str, int] = {}
        self._globs: list[tuple[int, list[str]]] = []
        for index, category in enumerate(categories):
            for site in category.sites:
                self._hosts.setdefault(plain_host(site) or site, index)
            for pattern in map(str.casefold, category.apps):
                if "*" in pattern:
                    self._globs.append((index, pattern.split("*")))
                else:
                    self._apps.setdefault(pattern, index)
        self._known_apps: dict[str, str | None] = {}
        self._known_hosts: dict[str, str | None] = {}

    def of_app(self, app: str) -> str | None:
        """The name of the first category with a pattern for this app."""
        return _remembered(self._known_apps, app, self._find_app)

    def of_site(self, host: str) -> str | None:
        """The name of the first category with this host or one above it."""
        return _remembered(self._known_hosts, host, self._find_host)

    def of_url(self, url: str) -> str | None:
        host = host_of(url)
        return None if host is None else self.of_site(host)

    def _find_app(self, app: str) -> str | None:
        name = app.casefold()
        found = self._apps.get(name, len(self._names))
        for index, parts in self._globs:
            if index >= found:
                break
            if _fits(name, parts):
                found = index
        return self._names[found] if found < len(self._names) else None

    def _find_host(self, host: str) -> str | None:
        plain = plain_host(host)
        if plain is None:
            return None
        above = [plain]
        if not is_address(plain):
            labels = plain.split(".")
            above = [".".join(labels[start:]) for start in range(len(labels))]
        found = [self._hosts[one] for one in above if one in self._hosts]
        return self._names[min(found)] if found else None


def category_errors(
    categories: Sequence[Category], is_public_suffix: Callable[[str], bool]
) -> list[FieldError]:
    """Why a set of categories cannot be, by field."""
    if len(categories) > MAX_CATEGORIES:
        return [FieldError("categories", f"may be {MAX_CATEGORIES} at most")]
    errors = []
    names: set[str] = set()
    for index, category in enumerate(categories):
        field = f"categories[{index}]"
        name = category.name.strip().casefold()
        if not 1 <= len(name) <= MAX_NAME:
            errors.append(FieldError(f"{field}.name", f"must have 1 to {MAX_NAME} characters"))
        elif name in names:
            errors.append(FieldError(f"{field}.name", "is there twice"))
        names.add(name)
        errors += _errors(f"{field}.apps", category.apps, app_pattern_error)
        errors += _errors(
            f"{field}.sites", category.sites, lambda site: site_error(site, is_public_suffix)
        )
    return errors


def app_pattern_error(pattern: str) -> str:
    """Why it cannot be; empty when it can."""
    if not 1 <= len(pattern.strip()) <= MAX_APP_PATTERN:
        return f"must have 1 to {MAX_APP_PATTERN} characters"
    if "*" in pattern and sum(c.isalnum() for c in pattern) < MIN_LETTERS:
        return "fits nearly everything"
    return ""


def site_error(site: str, is_public_suffix: Callable[[str], bool]) -> str:
    """Why it cannot be; empty when it can."""
    host = plain_host(site)
    if host is None:
        return "is not a host such as youtube.com (its subdomains belong to it anyway)"
    if is_public_suffix(host):
        return "is no site: anybody may register names below it"
    if not is_address(host) and host.rpartition(".")[2].isdigit():
        return "is neither a host nor a whole IP address"
    return ""


def _errors(
    field: str, patterns: Sequence[str], error_of: Callable[[str], str]
) -> list[FieldError]:
    if len(patterns) > MAX_PATTERNS:
        return [FieldError(field, f"may be {MAX_PATTERNS} at most")]
    reasons = enumerate(map(error_of, patterns))
    return [FieldError(f"{field}[{index}]", reason) for index, reason in reasons if reason]


def _remembered(
    known: dict[str, str | None], key: str, find: Callable[[str], str | None]
) -> str | None:
    if key not in known:
        if len(known) >= _MAX_REMEMBERED:
            known.clear()
        known[key] = find(key)
    return known[key]


def _fits(name: str, parts: Sequence[str]) -> bool:
    """Whether the parts of a pattern are there one after the other; in linear time."""
    first, *middle, last = parts
    end = len(name) - len(last)
    if end < len(first) or not name.startswith(first) or not name.endswith(last):
        return False
    at = len(first)
    for part in middle:
        at = name.find(part, at, end)
        if at < 0:
            return False
        at += len(part)
    return True
