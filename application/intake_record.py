"""The record of what intake does: counted as it happens, in the intake log a moment later.

A line of the log is of a device, a day and a kind, however many uploads it stands for, and is
written with many others at a time: no upload waits for it. What a process that is killed had not
yet written is missing in the log, not in the data.
"""

import asyncio
from collections.abc import Mapping, Sequence
from itertools import islice

import attrs

from application.delivery import NotRead
from application.device_directory import DeviceAccess
from application.intake_gate import KINDS, Checked
from application.ports.intake_log import IntakeLog
from application.ports.tally import Tally
from domain.batch import Outcome
from domain.intake_line import IntakeLine
from domain.times import local

MAX_LINES = 50_000
"""That wait to be written; what comes for others meanwhile is only counted."""

_AT_ONCE = 500
_UNKNOWN_KIND = ""

_Groups = Mapping[tuple[str, Outcome, str | None], Sequence[int]]


@attrs.define
class IntakeRecord:
    log: IntakeLog
    tally: Tally
    _waiting: dict[tuple[str, str, str, str], IntakeLine] = attrs.field(factory=dict, init=False)
    _writing: asyncio.Lock = attrs.field(factory=asyncio.Lock, init=False)

    def turned_away(self, reason: str) -> None:
        """A whole upload, without a look at it."""
        self.tally.count("refused_uploads", reason)

    def enter(
        self,
        access: DeviceAccess,
        checked: Sequence[Checked],
        not_read: Sequence[NotRead],
        now_ms: int,
    ) -> None:
        """One upload, once it is known what became of it. It may be of hundreds of batches."""
        groups: dict[tuple[str, Outcome, str | None], list[int]] = {}
        refused: dict[tuple[str, str], int] = {}
        for one in checked:
            receipt = one.receipt
            key = (receipt.kind, receipt.outcome, receipt.reason)
            group = groups.get(key)
            if group is None:
                groups[key] = [1, receipt.accepted]
            else:
                group[0] += 1
                group[1] += receipt.accepted
            for refusal in one.refused:
                why = (receipt.kind, refusal.reason)
                refused[why] = refused.get(why, 0) + 1
        self._count(groups, refused)
        if not_read:
            groups[_UNKNOWN_KIND, Outcome.REFUSED, not_read[-1].reason] = [len(not_read), 0]
        self._note(_lines(access, groups, refused, now_ms))

    async def write(self) -> bool:
        """Some of the lines that wait; True when there are more. Raises Unavailable, StoreBroken;
        the lines wait on then.
        """
        async with self._writing:
            keys = list(islice(self._waiting, _AT_ONCE))
            some = [self._waiting.pop(key) for key in keys]
            if not some:
                return False
            try:
                await self.log.add(some)
            except BaseException:
                newer = [self._waiting.pop(one.key) for one in some if one.key in self._waiting]
                self._note([*some, *newer])
                raise
        return bool(self._waiting)

    def _count(self, groups: _Groups, refused: Mapping[tuple[str, str], int]) -> None:
        count = self.tally.count
        accepted = 0
        for (_, outcome, reason), (batches, observations) in groups.items():
            accepted += observations
            count("batches", outcome.value, batches)
            if reason:
                count("refused_batches", reason, batches)
        for (_, reason), amount in refused.items():
            count("refused_observations", reason, amount)
        if accepted:
            count("observations_accepted", amount=accepted)

    def _note(self, lines: Sequence[IntakeLine]) -> None:
        for line in lines:
            known = self._waiting.get(line.key)
            if known is not None:
                known.add(line)
            elif len(self._waiting) < MAX_LINES:
                self._waiting[line.key] = line
            else:
                self.tally.count("intake_log_lines_left_out")


def _lines(
    access: DeviceAccess,
    groups: _Groups,
    refused: Mapping[tuple[str, str], int],
    now_ms: int,
) -> list[IntakeLine]:
    """What an upload was, a line for each kind."""
    day = local(now_ms, access.gate.zone).date().isoformat()
    lines: dict[str, IntakeLine] = {}

    def line(kind: str) -> IntakeLine:
        named = kind if kind in KINDS else _UNKNOWN_KIND
        if named not in lines:
            account_id, device_id = access.account_id, access.device_id
            lines[named] = IntakeLine(account_id, device_id, day, named, now_ms, now_ms)
        return lines[named]

    for (kind, why), amount in refused.items():
        found = line(kind)
        found.refused += amount
        found.reason = why
    for (kind, outcome, reason), (batches, observations) in groups.items():
        found = line(kind)
        found.accepted += observations
        if outcome is Outcome.ACCEPTED:
            found.accepted_batches += batches
        elif outcome is Outcome.DUPLICATE:
            found.duplicate_batches += batches
        else:
            found.refused_batches += batches
        found.reason = reason or found.reason
    return list(lines.values())
