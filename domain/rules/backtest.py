"""What rules would have done, had they been there: judged again over what is known by now.

Everything is taken in the order in which it happened, as if nothing had ever come late. So a
backtest raises what live processing raises where data comes in time, and finds what a backlog
that came in pieces has hidden from it.
"""

from collections.abc import Iterable, Sequence

import attrs

from domain.rules.binding import BoundRule
from domain.rules.condition import SilentFor
from domain.rules.judge import Memory, Outcome, judge_silence, silence_due_ms
from domain.rules.track import Memories, Seen, judge_line


@attrs.define
class Backtest:
    """One device under some rules. It is given one stretch of time after the other."""

    rules: Sequence[BoundRule]
    _memories: Memories = attrs.field(init=False, factory=dict)
    _heard_ms: int | None = attrs.field(init=False, default=None)

    def take(self, seen: Seen) -> list[Outcome]:
        """The observations of a stretch, those of each kind in time order. What comes of them is
        given rule by rule.
        """
        rules = [bound for bound in self.rules if not bound.waits_for_time]
        memories, outcomes = judge_line(rules, self._memories, seen, _nothing_before)
        self._memories = {**self._memories, **memories}
        return outcomes

    def hear(self, times_ms: Iterable[int]) -> list[Outcome]:
        """When anything was heard of the device, in order: what rules about silence need."""
        outcomes: list[Outcome] = []
        for time_ms in times_ms:
            outcomes += self.wait_until(time_ms)
            self._heard_ms = time_ms
            outcomes += self._look(time_ms, time_ms)
        return outcomes

    def wait_until(self, now_ms: int) -> list[Outcome]:
        """Nothing more was heard until then."""
        return [] if self._heard_ms is None else self._look(self._heard_ms, now_ms)

    def _look(self, heard_ms: int, now_ms: int) -> list[Outcome]:
        """A silence is noticed as soon as it is long enough."""
        outcomes: list[Outcome] = []
        for bound in self.rules:
            if not isinstance(bound.when, SilentFor):
                continue
            due_ms = silence_due_ms(bound, heard_ms)
            noticed_ms = now_ms if due_ms is None else min(now_ms, due_ms)
            memory = self._memories.get(bound.key) or _nothing_before(bound)
            memory, outcome = judge_silence(bound, memory, heard_ms, noticed_ms)
            self._memories = {**self._memories, bound.key: memory}
            outcomes += [outcome] if outcome else []
        return outcomes


def _nothing_before(bound: BoundRule) -> Memory:
    return Memory(bound.rule.version)
