"""What an expression may speak of: the fields of a kind, and the hour.

A variable is `<kind>.<field>`, such as `location.speed_mps`; `time.hour` (0 to 23), `time.minute`
and `time.weekday` (mon to sun) are those of the person's clock. A page has a `site` and a
`category` beside its fields, an app a `category`.
"""

from typing import Any

from domain.fields import FieldType, specs_of
from domain.kinds import Kind
from domain.observations import OBSERVATION_CLASSES, AppUse, WebVisit
from domain.rules.binding import Surroundings
from domain.schedule import WEEKDAYS
from domain.times import local

EXPRESSION_KINDS = tuple(
    kind for kind in Kind if kind not in (Kind.PLACE_TRANSITION, Kind.DOCUMENT)
)
_KINDS = {OBSERVATION_CLASSES[kind]: kind for kind in EXPRESSION_KINDS}
_FIELDS = {
    cls: tuple((spec.name, f"{kind}.{spec.name}") for spec in specs_of(cls))
    for cls, kind in _KINDS.items()
}


def expression_variables() -> dict[str, FieldType]:
    """Every variable with its type."""
    found = {
        f"{kind}.{spec.name}": spec.type
        for kind in EXPRESSION_KINDS
        for spec in specs_of(OBSERVATION_CLASSES[kind])
    }
    return {
        **found,
        "web_visit.site": FieldType.TEXT,
        "web_visit.category": FieldType.TEXT,
        "app_use.category": FieldType.TEXT,
        "time.hour": FieldType.INTEGER,
        "time.minute": FieldType.INTEGER,
        "time.weekday": FieldType.TEXT,
    }


def expression_values(seen: Any, around: Surroundings) -> dict[str, object]:
    """The variables of one observation; what it does not say is left out."""
    moment = local(seen.time_ms, around.zone)
    values: dict[str, object] = {
        "time.hour": moment.hour,
        "time.minute": moment.minute,
        "time.weekday": WEEKDAYS[moment.weekday()],
    }
    for name, variable in _FIELDS[type(seen)]:
        value = getattr(seen, name)
        if value is not None:
            values[variable] = value
    values.update(_derived(seen, around))
    return values


def _derived(seen: Any, around: Surroundings) -> dict[str, object]:
    if isinstance(seen, AppUse):
        return {"app_use.category": around.category_of_app(seen.app) or ""}
    if isinstance(seen, WebVisit):
        site = around.site_of(seen.url) or ""
        category = around.category_of_site(site) if site else None
        return {"web_visit.site": site, "web_visit.category": category or ""}
    return {}
