"""What people and agents do with a running platform, in one line each."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import attrs

from application.use_cases.create_account import CreatedAccount
from domain.account import Role
from domain.kinds import Kind
from tests.support.accounts import add_user, create_account
from tests.support.http_calls import Http, Reply
from tests.support.server import Server
from tests.support.waiting import until

ALL_KINDS = tuple(kind.value for kind in Kind)
AGENT = {"name": "test", "version": "1", "platform": "linux"}


def rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def now(*, ago_s: float = 0.0) -> str:
    """The time of so many seconds ago, as the API writes it."""
    return rfc3339(datetime.now(UTC) - timedelta(seconds=ago_s))


def fix(lat: float, lon: float, *, ago_s: float = 0.0, **more: Any) -> dict[str, Any]:
    """An observation of a location."""
    return {"time": now(ago_s=ago_s), "lat": lat, "lon": lon, **more}


def upload(kind: str, sequence: int, *observations: Mapping[str, Any]) -> dict[str, Any]:
    """The body of an upload of one batch."""
    return {"batches": [{"kind": kind, "sequence": sequence, "observations": list(observations)}]}


class Account:
    """A new account; `api` calls with its owner's token."""

    def __init__(self, server: Server, created: CreatedAccount | None = None) -> None:
        created = created or create_account(server.data)
        self.server = server
        self.id = created.account_id
        self.email = created.email
        self.password = created.password
        self.api_token = created.api_token
        self.api = server.http(authorization=f"Bearer {created.api_token}")

    def person(
        self, *, kinds: Sequence[str] = ALL_KINDS, name: str = "Ana", time_zone: str = "UTC"
    ) -> str:
        """A person who consents to these kinds; the id."""
        created = self.api.post("/api/v1/people", {"name": name, "time_zone": time_zone})
        person_id: str = created.expect(201)["id"]
        if kinds:
            path = f"/api/v1/people/{person_id}/consents"
            self.api.post(path, {"kinds": list(kinds)}).expect(201)
        return person_id

    def device(self, person_id: str | None = None, *, kinds: Sequence[str] = ALL_KINDS) -> "Device":
        """A device that nobody speaks for yet; of a new person when none is named."""
        body = {"person_id": person_id or self.person(kinds=kinds), "name": "phone"}
        created = self.api.post("/api/v1/devices", {**body, "platform": "android"}).expect(201)
        return Device(self, created["id"], body["person_id"])

    def enrolled(self, person_id: str | None = None, **options: Any) -> "Device":
        """A device with a Fieldpost agent."""
        device = self.device(person_id, **options)
        device.enrol()
        return device

    def place(self, lat: float, lon: float, radius_m: float = 100.0, name: str = "School") -> str:
        circle = {"lat": lat, "lon": lon, "radius_m": radius_m}
        place_id: str = self.api.post("/api/v1/places", {"name": name, "circle": circle}).expect(
            201
        )["id"]
        return place_id

    def rule(self, when: Mapping[str, Any], **more: Any) -> str:
        body = {"name": "a rule", "scope": {}, "when": when, "severity": "warning", **more}
        rule_id: str = self.api.post("/api/v1/rules", body).expect(201)["id"]
        return rule_id

    def all(self, path: str, **query: Any) -> list[Any]:
        """Every item of a list, page by page."""
        items: list[Any] = []
        cursor: str | None = None
        while True:
            page = self.api.get(path, cursor=cursor, **query).expect(200)
            items += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return items

    def alerts(self) -> list[Any]:
        return self.all("/api/v1/alerts")

    def user(self, role: Role) -> Http:
        """The API as another user of the account calls it."""
        added = add_user(self.server.data, self.id, role)
        return self.server.http(authorization=f"Bearer {added.api_token}")


class Device:
    """A device; `agent` calls with its credential once it is enrolled."""

    def __init__(self, account: Account, device_id: str, person_id: str) -> None:
        self.account = account
        self.id = device_id
        self.person_id = person_id
        self.path = f"/api/v1/devices/{device_id}"
        self.credential = ""
        self.agent: Http = account.server.http()
        self._sequences = count(1)

    def code(self) -> str:
        """A one-time code."""
        code: str = self.account.api.post(f"{self.path}/enrolment").expect(201)["code"]
        return code

    def enrol(self) -> Any:
        """Redeem a code; from then on `agent` may deliver."""
        body = {"code": self.code(), "agent": AGENT}
        told = self.agent.post("/agent/v1/enrol", body).expect(201)
        self.credential = told["credential"]
        self.agent = self.account.server.http(authorization=f"Bearer {self.credential}")
        return told

    def token(self, agent: str) -> str:
        """A token for an agent that people already have."""
        body = {"agent": agent}
        token: str = self.account.api.post(f"{self.path}/tokens", body).expect(201)["token"]
        return token

    def send(self, kind: str, *observations: Mapping[str, Any], sequence: int | None = None) -> Any:
        """Deliver one batch; its receipt, whatever it says."""
        number = next(self._sequences) if sequence is None else sequence
        reply = self.agent.post("/agent/v1/batches", upload(kind, number, *observations))
        return reply.expect(200)["receipts"][0]

    def deliver(
        self, kind: str, *observations: Mapping[str, Any], sequence: int | None = None
    ) -> None:
        """Deliver one batch, which has to be accepted whole."""
        receipt = self.send(kind, *observations, sequence=sequence)
        assert receipt["outcome"] == "accepted", receipt
        assert receipt["accepted"] == len(observations), receipt

    def check_in(self, **body: Any) -> Any:
        return self.agent.post("/agent/v1/check-in", body).expect(200)

    def ask(self, kind: str = "location") -> Any:
        """Ask the device for the last hour of a kind."""
        body = {"kind": kind, "from": now(ago_s=3600), "to": now()}
        return self.account.api.post(f"{self.path}/pull-requests", body).expect(201)

    def observations(self, kind: str, from_: str = "2000-01-01T00:00:00Z") -> list[Any]:
        """All of a kind in the 400 days from `from_` on (2000: in the last 300 days)."""
        if from_.startswith("2000"):
            from_ = now(ago_s=300 * 86_400)
        to = datetime.fromisoformat(from_) + timedelta(days=399)
        return self.account.all(
            f"{self.path}/observations/{kind}", from_=from_, to=rfc3339(to), limit=1000
        )

    def track(self, from_: str, to: str, max_points: int = 10_000) -> Any:
        return self.account.api.get(
            f"{self.path}/track", from_=from_, to=to, max_points=max_points
        ).expect(200)

    def latest(self, kind: str) -> Any:
        """The newest observation of a kind, once there is one."""
        return until(
            lambda: self.account.api.get(self.path).expect(200)["latest"].get(kind),
            f"the latest {kind} is shown",
            also=self.account.server.log_tail,
        )


@attrs.frozen
class Quarantine:
    """What an account's quarantine shows of one device, newest first."""

    device: Device

    def items(self) -> list[Any]:
        found = self.device.account.all("/api/v1/quarantine")
        return [item for item in found if item["device_id"] == self.device.id]


def expect_receipts(reply: Reply) -> list[Any]:
    """The receipts of an upload that was read."""
    receipts: list[Any] = reply.expect(200)["receipts"]
    return receipts
