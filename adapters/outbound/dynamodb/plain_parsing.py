"""Answers with items, read without asking the service's model for each value.

The driver looks up the shape of every attribute of every item, which is half of what a query costs
here. Items say their types themselves; only binaries have to be decoded.
"""

import json
from base64 import b64decode
from typing import Any

from aiobotocore.parsers import AioJSONParser, AioResponseParserFactory
from botocore.exceptions import HTTPClientError

_PLAIN = frozenset({"QueryOutput", "GetItemOutput"})


class ItemParserFactory(AioResponseParserFactory):  # type: ignore[misc]
    """A component of a driver's session. Who gives the session its credentials may be asked over
    another protocol.
    """

    def create_parser(self, protocol_name: str) -> Any:
        if protocol_name != "json":
            return super().create_parser(protocol_name)
        return _ItemParser(**self._defaults)


class _ItemParser(AioJSONParser):  # type: ignore[misc]
    async def _do_parse(self, response: Any, shape: Any) -> Any:
        """Failures and all other answers are the driver's to read."""
        if shape is None or shape.name not in _PLAIN:
            return await super()._do_parse(response, shape)
        try:
            parsed = json.loads(response["body"], object_hook=_decoded)
        except ValueError as error:
            # Of somebody between us and the table, or cut off: as if nothing had been answered.
            raise HTTPClientError(error=f"an answer cannot be read: {error}") from error
        self._inject_response_metadata(parsed, response["headers"])
        return parsed


def _decoded(value: dict[str, Any]) -> dict[str, Any]:
    """An item's binary has its bytes; an attribute that is called B has no text but a value."""
    binary = value.get("B")
    if isinstance(binary, str):
        value["B"] = b64decode(binary)
    return value
