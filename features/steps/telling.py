"""What devices tell of use, of words and of themselves, as tables of a kind each."""

from collections.abc import Callable

from pytest_bdd import parsers, when

from features.drivers.values import Observation
from features.steps.delivering import deliver
from features.steps.wording import duration, rows
from features.steps.world import World, observed

Row = dict[str, str]

_APPS = {
    "a game": "com.supercell.clashofclans",
    "a video": "com.netflix.mediaclient",
    "a dictionary": "org.example.dictionary",
    "the camera": "com.example.camera",
}
_PRESENCE = {"in use": "active", "left alone": "away", "locked": "locked"}
_GB = 10**9


def _lasting(row: Row) -> float | None:
    return duration(row["for"]).total_seconds() if row.get("for") else None


def _app(row: Row) -> dict[str, object]:
    return {"app": _APPS[row["app"]], "duration_s": _lasting(row)}


def _page(row: Row) -> dict[str, object]:
    url = f"https://{row['page']}"
    return {"url": url, "title": row.get("title"), "duration_s": _lasting(row)}


def _counterpart(row: Row) -> dict[str, object]:
    if row.get("from"):
        return {"direction": "received", "counterpart": row["from"]}
    return {"direction": "sent", "counterpart": row["to"]}


def _message(row: Row) -> dict[str, object]:
    return {**_counterpart(row), "channel": "sms", "text": row.get("says")}


def _call(row: Row) -> dict[str, object]:
    return {**_counterpart(row), "outcome": "answered"}


def _traffic(row: Row) -> dict[str, object]:
    amount = int(row["GB"]) * _GB
    return {"interface": row["over"], "sent_bytes": 0, "received_bytes": amount}


def _presence(row: Row) -> dict[str, object]:
    return {"status": _PRESENCE[row["it is"]]}


def _battery(row: Row) -> dict[str, object]:
    level = int(row["level"].split(" ")[0]) / 100
    return {"battery": level, "charging": row["charger"] == "plugged in"}


_TOLD: dict[str, tuple[str, Callable[[Row], dict[str, object]]]] = {
    "apps": ("app_use", _app),
    "pages": ("web_visit", _page),
    "messages": ("message", _message),
    "calls": ("call", _call),
    "traffic": ("traffic", _traffic),
    "presence": ("presence", _presence),
    "battery and charger": ("device_state", _battery),
}


@when(parsers.re(rf"(?P<device>\w+'s phone) tells of its (?P<what>{'|'.join(_TOLD)}):"))
def tells(world: World, device: str, what: str, datatable: list[list[str]]) -> None:
    phone = world.device(device)
    kind, fields = _TOLD[what]
    told: list[Observation] = [
        observed(world.moment(row["when"], phone.person), **fields(row)) for row in rows(datatable)
    ]
    deliver(world, phone, kind, told)
    receipt = world.last_receipt()
    assert (receipt.outcome, receipt.accepted) == ("accepted", len(told)), receipt
