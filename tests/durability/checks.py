"""What was acknowledged, against what is there."""

from tests.durability.fleet import Sent
from tests.support.client import Account, Device


def check_device(device: Device, sent: Sent) -> None:
    """Everything that was acknowledged is there, once, and nothing else."""
    for kind, times in sent.times.items():
        found = [_full(one["time"]) for one in device.observations(kind)]
        assert len(found) == len(set(found)), f"{kind} of {device.id}: something is there twice"
        missing = set(times) - set(found)
        assert not missing, f"{kind} of {device.id}: {len(missing)} lost, like {min(missing)}"
        assert found == times, f"{kind} of {device.id}: there is what nobody sent"


def check_alerts(account: Account, sent: dict[str, Sent]) -> None:
    """Each departure was raised, once."""
    expected = sorted((id_, moment) for id_, one in sent.items() for moment in one.departures)
    found = sorted((one["device_id"], _full(one["occurred_at"])) for one in account.alerts())
    assert len(found) == len(set(found)), "an alert is there twice"
    assert found == expected


def _full(time: str) -> str:
    """With milliseconds, which are left out where they are zero."""
    return time if "." in time else time.replace("Z", ".000Z")
