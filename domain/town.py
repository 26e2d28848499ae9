"""The nearest town to a position: what a stay is called where no place of the account is."""

import attrs


@attrs.frozen
class Town:
    """`region` is the first division of the country ("Bavaria"), None where that is not known.

    `country` is its code of two letters (ISO 3166-1); `distance_m` goes to the town's middle.
    """

    name: str
    region: str | None
    country: str
    distance_m: float
