"""Sets of moments as sorted, disjoint, half-open intervals of milliseconds."""

from collections.abc import Iterable, Sequence

Interval = tuple[int, int]


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """The moments that lie in any of the intervals."""
    found: list[Interval] = []
    for start, end in sorted(intervals):
        if start >= end:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def without(kept: Sequence[Interval], removed: Sequence[Interval]) -> list[Interval]:
    """The moments of one union that do not lie in another, in linear time."""
    found: list[Interval] = []
    first = 0
    for start, end in kept:
        while first < len(removed) and removed[first][1] <= start:
            first += 1
        index = first
        while index < len(removed) and removed[index][0] < end:
            if removed[index][0] > start:
                found.append((start, removed[index][0]))
            start = max(start, removed[index][1])
            index += 1
        if start < end:
            found.append((start, end))
    return found


def both(ones: Sequence[Interval], others: Sequence[Interval]) -> list[Interval]:
    """The moments that lie in both of two unions, in linear time."""
    found: list[Interval] = []
    first = second = 0
    while first < len(ones) and second < len(others):
        start = max(ones[first][0], others[second][0])
        end = min(ones[first][1], others[second][1])
        if start < end:
            found.append((start, end))
        if ones[first][1] < others[second][1]:
            first += 1
        else:
            second += 1
    return found


def length_ms(intervals: Iterable[Interval]) -> int:
    return sum(end - start for start, end in intervals)
