"""A person's days in numbers: worked out when somebody looks, and kept once they are over."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from hashlib import blake2b
from zoneinfo import ZoneInfo

import attrs

from application.faults import Invalid, Unavailable
from application.ports.day_summaries import DaySummaries, KeptSummary
from application.ports.tally import Tally
from application.queries.observed import ObservedDays
from domain.account import Person
from domain.consolidation.summary import Summary, summary
from domain.consolidation.usage import Labels
from domain.kinds import Kind
from domain.refusals import FieldError
from domain.times import DAY_MS, local_day_bounds

MARGIN_MS = 6 * 3600 * 1000
"""Around a day, so that stays and sessions that reach into it are seen whole."""

KINDS = tuple(kind for kind in Kind if kind is not Kind.DOCUMENT)

_READ_AT_ONCE = 8
"""Days in a row. To read them one by one costs as many journals."""


@attrs.frozen
class Subject:
    """A person with what an answer about her needs."""

    person: Person
    device_ids: tuple[str, ...]
    labels: Labels
    labels_version: tuple[object, ...]

    def bounds(self, day: date) -> tuple[int, int]:
        """Raises Invalid for days beyond the calendar."""
        try:
            return local_day_bounds(day, ZoneInfo(self.person.time_zone))
        except OverflowError:
            raise Invalid.of([FieldError("date", "is beyond the calendar")]) from None


@attrs.frozen
class _Day:
    """`version` is of all that its summary follows from; "" where nothing was observed."""

    date: date
    from_ms: int
    to_ms: int
    version: str


@attrs.frozen
class SummarizedDays:
    """A summary is kept under the version of what it follows from: what the devices observed
    around its day, the zone, the categories, and `made_by`, which names the code that makes it.
    So late data, erasure and a mended rule are seen at once, and nobody has to tell the cache.
    """

    days: ObservedDays
    kept: DaySummaries
    tally: Tally
    made_by: str

    async def of(self, subject: Subject, first: date, last: date) -> dict[date, Summary]:
        """Of each local day from `first` to `last`, both included."""
        # What is observed from here on only makes what is found newer than its version says.
        days = await self._days(subject, first, last)
        account_id, person_id = subject.person.account_id, subject.person.id
        kept = await self.kept.between(account_id, person_id, first, last)
        found = {day.date: Summary() for day in days if not day.version}
        for day in days:
            there = kept.get(day.date)
            if day.version and there and there.version == day.version:
                found[day.date] = Summary.of(json.loads(there.numbers))
        for some in _in_a_row([day for day in days if day.date not in found]):
            found |= await self._worked_out(subject, some)
        return found

    async def _days(self, subject: Subject, first: date, last: date) -> list[_Day]:
        dates = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        bounds = [subject.bounds(day) for day in dates]
        from_ms, to_ms = bounds[0][0] - MARGIN_MS, bounds[-1][1] + MARGIN_MS
        account_id = subject.person.account_id
        versions = [
            await self.days.blocks.versions(account_id, device_id, from_ms, to_ms)
            for device_id in subject.device_ids
        ]
        made_from = (self.made_by, subject.device_ids, subject.labels_version)
        days = []
        for day, (start_ms, end_ms) in zip(dates, bounds, strict=True):
            around = range((start_ms - MARGIN_MS) // DAY_MS, (end_ms + MARGIN_MS - 1) // DAY_MS + 1)
            held = [[one.get(number * DAY_MS, "") for number in around] for one in versions]
            version = ""
            if any(map(any, held)):
                follows_from = f"{made_from} {start_ms} {end_ms} {held}"
                version = blake2b(follows_from.encode(), digest_size=16).hexdigest()
            days.append(_Day(day, start_ms, end_ms, version))
        return days

    async def _worked_out(self, subject: Subject, days: Sequence[_Day]) -> dict[date, Summary]:
        """Of days in a row. Those that are over are kept."""
        account_id = subject.person.account_id
        from_ms, to_ms = days[0].from_ms - MARGIN_MS, days[-1].to_ms + MARGIN_MS
        observed = await self.days.read(account_id, subject.device_ids, KINDS, from_ms, to_ms)
        now_ms = self.days.clock.now_ms()
        found, keep = {}, {}
        for day in days:
            around = attrs.evolve(
                observed, from_ms=day.from_ms - MARGIN_MS, to_ms=day.to_ms + MARGIN_MS
            )
            columns = around.columns(self.days.codec)
            numbers = summary(columns, day.from_ms, day.to_ms, now_ms, subject.labels)
            found[day.date] = numbers
            if day.to_ms <= now_ms:
                fields = json.dumps(attrs.asdict(numbers), separators=(",", ":")).encode()
                keep[day.date] = KeptSummary(day.version, fields)
            await asyncio.sleep(0)  # others may be answered between two days
        try:
            await self.kept.keep(account_id, subject.person.id, keep)
        except Unavailable:
            self.tally.count("summaries_not_kept", amount=len(keep))
        return found


def _in_a_row(days: Sequence[_Day]) -> Iterator[list[_Day]]:
    """Days that follow one another, as many as are read at once."""
    some: list[_Day] = []
    for day in days:
        if some and (len(some) == _READ_AT_ONCE or day.from_ms != some[-1].to_ms):
            yield some
            some = []
        some.append(day)
    if some:
        yield some
