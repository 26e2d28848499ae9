"""The categories that count for an account: its own, or the defaults."""

from application.ports.configuration import ConfigurationTransaction
from domain.categories import CategorySet
from domain.default_categories import DEFAULT_CATEGORIES


async def categories_of(tx: ConfigurationTransaction, account_id: str) -> CategorySet:
    """With the defaults in it where the account has none; the version is that of its own set,
    0 when it never had one.
    """
    stored = await tx.category_sets.get(account_id, account_id)
    if stored is None:
        return CategorySet(account_id, DEFAULT_CATEGORIES, 0, 0)
    if not stored.categories:
        return CategorySet(account_id, DEFAULT_CATEGORIES, stored.version, stored.changed_at_ms)
    return stored
