"""The kinds of failure that an adapter may raise, and the refusals of the application."""

from collections.abc import Sequence

from domain.refusals import FieldError


class Unavailable(Exception):
    """Transient: the same call may succeed after `retry_after_s`. Nothing was stored, unless only
    the answer was lost on its way: what is sent again has to be recognised.
    """

    def __init__(self, what: str, retry_after_s: int = 5) -> None:
        super().__init__(what)
        self.retry_after_s = retry_after_s


class StoreBroken(Exception):
    """Permanent: the store answers, but not as it must; a person has to look."""


class StoreClosed(StoreBroken):
    """It lets nobody in: credentials, rights, or what it is made of are wrong. So it says nothing
    of what it was asked for, which may be asked for again once somebody has looked.
    """


class Refused(Exception):
    """A request that cannot be granted. Subclasses say why; inbound adapters map them."""

    def __init__(self, detail: str, errors: Sequence[FieldError] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = tuple(errors)


class Invalid(Refused):
    """A value is out of bounds; `errors` name the fields."""

    @classmethod
    def of(cls, errors: Sequence[FieldError]) -> "Invalid":
        return cls("; ".join(f"{error.field}: {error.reason}" for error in errors), errors)


class NotFound(Refused):
    """There is no such thing in this account."""


class NotAllowed(Refused):
    """Known, but without the right to do this."""


class NotAuthenticated(Refused):
    """Unknown, revoked or expired."""


class Conflict(Refused):
    """The state of things forbids it."""


class TooMany(Refused):
    """Too often or too much; try again after `retry_after_s`."""

    def __init__(self, detail: str, retry_after_s: int) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s
