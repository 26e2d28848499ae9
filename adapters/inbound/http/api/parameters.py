"""Query parameters that several calls share."""

from datetime import datetime
from typing import Annotated, Any

from litestar.params import Parameter, QueryParameter

from application.faults import Invalid
from application.paging import MAX_LIMIT, Page
from domain.refusals import FieldError
from domain.times import from_datetime

From = Annotated[datetime, QueryParameter(name="from", description="RFC 3339; inclusive")]
To = Annotated[datetime, QueryParameter(name="to", description="RFC 3339; exclusive")]
Limit = Annotated[int, Parameter(ge=1, le=MAX_LIMIT)]
Cursor = Annotated[str | None, Parameter(max_length=128)]


def range_ms(start: datetime, end: datetime) -> tuple[int, int]:
    """Raises Invalid for a time that does not say its offset from UTC."""
    errors = [
        FieldError(name, "must say its offset from UTC, like 2026-01-31T12:00:00Z")
        for name, moment in (("from", start), ("to", end))
        if moment.tzinfo is None
    ]
    if errors:
        raise Invalid.of(errors)
    return from_datetime(start), from_datetime(end)


def listed(items: list[Any], next_cursor: str | None = None) -> dict[str, Any]:
    return {"items": items, "next_cursor": next_cursor}


def page_json(page: Page[Any], view: Any) -> dict[str, Any]:
    return listed([view(item) for item in page.items], page.next_cursor)
