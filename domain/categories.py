"""Categories of apps and sites: an account's ordered set of patterns."""

import attrs


@attrs.frozen
class Category:
    """`apps` are patterns of app names, `sites` are hosts; the first category that fits is it."""

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
