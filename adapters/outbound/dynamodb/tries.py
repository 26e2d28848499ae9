"""How often something was tried that ended its worker each time: counted outside of any worker."""

import time

from adapters.outbound.dynamodb.client import DynamoClient
from adapters.outbound.dynamodb.items import key, number

_KEPT_S = 24 * 3600
_ONLY = "tries"
_COUNT = "ADD tries :one SET expires_at = :later"


class DynamoTries:
    def __init__(self, client: DynamoClient) -> None:
        self._client = client

    async def __call__(self, name: str) -> int:
        """Counts one more; how many there are now. A day later they are forgotten.

        Raises Unavailable.
        """
        request = {
            "Key": key(f"t#{name}", _ONLY),
            "UpdateExpression": _COUNT,
            "ExpressionAttributeValues": {
                ":one": number(1),
                ":later": number(int(time.time()) + _KEPT_S),
            },
            "ReturnValues": "UPDATED_NEW",
        }
        found = await self._client.update("tries", request)
        return int(found["tries"]["N"])
