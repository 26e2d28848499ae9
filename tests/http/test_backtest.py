"""What a rule would have done: the same as it does, on the same data."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.account import Role
from tests.support.client import Account, Device, rfc3339
from tests.support.server import Server
from tests.support.waiting import until

LAT, LON = 46.05, 14.5
DAYS = 3
WAIT_S = 20


def rules(place: str) -> list[dict[str, Any]]:
    """One of each that a family might have."""
    conditions: list[dict[str, Any]] = [
        {"enters": place},
        {"leaves": place},
        {"outside": place},
        {"dwells": {"place": place, "for_s": 1_200}},
        {"speed_over_mps": 20},
        {"battery_below": 0.2},
        {"uses": {"app": "chess"}},
        {"used_over": {"app": "chess", "per_day_s": 3_600, "warn_at_s": [600]}},
        {"keyword": {"words": ["secret"]}},
        {"communicates": {"with": "stranger", "direction": "received"}},
        {"traffic_over": {"bytes": 10_000_000, "per": "day"}},
        {"expression": "location.accuracy_m > 90.0 && time.hour >= 12"},
        {"all": [{"outside": place}, {"battery_below": 0.3}]},
        {"all": [{"uses": {"app": "chess"}}, {"not": {"inside": place}}]},
    ]
    return [
        {"name": f"rule {number}", "when": when, "severity": "warning"}
        for number, when in enumerate(conditions)
    ]


def deliveries(chance: random.Random) -> Iterator[list[dict[str, Any]]]:
    """Batches of three days, an hour each, as an agent that is always online sends them."""
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(days=DAYS) + timedelta(hours=1)
    battery, east = 1.0, 0.0
    for hour in range(24 * DAYS - 4):
        if hour % 24 in range(2, 6):
            continue  # the phone is off at night
        begins = start + timedelta(hours=hour)

        def at(minute: int, begins: datetime = begins) -> str:
            return rfc3339(begins + timedelta(minutes=minute))

        fixes, states = [], []
        for minute in range(0, 60, 5):
            east = max(-0.02, min(0.02, east + chance.uniform(-0.004, 0.004)))
            fixes.append(
                {
                    "time": at(minute),
                    "lat": LAT,
                    "lon": LON + east,
                    "accuracy_m": chance.choice([5, 20, 100]),
                    "speed_mps": chance.uniform(0, 22),
                }
            )
        for minute in (1, 31):
            battery = 1.0 if battery < 0.08 else battery - chance.uniform(0.0, 0.12)
            states.append({"time": at(minute), "battery": max(0.0, battery)})
        uses = [
            {"time": at(minute), "app": chance.choice(["chess", "mail"]), "duration_s": 540}
            for minute in range(0, 60, 10)
        ]
        message = {
            "time": at(17),
            "direction": chance.choice(["sent", "received"]),
            "channel": "sms",
            "counterpart": chance.choice(["Eva", "+386 1 999"]),
            "text": chance.choice(["hello", "a Secret!"]),
        }
        traffic = {
            "time": at(59),
            "interface": "mobile",
            "sent_bytes": 1_000,
            "received_bytes": chance.randrange(2_000_000),
        }
        yield [
            {"kind": kind, "sequence": hour + 1, "observations": observations}
            for kind, observations in (
                ("location", fixes),
                ("device_state", states),
                ("app_use", uses),
                ("message", [message]),
                ("traffic", [traffic]),
            )
        ]


def deliver(device: Device) -> None:
    for batches in deliveries(random.Random(5)):
        receipts = device.agent.post("/agent/v1/batches", {"batches": batches}).expect(200)
        assert {one["outcome"] for one in receipts["receipts"]} == {"accepted"}


def backtest(account: Account, rule: dict[str, Any], **more: Any) -> Any:
    body = {"rule": rule, "days": DAYS, "wait_s": WAIT_S, **more}
    return account.api.post("/api/v1/rules/backtest", body).expect(200)


def test_it_raises_what_was_raised(account: Account) -> None:
    place = account.place(LAT, LON, radius_m=500)
    account.api.post("/api/v1/contacts", {"name": "Eva"}).expect(201)
    wanted = rules(place)
    ids = {account.api.post("/api/v1/rules", one).expect(201)["id"]: one for one in wanted}
    device = account.enrolled()
    deliver(device)
    until(
        lambda: account.server.http().get("/health/ready").expect(200)["queue_depth"] == 0, "rest"
    )
    raised: dict[str, list[Any]] = {rule_id: [] for rule_id in ids}
    for alert in account.alerts():
        raised[alert["rule_id"]].append(alert)
    for rule_id, rule in ids.items():
        job = backtest(account, rule)
        assert (job["state"], job["progress"]) == ("done", 1.0)
        result = job["result"]
        assert (result["devices"], result["truncated"]) == (1, False)
        assert result["total"] == len(result["alerts"])
        assert seen(result["alerts"]) == seen(raised[rule_id]), rule["when"]
    silent = [rule["when"] for rule_id, rule in ids.items() if not raised[rule_id]]
    assert not silent, "each of them had something to say"


def _depth(account: Account) -> int:
    depth: int = account.server.http().get("/health/ready").expect(200)["queue_depth"]
    return depth


def seen(alerts: list[Any]) -> list[tuple[str, str | None, str, Any]]:
    return sorted(
        (one["occurred_at"], one["cleared_at"], one["text"], one["reasons"]) for one in alerts
    )


def test_it_notices_the_silences_of_then(account: Account) -> None:
    deliver(account.enrolled())
    result = backtest(account, {"name": "x", "when": {"silent_for_s": 7_200}})["result"]
    nights = [alert for alert in result["alerts"] if alert["cleared_at"] is not None]
    assert len(nights) == DAYS
    for night in nights:
        silent = datetime.fromisoformat(night["cleared_at"]) - datetime.fromisoformat(
            night["occurred_at"]
        )
        assert silent == timedelta(hours=4, minutes=1) - timedelta(hours=2)


def test_what_could_not_be_a_rule_cannot_be_tried(account: Account) -> None:
    body = {"rule": {"name": "x", "when": {"inside": "nowhere"}}, "days": 7}
    problem = account.api.post("/api/v1/rules/backtest", body).expect(422)
    assert problem["errors"] == [{"field": "when", "reason": "there is no place nowhere"}]
    body = {"rule": {"name": "x", "when": {"charging": True}}, "days": 91}
    assert account.api.post("/api/v1/rules/backtest", body).status == 422


def test_it_can_be_followed_and_called_off(account: Account) -> None:
    rule = {"name": "x", "when": {"charging": True}}
    body = {"rule": rule, "days": 90}
    job = account.api.post("/api/v1/rules/backtest", body).expect(202)
    account.api.post(f"/api/v1/jobs/{job['id']}/cancel").expect(200)
    ended = account.api.get(f"/api/v1/jobs/{job['id']}").expect(200)
    assert ended["state"] in ("cancelled", "done")


def test_it_sees_only_its_own_account(server: Server, account: Account) -> None:
    other = Account(server)
    deliver(other.enrolled())
    result = backtest(account, {"name": "x", "when": {"speed_over_mps": 1}})["result"]
    assert (result["total"], result["devices"]) == (0, 0)
    job = account.api.post("/api/v1/rules/backtest", {"rule": {"name": "x", "when": {}}})
    assert job.status == 422


def test_who_may_only_look_may_not(account: Account) -> None:
    body = {"rule": {"name": "x", "when": {"charging": True}}}
    assert account.user(Role.VIEWER).post("/api/v1/rules/backtest", body).status == 403
