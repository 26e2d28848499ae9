"""The walk in the README, run as it stands there."""

import json
import os
import subprocess
from pathlib import Path

from tests.support.client import Account
from tests.support.server import Server

README = Path(__file__).parents[2] / "README.md"


def test_the_walk_in_the_readme_ends_with_an_alert(server: Server, account: Account) -> None:
    text = README.read_text()
    walk = text.partition("<!-- walk: begins.")[2].partition("<!-- walk: ends. -->")[0]
    script = walk.partition("```sh\n")[2].partition("```")[0]
    run = subprocess.run(
        ["sh", "-eu", "-c", script],
        env={**os.environ, "API": server.url, "API_TOKEN": account.api_token},
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    alerts = json.loads(run.stdout.splitlines()[-1])["items"]
    assert [alert["text"] for alert in alerts] == ["Ana (Ana's phone) left School"]
    assert '"outcome":"accepted"' in run.stdout
