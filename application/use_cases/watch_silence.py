"""A rule about silence watches its devices from the moment at which it is made."""

import logging
from collections.abc import Iterable, Iterator, Sequence

import attrs

from application.faults import Unavailable
from application.ports.clock import Clock
from application.ports.configuration import Configuration
from application.ports.device_ledger import DeviceLedger, Effects
from application.ports.tally import Tally
from domain.device import DeviceStatus
from domain.device_history import DeviceHistory
from domain.rules.condition import SilentFor
from domain.rules.judge import Memory
from domain.rules.rule import Rule

_log = logging.getLogger(__name__)

_AT_ONCE = 200
_TRIES = 5


@attrs.frozen
class WatchSilence:
    """What a device delivers tells when it is to be looked at next. One that is never heard of
    again delivers nothing: so whoever makes a rule has its devices looked at.
    """

    configuration: Configuration
    ledger: DeviceLedger
    clock: Clock
    tally: Tally

    async def __call__(self, rule: Rule) -> None:
        """Nothing to do for rules about anything else. The rule stands, even if its devices cannot
        be reached now: then each is watched from its next upload on.
        """
        if not isinstance(rule.when, SilentFor) or not rule.enabled:
            return
        devices = await self._devices(rule)
        try:
            for start in range(0, len(devices), _AT_ONCE):
                await self._watch(rule, devices[start : start + _AT_ONCE])
        except Unavailable as error:
            self.tally.count("silence_not_watched")
            _log.warning("devices are watched from their next upload on: %s", error)

    async def _devices(self, rule: Rule) -> list[tuple[str, str]]:
        async with self.configuration.reading() as tx:
            devices = await tx.devices.matching(rule.account_id)
        return [
            (rule.account_id, one.id)
            for one in devices
            if one.status is not DeviceStatus.RETIRED and rule.scope.covers(one.person_id, one.id)
        ]

    async def _watch(self, rule: Rule, devices: Sequence[tuple[str, str]]) -> None:
        """What a device does meanwhile comes first: then it has been heard of anyway."""
        for _ in range(_TRIES):
            histories = await self.ledger.histories(devices)
            effects = list(self._watched(rule, histories.values()))
            if not effects:
                return
            applied = await self.ledger.apply(effects)
            again = [one for one, done in zip(effects, applied, strict=True) if not done]
            devices = [(rule.account_id, one.history.device_id) for one in again]
            if not devices:
                return

    def _watched(self, rule: Rule, histories: Iterable[DeviceHistory]) -> Iterator[Effects]:
        now_ms = self.clock.now_ms()
        for history in histories:
            if history.seen_ms is None:
                continue
            due_ms = min(now_ms, history.silence_due_ms or now_ms)
            silence = {**history.silence}
            before = silence.get(rule.id, Memory(rule.version))
            assert isinstance(rule.when, SilentFor)
            # An alert from before a change of the rule goes on, and is still to be cleared.
            told = before.alerting or not rule.also_now
            if told and history.seen_ms + rule.when.seconds * 1000 <= now_ms:
                silence[rule.id] = attrs.evolve(before, rule_version=rule.version, told=True)
            after = attrs.evolve(
                history, version=history.version + 1, silence=silence, silence_due_ms=due_ms
            )
            yield Effects(after)
