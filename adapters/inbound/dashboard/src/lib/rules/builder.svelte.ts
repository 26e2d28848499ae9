/** A rule while it is put together; what is not complete yet is allowed to be. */
import { ApiError } from '../api/http';
import type { Condition, RuleDraft, Severity, Weekday } from '../api/types';
import {
  CONDITIONS,
  conditionKey,
  placeOf,
  shownNumber,
  storedNumber,
  type ConditionKey,
} from './condition';

export class RuleBuilder {
  name = $state('');
  /** "" is everybody; otherwise "people:ID" or "devices:ID". */
  who = $state('');
  /** More than one can be chosen by the API; here they are kept as they are. */
  #otherScope: RuleDraft['scope'] | null = null;
  key = $state<ConditionKey>('leaves');
  placeId = $state('');
  number = $state(15);
  holdMin = $state(0);
  scheduled = $state(false);
  days = $state<Weekday[]>(['mon', 'tue', 'wed', 'thu', 'fri']);
  from = $state('08:00');
  to = $state('15:00');
  cooldownMin = $state(60);
  severity = $state<Severity>('warning');
  channels = $state<string[]>(['dashboard']);
  problem = $state.raw<unknown>(null);

  constructor(rule: RuleDraft | null, firstPlaceId: string) {
    this.placeId = firstPlaceId;
    if (!firstPlaceId) this.choose('battery_below');
    if (!rule) return;
    this.name = rule.name;
    this.#readScope(rule);
    this.key = conditionKey(rule.when) ?? 'leaves';
    this.placeId = placeOf(rule.when) ?? firstPlaceId;
    const stored = rule.when[this.key];
    if (typeof stored === 'number') this.number = shownNumber(this.key, stored);
    this.holdMin = (rule.hold_s ?? 0) / 60;
    this.cooldownMin = (rule.cooldown_s ?? 0) / 60;
    this.severity = rule.severity;
    this.channels = rule.channels;
    if (!rule.schedule) return;
    this.scheduled = true;
    this.days = rule.schedule.days;
    this.from = rule.schedule.from.slice(0, 5);
    this.to = rule.schedule.to.slice(0, 5);
  }

  choose(key: ConditionKey): void {
    this.key = key;
    this.number = CONDITIONS[key].usual ?? this.number;
  }

  get severalChosen(): boolean {
    return this.who === 'several';
  }

  draft = $derived.by((): RuleDraft => {
    const when: Condition =
      CONDITIONS[this.key].needs === 'place'
        ? { [this.key]: this.placeId }
        : { [this.key]: storedNumber(this.key, this.number || 0) };
    return {
      name: this.name.trim(),
      scope: this.#scope(),
      when,
      hold_s: this.holdMin > 0 ? Math.round(this.holdMin * 60) : null,
      schedule: this.scheduled ? { days: this.days, from: this.from, to: this.to } : null,
      cooldown_s: this.cooldownMin > 0 ? Math.round(this.cooldownMin * 60) : null,
      severity: this.severity,
      channels: this.channels,
    };
  });

  errorOf(field: string): string | undefined {
    return this.problem instanceof ApiError ? this.problem.of(field) : undefined;
  }

  #scope(): RuleDraft['scope'] {
    if (this.who === 'several' && this.#otherScope) return this.#otherScope;
    const [list, id] = this.who.split(':');
    return {
      people: list === 'people' && id ? [id] : [],
      devices: list === 'devices' && id ? [id] : [],
    };
  }

  #readScope({ scope }: RuleDraft): void {
    const { people, devices } = scope;
    if (people.length + devices.length > 1) {
      this.#otherScope = scope;
      this.who = 'several';
    } else if (people[0]) this.who = `people:${people[0]}`;
    else if (devices[0]) this.who = `devices:${devices[0]}`;
  }
}
