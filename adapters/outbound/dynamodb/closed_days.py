"""Which UTC days of a device may have got something since, without reading them.

Days are written one after the other, and hardly ever again. So a journal's base notes the newest
of them, and only a stride that has something of an earlier one leaves a marker of it.
"""

from collections.abc import Iterable

import attrs
import msgspec

from adapters.outbound.dynamodb import keys
from adapters.outbound.dynamodb.day_items import Expiry
from adapters.outbound.dynamodb.items import Item, binary, integer, key

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder().decode


@attrs.frozen
class ClosedDays:
    """Days are counted since 1970. What is merged holds nothing of those before `oldest`. Those
    before `newest` are closed: each stride after version `since` that has something of one of
    them left a marker.
    """

    oldest: int
    newest: int
    since: int

    def after(self, days: Iterable[int]) -> "ClosedDays":
        """A stride that has something of these days is merged."""
        return attrs.evolve(
            self,
            oldest=min([self.oldest, *days]),
            newest=max([self.newest, *days]),
        )


def closed_days_of(base: Item | None) -> ClosedDays:
    """Of a journal without a base nothing is merged. A base without a note is of a version that
    left no markers: any day may hold something, and none is closed.
    """
    if base is None:
        return ClosedDays(oldest=keys.MAX_DAY + 1, newest=-1, since=0)
    if "c" not in base:
        return ClosedDays(oldest=0, newest=-1, since=integer(base, "m"))
    return ClosedDays(*_decode(base["c"]["B"])[:3])


def noted(closed: ClosedDays) -> Item:
    """As a part of the base."""
    return {"c": binary(_encode((closed.oldest, closed.newest, closed.since)))}


def markers(
    partition: str, days: Iterable[int], closed: ClosedDays, merged: int, expiry: Expiry
) -> list[Item]:
    """Of a stride up to version `merged`; `closed` is what is closed once it is merged."""
    return [
        key(partition, keys.marker(day, merged)) | expiry.attribute(day)
        for day in days
        if day < closed.newest
    ]
