"""What DynamoDB and its driver say when something fails, as what it means here."""

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError

from application.faults import StoreBroken, StoreClosed

_TRANSIENT = frozenset(
    {
        "InternalFailure",
        "InternalServerError",
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "ThrottlingException",
        "Throttling",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)
_TRANSIENT_IN_TRANSACTION = frozenset(
    {"ProvisionedThroughputExceeded", "ThrottlingError", "TransactionConflict"}
)
_CLOSED = frozenset(
    {
        "AccessDeniedException",
        "ExpiredTokenException",
        "IncompleteSignatureException",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
        "ResourceNotFoundException",
        "UnrecognizedClientException",
    }
)
"""We are not let in, or there is no such table."""

_CONDITION = "ConditionalCheckFailedException"
_CANCELED = "TransactionCanceledException"

DriverError = (BotoCoreError, ClientError)
"""All that the driver raises by itself."""


class ConditionFailed(Exception):
    """The condition of a write does not hold. `item` is what is there, where it was asked for."""

    def __init__(self, item: dict[str, Any]) -> None:
        super().__init__("the condition of the write does not hold")
        self.item = item


def translated(error: Exception) -> Exception | None:
    """What to raise; None when the same call may succeed in a moment."""
    if isinstance(error, ClientError):
        return _answered(error)
    if isinstance(error, HTTPClientError | ConnectionError):
        return None
    return StoreClosed(f"DynamoDB cannot be asked: {error}")


def _answered(error: ClientError) -> Exception | None:
    response: dict[str, Any] = error.response
    said = response.get("Error", {})
    code = said.get("Code", "")
    if code == _CONDITION:
        return ConditionFailed(response.get("Item", {}))
    if code == _CANCELED:
        return _canceled(response)
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in _TRANSIENT or status >= 500:
        return None
    kind = StoreClosed if code in _CLOSED else StoreBroken
    return kind(f"DynamoDB answers {code}: {said.get('Message', '')}")


def _canceled(response: dict[str, Any]) -> Exception | None:
    reasons = response.get("CancellationReasons", [])
    codes = {reason.get("Code", "None") for reason in reasons} - {"None"}
    if "ConditionalCheckFailed" in codes:
        return ConditionFailed({})
    if codes and codes <= _TRANSIENT_IN_TRANSACTION:
        return None
    return StoreBroken(f"DynamoDB cancels a transaction: {', '.join(sorted(codes))}")
