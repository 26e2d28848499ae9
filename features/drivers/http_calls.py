"""HTTP as agents and people speak it, with refusals as scenarios know them."""

from collections.abc import Mapping
from typing import Any

import httpx

from features.drivers.values import Denial, Denied

_TIMEOUT_S = 40.0
_DENIALS = {
    401: Denial.NOT_KNOWN,
    403: Denial.NOT_POSSIBLE,
    404: Denial.NOT_FOUND,
    409: Denial.NOT_POSSIBLE,
    422: Denial.A_MISTAKE,
}


class HttpCalls:
    """Calls of one server; may be used by several threads."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._client = self._connected()

    def json(
        self,
        method: str,
        path: str,
        secret: str | None = None,
        *,
        body: Any = None,
        query: Mapping[str, Any] | None = None,
    ) -> Any:
        """The JSON of the answer. Raises Denied."""
        headers = {} if secret is None else {"Authorization": f"Bearer {secret}"}
        answer = self._client.request(method, path, headers=headers, json=body, params=query)
        return _content(answer)

    def post(self, address: str, words: bytes, user: tuple[str, str]) -> None:
        """Raises Denied."""
        _content(self._client.post(address, content=words, auth=user))

    def text(self, path: str) -> str:
        return self._client.get(path).raise_for_status().text

    def reconnect(self) -> None:
        self.close()
        self._client = self._connected()

    def close(self) -> None:
        self._client.close()

    def _connected(self) -> httpx.Client:
        return httpx.Client(base_url=self._address, timeout=_TIMEOUT_S, trust_env=False)


def _content(answer: httpx.Response) -> Any:
    denial = _DENIALS.get(answer.status_code)
    if denial is not None:
        errors = answer.json().get("errors", [])
        reasons = {error["field"]: error["reason"] for error in errors}
        raise Denied(denial, answer.text, reasons)
    answer.raise_for_status()
    return answer.json() if answer.content else None
