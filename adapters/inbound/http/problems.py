"""Errors as RFC 9457 problem documents: the one map from faults to answers."""

import logging
import re
from collections.abc import Sequence

import attrs
import msgspec

from application.faults import (
    Conflict,
    Invalid,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    Refused,
    StoreBroken,
    TooMany,
    Unavailable,
)
from domain.refusals import FieldError

_log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"

_STATUS: tuple[tuple[type[Exception], int, str], ...] = (
    (Invalid, 422, "The request has values that cannot be"),
    (NotAuthenticated, 401, "Not signed in, or the credential is not known"),
    (NotAllowed, 403, "Not allowed"),
    (NotFound, 404, "Not found"),
    (Conflict, 409, "Not possible as things stand"),
    (TooMany, 429, "Too many requests"),
    (Unavailable, 503, "Not available for the moment"),
    (StoreBroken, 500, "The store is damaged"),
)


class HttpRefusal(Refused):
    """A refusal that only HTTP knows: the shape or the size of a request."""

    def __init__(
        self, status: int, title: str, detail: str, errors: Sequence[FieldError] = ()
    ) -> None:
        super().__init__(detail, errors)
        self.status = status
        self.title = title


@attrs.frozen
class Problem:
    """`kind` is the last part of the problem's `type`."""

    status: int
    title: str
    detail: str
    errors: Sequence[FieldError] = ()
    retry_after_s: int | None = None

    def body(self) -> bytes:
        document = {
            "type": f"/problems/{_slug(self.title)}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "errors": [{"field": e.field, "reason": e.reason} for e in self.errors],
        }
        return msgspec.json.encode(document)


def problem_of(error: Exception) -> Problem:
    """The answer to any exception; what nobody foresaw is logged and says nothing of itself."""
    if isinstance(error, HttpRefusal):
        return Problem(error.status, error.title, error.detail, error.errors)
    for type_, status, title in _STATUS:
        if isinstance(error, type_):
            errors = error.errors if isinstance(error, Refused) else ()
            retry_after_s = getattr(error, "retry_after_s", None)
            return Problem(status, title, str(error), errors, retry_after_s)
    _log.error("unexpected error", exc_info=error)
    return Problem(500, "An error of ours", "this has been logged; please try again later")


def shape_error(error: msgspec.ValidationError) -> HttpRefusal:
    """What msgspec says about a body of the wrong shape: `reason - at `$.field``."""
    reason, _, path = str(error).partition(" - at `$")
    field = path.rstrip("`").lstrip(".")
    if "unknown field" in reason:
        name = reason.partition("`")[2].partition("`")[0]
        field, reason = f"{field}.{name}".lstrip("."), "is not known"
    elif "missing required field" in reason:
        name = reason.partition("`")[2].partition("`")[0]
        field, reason = f"{field}.{name}".lstrip("."), "is missing"
    reason = in_words(reason)
    detail = f"{field or 'the body'}: {reason}"
    return HttpRefusal(
        422, "The request has values that cannot be", detail, [FieldError(field, reason)]
    )


_BOUND = re.compile(r"Expected `(str|array|int|float)`(?: of length)? (>=|<=|>|<) (\S+)")
_LIMITS = {">=": "at least", "<=": "at most", ">": "more than", "<": "less than"}


def in_words(reason: str) -> str:
    """What msgspec says of a bound, of a value or of how long it is, as people say it."""
    bound = _BOUND.match(reason)
    if bound is None:
        return reason
    type_, limit, number = bound.groups()
    if type_ in ("int", "float"):
        return f"must be {_LIMITS[limit]} {number}"
    if (limit, number) == (">=", "1"):
        return "must not be empty"
    return f"must have {_LIMITS[limit]} {number} {'characters' if type_ == 'str' else 'entries'}"


def _slug(title: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in title.lower())
