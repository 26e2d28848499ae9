"""What people find out about a rule, as calls of use cases."""

from abc import abstractmethod

from application.actor import Actor
from application.queries.views import job_view
from features.drivers.assembly import Assembly
from features.drivers.backtests import BacktestPeople, TrialAlert, trial_alerts
from features.drivers.rule_wishes import draft_of
from features.drivers.values import Owner, RuleWish


class ApplicationBacktests(BacktestPeople):
    _assembly: Assembly

    @abstractmethod
    def _actor(self, owner: Owner) -> Actor: ...

    def try_rule(self, owner: Owner, wish: RuleWish, days: int) -> list[TrialAlert]:
        actor, services = self._actor(owner), self._assembly.services
        begun = services.backtest_rule.begin(actor, [draft_of(wish)], days)
        job = self._assembly.call(begun)
        while not job.ended:  # tickets of others may come first
            self._assembly.call(self._assembly.container.application().run_jobs())
            job = self._assembly.call(services.manage_jobs.one(actor, job.id))
        return trial_alerts(job_view(job))
