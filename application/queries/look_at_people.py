"""A person's days: derived from the observations when somebody looks."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import attrs

from application.account_categories import categories_of
from application.actor import Actor
from application.faults import Invalid, NotFound
from application.ports.block_codec import Columns
from application.ports.configuration import Configuration
from application.ports.site_names import SiteNames
from application.queries.observed import ObservedDays
from application.queries.summarized_days import KINDS, MARGIN_MS, Subject, SummarizedDays
from application.queries.town_naming import TownNaming
from domain.account import Person
from domain.categories import Categorizer
from domain.consolidation.summary import Summary, summary_json
from domain.consolidation.timeline import carried_json, item_json, whole_timeline
from domain.consolidation.totals import Span, by_span, changes, total
from domain.consolidation.usage import Labels
from domain.consolidation.whereabouts import place_times, stayed_at
from domain.kinds import Kind
from domain.refusals import FieldError
from domain.times import to_rfc3339

MAX_DAYS = {Span.DAY: 92, Span.WEEK: 190, Span.MONTH: 400}
"""In one summary, by what its lines are about."""

_LISTS = {Span.DAY: "days", Span.WEEK: "weeks", Span.MONTH: "months"}


@attrs.frozen
class LookAtPeople:
    configuration: Configuration
    days: ObservedDays
    summaries: SummarizedDays
    site_names: SiteNames
    towns: TownNaming

    async def person(self, actor: Actor, person_id: str) -> Person:
        """Raises NotFound."""
        async with self.configuration.reading() as tx:
            person = await tx.people.get(actor.account_id, person_id)
        if person is None:
            raise NotFound("there is no such person")
        return person

    async def timeline(self, actor: Actor, person_id: str, day: date) -> dict[str, Any]:
        """One local day of the person, over all devices."""
        subject = await self._subject(actor, person_id)
        async with self.configuration.reading() as tx:
            places = await tx.places.matching(actor.account_id)
        from_ms, to_ms = subject.bounds(day)

        def work_out(columns: Mapping[str, Mapping[Kind, Columns]], now_ms: int) -> Any:
            found = whole_timeline(columns, places, from_ms, to_ms, now_ms)
            left_out = {one: attrs.asdict(counts) for one, counts in found.left_out.items()}
            return {
                "items": [item_json(item) for item in found.items],
                "carried": [carried_json(spell) for spell in found.carried],
                "left_out": left_out,
            }

        observed = await self.days.read(
            actor.account_id, subject.device_ids, KINDS, from_ms - MARGIN_MS, to_ms + MARGIN_MS
        )
        # Enough for a cache of this process: in another one texts have other hashes.
        follows_from = ("timeline", actor.account_id, from_ms, to_ms, hash(tuple(places)))
        answer = self.days.answer(observed, to_ms, follows_from, work_out)
        await self.towns.name(answer["items"])
        return {
            "date": day.isoformat(),
            "time_zone": subject.person.time_zone,
            "from": to_rfc3339(from_ms),
            "to": to_rfc3339(to_ms),
            **answer,
        }

    async def summary(
        self,
        actor: Actor,
        person_id: str,
        first: date,
        last: date,
        span: Span = Span.DAY,
        compare: bool = False,
    ) -> dict[str, Any]:
        """Numbers for each span of the local days from `first` to `last`, both included, and of
        all, with the places; to compare with, those of as many days right before.
        """
        _check_days(first, last, MAX_DAYS[span])
        subject = await self._subject(actor, person_id)
        days = await self.summaries.of(subject, first, last)
        whole = total(list(days.values()))
        answer: dict[str, Any] = {
            "time_zone": subject.person.time_zone,
            "by": span.value,
            _LISTS[span]: [
                {**_span_json(span, start, end), **summary_json(numbers)}
                for start, end, numbers in by_span(days, span)
            ],
            "total": summary_json(whole),
        }
        answer["total"]["places"] = await self._places(actor.account_id, whole)
        if compare:
            start, end = _before(first, last)
            before = total(list((await self.summaries.of(subject, start, end)).values()))
            answer["before"] = {**_span_json(Span.WEEK, start, end), **summary_json(before)}
            answer["change"] = changes(whole, before)
        return answer

    async def _places(self, account_id: str, whole: Summary) -> list[dict[str, Any]]:
        """Named as they are called now."""
        async with self.configuration.reading() as tx:
            places = await tx.places.matching(account_id)
        spots = stayed_at(whole.stays, places)
        await self.towns.name(spots)
        return place_times(spots)

    async def _subject(self, actor: Actor, person_id: str) -> Subject:
        person = await self.person(actor, person_id)
        async with self.configuration.reading() as tx:
            devices = await tx.devices.matching(actor.account_id, person_id=person_id)
            categories = await categories_of(tx, actor.account_id)
        labels = Labels(self.site_names.site_of, Categorizer(categories.categories))
        version = (categories.version, categories.changed_at_ms)
        return Subject(person, tuple(device.id for device in devices), labels, version)


def _check_days(first: date, last: date, most: int) -> None:
    if last < first:
        raise Invalid.of([FieldError("to", "must not be before from")])
    if (last - first).days >= most:
        raise Invalid.of([FieldError("to", f"is more than {most} days on")])


def _before(first: date, last: date) -> tuple[date, date]:
    """As many days, right before."""
    try:
        return first - (last - first) - timedelta(days=1), first - timedelta(days=1)
    except OverflowError:
        raise Invalid.of([FieldError("from", "has nothing before it in the calendar")]) from None


def _span_json(span: Span, first: date, last: date) -> dict[str, str]:
    if span is Span.DAY:
        return {"date": first.isoformat()}
    return {"from": first.isoformat(), "to": last.isoformat()}
