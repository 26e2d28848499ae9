"""What people do about documents, as calls of the dashboard API."""

from typing import Any

from features.drivers.http_calls import HttpCalls
from features.drivers.mappings import Definition, MappingPeople, Trial, trial_of
from features.drivers.patience import eventually
from features.drivers.values import Owner

_PATIENCE_S = 60.0


class HttpMappings(MappingPeople):
    _calls: HttpCalls

    def add_mapping(self, owner: Owner, source: str, definition: Definition) -> str:
        body = {"name": f"The {source}", "source": source, "definition": definition}
        made: str = self._calls.json("POST", "/api/v1/mappings", owner.secret, body=body)["id"]
        return made

    def mend_mapping(self, owner: Owner, mapping_id: str, definition: Definition) -> None:
        path = f"/api/v1/mappings/{mapping_id}"
        self._calls.json("PATCH", path, owner.secret, body={"definition": definition})

    def try_mapping(self, owner: Owner, definition: Definition, document: Any) -> Trial:
        body = {"definition": definition, "sample": {"document": document}}
        answer = self._calls.json("POST", "/api/v1/mappings/try", owner.secret, body=body)
        (view,) = answer["documents"]
        return trial_of(view)

    def process_again(self, owner: Owner, source: str | None = None) -> None:
        body = {} if source is None else {"source": source}
        job = self._calls.json("POST", "/api/v1/quarantine/replay", owner.secret, body=body)["id"]
        eventually(
            lambda: self._calls.json("GET", f"/api/v1/jobs/{job}", owner.secret)["state"],
            lambda state: state == "done",
            within_s=_PATIENCE_S,
        )
