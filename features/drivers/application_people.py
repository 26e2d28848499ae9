"""What people do, as calls of use cases and queries."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from application.actor import Actor
from application.queries.views import alert_view, pull_request_view, quarantined_view
from domain.device import Agent
from domain.intake_line import KEPT_DAYS
from domain.kinds import Kind
from domain.place import Circle
from domain.times import from_datetime
from features.drivers.application_backtests import ApplicationBacktests
from features.drivers.application_channels import ApplicationChannels
from features.drivers.application_days import ApplicationDays
from features.drivers.application_mappings import ApplicationMappings
from features.drivers.application_movements import ApplicationMovements
from features.drivers.application_rules import ApplicationRules
from features.drivers.assembly import Assembly
from features.drivers.base import People
from features.drivers.rule_wishes import draft_of, schedule_of
from features.drivers.seen import (
    AlertSeen,
    DeviceSeen,
    IntakeSeen,
    QuarantineSeen,
    RequestSeen,
    alert_seen,
    device_seen,
    intake_seen,
    quarantine_seen,
    request_seen,
)
from features.drivers.values import AppAccess, Denial, Denied, Hours, Observation, Owner, RuleWish

_LONG_AGO = timedelta(days=300)
_MANY = 1_000


class ApplicationPeople(
    ApplicationDays,
    ApplicationMovements,
    ApplicationBacktests,
    ApplicationChannels,
    ApplicationMappings,
    ApplicationRules,
    People,
):
    def __init__(self, assembly: Assembly) -> None:
        self._assembly = assembly
        self._call = assembly.call

    def _actor(self, owner: Owner) -> Actor:
        return self._call(self._assembly.services.authenticate.token(owner.secret))

    def add_person(self, owner: Owner, name: str) -> str:
        manage = self._assembly.services.manage_people
        return self._call(manage.add(self._actor(owner), name, "UTC")).id

    def move(self, owner: Owner, person_id: str, time_zone: str) -> None:
        manage = self._assembly.services.manage_people
        self._call(manage.change(self._actor(owner), person_id, None, time_zone))

    def add_device(self, owner: Owner, person_id: str, name: str) -> str:
        manage = self._assembly.services.manage_devices
        return self._call(manage.add(self._actor(owner), person_id, name, "android")).id

    def retire_device(self, owner: Owner, device_id: str) -> None:
        manage = self._assembly.services.manage_devices
        self._call(manage.retire(self._actor(owner), device_id))

    def issue_code(self, owner: Owner, device_id: str) -> str:
        enrol = self._assembly.services.enrol_device
        return self._call(enrol.issue_code(self._actor(owner), device_id)).code

    def issue_token(self, owner: Owner, device_id: str, app: str) -> AppAccess:
        enrol = self._assembly.services.enrol_device
        issued = self._call(enrol.issue_token(self._actor(owner), device_id, Agent(app)))
        return AppAccess(app, device_id, issued.credential.id, issued.token, address=app)

    def revoke_token(self, owner: Owner, access: AppAccess) -> None:
        enrol = self._assembly.services.enrol_device
        self._call(enrol.revoke_token(self._actor(owner), access.device_id, access.token_id))

    def allow(
        self,
        owner: Owner,
        person_id: str,
        kinds: Sequence[str],
        start: datetime | None = None,
        hours: Hours | None = None,
    ) -> str:
        grant = self._assembly.services.manage_people.grant
        consent = grant(
            self._actor(owner),
            person_id,
            [Kind(kind) for kind in kinds],
            None if start is None else from_datetime(start),
            None,
            schedule_of(hours),
        )
        return self._call(consent).id

    def withdraw(self, owner: Owner, person_id: str, consent_id: str) -> None:
        manage = self._assembly.services.manage_people
        self._call(manage.revoke(self._actor(owner), person_id, consent_id))

    def draw_circle(self, owner: Owner, name: str, lat: float, lon: float, radius_m: float) -> str:
        manage = self._assembly.services.manage_places
        return self._call(manage.add(self._actor(owner), name, Circle(lat, lon, radius_m))).id

    def make_rule(self, owner: Owner, wish: RuleWish) -> str:
        adding = self._assembly.services.manage_rules.add(self._actor(owner), draft_of(wish))
        return self._call(adding).id

    def remove_rule(self, owner: Owner, rule_id: str) -> None:
        self._call(self._assembly.services.manage_rules.remove(self._actor(owner), rule_id))

    def ask_device(
        self, owner: Owner, device_id: str, kind: str, start: datetime, end: datetime
    ) -> str:
        request = self._assembly.services.request_data(
            self._actor(owner), device_id, Kind(kind), from_datetime(start), from_datetime(end), 100
        )
        return self._call(request).id

    def requests(self, owner: Owner, device_id: str) -> list[RequestSeen]:
        account_id = self._actor(owner).account_id

        async def look() -> list[RequestSeen]:
            async with self._assembly.services.configuration.reading() as tx:
                found = await tx.pull_requests.matching(account_id, device_id=device_id)
            return [request_seen(pull_request_view(one)) for one in found]

        return self._call(look())

    def device(self, owner: Owner, device_id: str) -> DeviceSeen:
        look = self._assembly.services.look_at_devices
        return device_seen(self._call(look.one(self._actor(owner), device_id)))

    def kept(self, owner: Owner, device_id: str, kind: str) -> list[Observation]:
        now = datetime.fromtimestamp(self._assembly.clock.now_ms() / 1000, UTC)
        from_ms = from_datetime(now - _LONG_AGO)
        to_ms = from_datetime(now + timedelta(days=3))
        page = self._assembly.services.look_at_devices.observations(
            self._actor(owner), device_id, Kind(kind), from_ms, to_ms, None, _MANY
        )
        return [json.loads(row) for row in self._call(page).items]

    def alerts(self, owner: Owner) -> list[AlertSeen]:
        book = self._assembly.services.alert_book
        page = self._call(book.alerts(self._actor(owner).account_id, None, None, _MANY))
        return [alert_seen(alert_view(alert)) for alert in reversed(page.items)]

    def acknowledge(self, owner: Owner, alert_id: str) -> None:
        actor = self._actor(owner)
        book, clock = self._assembly.services.alert_book, self._assembly.clock
        alert = self._call(
            book.acknowledge(actor.account_id, alert_id, actor.email, clock.now_ms())
        )
        if alert is None:
            raise Denied(Denial.NOT_FOUND, "there is no such alert")

    def quarantine(self, owner: Owner) -> list[QuarantineSeen]:
        shelf = self._assembly.services.quarantine
        page = self._call(shelf.page(self._actor(owner).account_id, None, _MANY))
        return [quarantine_seen(quarantined_view(item)) for item in page.items]

    def intake_log(self, owner: Owner, device_id: str) -> list[IntakeSeen]:
        self._call(self._assembly.container.application().intake_record.write())
        look = self._assembly.services.look_at_intake
        return intake_seen(self._call(look(self._actor(owner), device_id, KEPT_DAYS)))

    def names(self, owner: Owner) -> dict[str, list[str]]:
        account_id = self._actor(owner).account_id

        async def look() -> dict[str, list[str]]:
            async with self._assembly.services.configuration.reading() as tx:
                people = await tx.people.matching(account_id)
                devices = await tx.devices.matching(account_id)
                places = await tx.places.matching(account_id)
            return {
                "people": [one.name for one in people],
                "devices": [one.name for one in devices],
                "places": [one.name for one in places],
            }

        return self._call(look())
