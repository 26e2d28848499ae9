"""Observations merged into stretches of time.

Agents report what goes on in pulses: the same app again and again, each time with the duration
so far or with none. Pulses of the same content that follow within PULSE_MS are one stretch, as
in ActivityWatch's heartbeats, provided that nothing else came between them.

An observation without a duration lasts until the next one of its kind, if that follows within
PULSE_MS; otherwise nothing is known of how long it lasted, and it counts as a moment.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

import attrs

from domain.consolidation.columns import Columns, column

PULSE_MS = 120_000
"""Pulses of the same content may be so far apart: twice what agents usually leave between."""

Content = tuple[str, ...]
Stretch = tuple[int, int, Content]
"""From, to (in ms), and what went on."""


def stretches(columns: Columns, names: Sequence[str], from_ms: int, to_ms: int) -> list[Stretch]:
    """Observations merged where the named fields are the same, cut to [from_ms, to_ms).

    The order of the observations does not matter, nor whether some of them came twice.
    """
    return cut(whole_stretches(columns, names), from_ms, to_ms)


def whole_stretches(columns: Columns, names: Sequence[str]) -> list[Stretch]:
    """The same without a cut, sorted."""
    return _merged(_pulses(columns, names))


def cut(found: Sequence[Stretch], from_ms: int, to_ms: int) -> list[Stretch]:
    """What lies in [from_ms, to_ms); a moment does when it is not before it."""
    return [
        (max(start, from_ms), min(end, to_ms), content)
        for start, end, content in found
        if start < to_ms and (end > from_ms or start >= from_ms)
    ]


def _pulses(columns: Columns, names: Sequence[str]) -> list[Stretch]:
    """Each observation with its end, in order; an absent field is an empty text."""
    times = columns.get("time_ms", ())
    moments = sorted(set(times))
    fields = ([text or "" for text in column(columns, name)] for name in names)
    contents = zip(*fields, strict=True)
    pulses = set()
    rows = zip(times, column(columns, "duration_s"), contents, strict=True)
    for start, duration_s, content in rows:
        if duration_s is None:
            after = bisect_right(moments, start)
            next_ms = moments[after] if after < len(moments) else start
            end = next_ms if next_ms - start <= PULSE_MS else start
        else:
            end = start + round(duration_s * 1000)
        pulses.add((start, end, content))
    return sorted(pulses)


def _merged(pulses: Sequence[Stretch]) -> list[Stretch]:
    """Merge pulses, which are sorted; merging what is merged changes nothing.

    What overlaps or touches something of the same content is one with it. Across a pause it is
    one only when nothing else that began before lasted into the pause.
    """
    found: list[Stretch] = []
    position: dict[Content, int] = {}
    ends = _Ends()
    for _, together in groupby(pulses, key=itemgetter(0)):
        changed = set()
        for start, end, content in together:
            index = position.get(content)
            if index is None or not _goes_on(found[index], start, ends):
                index = position[content] = len(found)
                found.append((start, end, content))
            first, last, _ = found[index]
            found[index] = (first, max(last, end), content)
            changed.add(index)
        for index in changed:
            ends.note(found[index][2], found[index][1])
    return sorted(found)


def _goes_on(stretch: Stretch, start: int, ends: "_Ends") -> bool:
    _, last, content = stretch
    pause_is_free = start - last <= PULSE_MS and ends.of_others(content) <= last
    return start <= last or pause_is_free


@attrs.define
class _Ends:
    """The latest end so far, and the latest of anything with another content."""

    content: Content | None = None
    latest_ms: int = -(2**62)
    other_ms: int = -(2**62)

    def of_others(self, content: Content) -> int:
        return self.other_ms if content == self.content else self.latest_ms

    def note(self, content: Content, end_ms: int) -> None:
        if content == self.content:
            self.latest_ms = max(self.latest_ms, end_ms)
        elif end_ms > self.latest_ms:
            self.content, self.latest_ms, self.other_ms = content, end_ms, self.latest_ms
        else:
            self.other_ms = max(self.other_ms, end_ms)
