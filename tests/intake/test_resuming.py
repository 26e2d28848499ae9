"""An agent that resumes asks what has been kept."""

from pathlib import Path
from zoneinfo import ZoneInfo

import attrs
import pytest

from adapters.inbound.cli.serving import opened
from application.device_directory import DeviceAccess
from application.faults import Invalid
from application.use_cases.accept_batches import AcceptBatches, Delivery
from bootstrap import embedded
from domain.consent import Consent, ConsentGate
from domain.device import Agent
from domain.kinds import Kind
from tests.support.blocks import block
from tests.support.client import fix

EVERYTHING = Consent("c", "account", "person", tuple(Kind), 0)
GATE = ConsentGate((EVERYTHING,), ZoneInfo("UTC"))
ACCESS = DeviceAccess("account", "device", "person", Agent.FIELDPOST, GATE, 1)


@pytest.mark.anyio
async def test_what_was_kept_is_known_by_kind_and_sequence(tmp_path: Path) -> None:
    container = embedded(tmp_path)
    async with opened(container, alone=True):
        accept: AcceptBatches = container.application().accept_batches
        good = block("location", fix(1, 2))
        deliveries = [Delivery.of_block(n, one) for n, one in enumerate([good, b"bad", good])]
        await accept(ACCESS, deliveries)
        asked = [("call", 0), ("location", 2), ("dream", 0), ("location", 1), ("location", 0)]
        assert await accept.known(ACCESS, asked) == [False, True, False, False, True]
        assert await accept.known(ACCESS, [("dream", 1)]) == [False]
        again = attrs.evolve(ACCESS, enrolment=2)
        assert await accept.known(again, asked) == [False] * 5, "an agent set up anew"
        assert await accept.known(attrs.evolve(ACCESS, device_id="other"), asked) == [False] * 5
        with pytest.raises(Invalid):
            await accept.known(ACCESS, [("location", n) for n in range(4_097)])
