"""What people find out about a rule, as calls of the dashboard API."""

from features.drivers.backtests import BacktestPeople, TrialAlert, trial_alerts
from features.drivers.http_calls import HttpCalls
from features.drivers.rule_wishes import body_of
from features.drivers.values import Owner, RuleWish

_PATIENCE_S = 20


class HttpBacktests(BacktestPeople):
    _calls: HttpCalls

    def try_rule(self, owner: Owner, wish: RuleWish, days: int) -> list[TrialAlert]:
        body = {"rule": body_of(wish), "days": days, "wait_s": _PATIENCE_S}
        return trial_alerts(
            self._calls.json("POST", "/api/v1/rules/backtest", owner.secret, body=body)
        )
