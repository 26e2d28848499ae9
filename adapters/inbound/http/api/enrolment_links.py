"""What a person needs to connect an agent: an address, a secret, and both as a QR code."""

import base64
from typing import Any
from urllib.parse import urlencode

import msgspec
import segno

from application.use_cases.enrol_device import IssuedCode, IssuedToken
from domain.device import Agent
from domain.times import to_rfc3339


def code_json(issued: IssuedCode, public_url: str) -> dict[str, Any]:
    url = "fieldpost://enrol?" + urlencode({"server": public_url, "code": issued.code})
    return {
        "code": issued.code,
        "expires_at": to_rfc3339(issued.expires_at_ms),
        "server": public_url,
        "url": url,
        "qr_svg": _qr(url),
    }


def token_json(issued: IssuedToken, public_url: str) -> dict[str, Any]:
    """`url` goes into the app's settings; the QR code holds what the app can scan."""
    agent = issued.credential.agent
    url = _address(agent, public_url, issued.token)
    username = issued.credential.device_id if agent is Agent.OWNTRACKS else None
    return {
        "id": issued.credential.id,
        "agent": agent.value,
        "token": issued.token,
        "url": url,
        "username": username,
        "qr_svg": _qr(_owntracks_link(issued, url) if agent is Agent.OWNTRACKS else url),
        "created_at": to_rfc3339(issued.credential.created_at_ms),
    }


def _address(agent: Agent, public_url: str, token: str) -> str:
    if agent is Agent.OWNTRACKS:
        return f"{public_url}/agent/owntracks"
    if agent is Agent.ACTIVITYWATCH:
        return f"{public_url}/agent/activitywatch/{token}/api/0/"
    return f"{public_url}/agent/{agent.value}/{token}"


def _owntracks_link(issued: IssuedToken, url: str) -> str:
    """The app imports its settings from such a link (OwnTracks booklet, remote configuration)."""
    settings = {
        "_type": "configuration",
        "mode": 3,
        "url": url,
        "auth": True,
        "username": issued.credential.device_id,
        "password": issued.token,
    }
    packed = base64.b64encode(msgspec.json.encode(settings)).decode()
    return "owntracks:///config?" + urlencode({"inline": packed})


def _qr(text: str) -> str:
    return segno.make(text, error="m").svg_inline(scale=4, border=4, dark="#000", light="#fff")
