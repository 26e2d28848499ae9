"""What people do about documents, as calls of use cases."""

import json
from abc import abstractmethod
from typing import Any

from application.actor import Actor
from application.queries.mapping_views import tried_view
from application.queries.try_mapping import Sample
from application.use_cases.manage_mappings import MappingChanges
from domain.job import JobKind
from features.drivers.assembly import Assembly
from features.drivers.mappings import Definition, MappingPeople, Trial, trial_of
from features.drivers.values import Owner


class ApplicationMappings(MappingPeople):
    _assembly: Assembly

    @abstractmethod
    def _actor(self, owner: Owner) -> Actor: ...

    def add_mapping(self, owner: Owner, source: str, definition: Definition) -> str:
        manage = self._assembly.services.manage_mappings
        adding = manage.add(self._actor(owner), f"The {source}", source, definition)
        return self._assembly.call(adding).id

    def mend_mapping(self, owner: Owner, mapping_id: str, definition: Definition) -> None:
        manage = self._assembly.services.manage_mappings
        changes = MappingChanges(definition=definition)
        self._assembly.call(manage.change(self._actor(owner), mapping_id, changes))

    def try_mapping(self, owner: Owner, definition: Definition, document: Any) -> Trial:
        sample = Sample(body=json.dumps(document))
        trying = self._assembly.services.try_mapping(self._actor(owner), definition, sample)
        (tried,) = self._assembly.call(trying)
        return trial_of(tried_view(tried))

    def process_again(self, owner: Owner, source: str | None = None) -> None:
        params = {} if source is None else {"source": source}
        actor, jobs = self._actor(owner), self._assembly.services.manage_jobs
        job = self._assembly.call(jobs.begin(actor, JobKind.REPLAY_QUARANTINE, params))
        while not job.ended:  # tickets of others may come first
            self._assembly.call(self._assembly.container.application().run_jobs())
            job = self._assembly.call(jobs.one(actor, job.id))
