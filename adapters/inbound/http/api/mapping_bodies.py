"""The bodies that the calls about mappings take, with their bounds."""

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from adapters.inbound.http.api.requests import Body, Id, Name
from application.faults import Invalid
from application.queries.try_mapping import MAX_LATEST, Sample
from application.use_cases.manage_mappings import MAX_SOURCE
from domain.mapping import MAX_DEFINITION_BYTES
from domain.refusals import FieldError

Source = Annotated[str, Meta(min_length=1, max_length=MAX_SOURCE)]
DefinitionText = Annotated[str, Meta(min_length=1, max_length=MAX_DEFINITION_BYTES)]
Definition = dict[str, Any] | DefinitionText
"""An object, or the text that somebody has written: then errors name its lines."""


class MappingBody(Body):
    name: Name
    source: Source
    definition: Definition
    enabled: bool = True


class MappingChange(Body):
    """What is left out stays as it is. `version` is the one that was seen: if it is another by
    now, nothing is changed.
    """

    name: Name | None = None
    source: Source | None = None
    definition: Definition | None = None
    enabled: bool | None = None
    version: Annotated[int, Meta(ge=1, le=2**31)] | None = None


class SampleBody(Body):
    """A `document` (any JSON), the id of a `quarantined` one, or the `latest` of a `device`."""

    document: Any | UnsetType = UNSET
    quarantined: Id | None = None
    device: Id | None = None
    latest: Annotated[int, Meta(ge=1, le=MAX_LATEST)] = 5

    def sample(self, source: str | None) -> Sample:
        """Raises Invalid unless there is exactly one."""
        given = (self.document is not UNSET, self.quarantined is not None, self.device is not None)
        if sum(given) != 1:
            reason = "give one of document, quarantined and device"
            raise Invalid.of([FieldError("sample", reason)])
        body = None
        if self.document is not UNSET:
            body = msgspec.json.encode(self.document).decode()
        return Sample(body, self.quarantined, self.device, self.latest, source)


class MappingTry(Body):
    definition: Definition
    sample: SampleBody
    source: Source | None = None


class ReplayBody(Body):
    """Only what came of this source; everything where none is named."""

    source: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
