"""What people see of where somebody was, as calls of queries."""

import json
from abc import abstractmethod
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from application.actor import Actor
from domain.times import from_datetime
from features.drivers.assembly import Assembly
from features.drivers.movements import MovementPeople
from features.drivers.values import Owner


class ApplicationMovements(MovementPeople):
    _assembly: Assembly

    @abstractmethod
    def _actor(self, owner: Owner) -> Actor: ...

    def timeline(self, owner: Owner, person_id: str, day: date) -> Mapping[str, Any]:
        look = self._assembly.services.look_at_people
        return self._assembly.call(look.timeline(self._actor(owner), person_id, day))

    def track(
        self, owner: Owner, device_id: str, start: datetime, end: datetime, max_points: int
    ) -> Mapping[str, Any]:
        look = self._assembly.services.look_at_devices
        times_ms = from_datetime(start), from_datetime(end)
        track = look.track(self._actor(owner), device_id, *times_ms, max_points)
        answer: Mapping[str, Any] = json.loads(self._assembly.call(track))
        return answer
