/** A rule while it is put together; what is not complete yet is allowed to be. */
import type { Condition, RuleDraft, RuleSchedule, Severity } from '../api/rules';
import type { Weekday } from '../api/types';
import { isComplete, newLine, type Line } from './line';
import { scopeOf, whoOf, type Scope } from './scope';
import { canHold, linesOf, whenOf, type Joined } from './when';

export const MOST_LINES = 10;

export class RuleBuilder {
  name = $state('');
  who = $state('');
  joined = $state<Joined>('all');
  lines = $state<Line[]>([]);
  /** The conditions as JSON, where the list of lines does not do. */
  json = $state<string | null>(null);
  holdS = $state(0);
  clearS = $state(0);
  alsoNow = $state(false);
  scheduled = $state(false);
  days = $state<Weekday[]>(['mon', 'tue', 'wed', 'thu', 'fri']);
  from = $state('08:00');
  to = $state('15:00');
  except = $state('');
  cooldownS = $state(3_600);
  severity = $state<Severity>('warning');
  channels = $state<string[]>(['dashboard']);
  /** More than one can be chosen by the API; here they are kept as they are. */
  readonly several: Scope | null = null;

  constructor(rule: RuleDraft | null, firstPlaceId: string) {
    if (!rule) {
      this.lines = [newLine(firstPlaceId ? 'leaves' : 'battery_below', firstPlaceId)];
      return;
    }
    this.name = rule.name;
    this.who = whoOf(rule.scope);
    if (this.who === 'several') this.several = rule.scope;
    this.#readWhen(rule.when);
    this.holdS = rule.hold_s ?? 0;
    this.clearS = rule.clear_s ?? 0;
    this.alsoNow = rule.also_now ?? false;
    this.cooldownS = rule.cooldown_s ?? 0;
    this.severity = rule.severity;
    this.channels = rule.channels;
    if (rule.schedule) this.#readSchedule(rule.schedule);
  }

  /** Nothing while the JSON of it cannot be read. */
  when = $derived.by((): Condition | null => {
    if (this.json === null) return whenOf(this);
    try {
      return JSON.parse(this.json) as Condition;
    } catch {
      return null;
    }
  });
  holdable = $derived(this.json !== null || canHold(this));
  complete = $derived(
    this.json === null
      ? this.lines.every(isComplete)
      : this.when !== null && typeof this.when === 'object',
  );
  draft = $derived.by((): RuleDraft => ({
    name: this.name.trim(),
    scope: this.several && this.who === 'several' ? this.several : scopeOf(this.who),
    when: this.when ?? {},
    hold_s: this.holdable ? this.holdS : 0,
    clear_s: this.holdable ? this.clearS : 0,
    schedule: this.scheduled ? this.#schedule() : null,
    cooldown_s: this.cooldownS,
    severity: this.severity,
    channels: this.channels,
    also_now: this.alsoNow,
  }));
  /** Whether JSON that is shown could be a list of lines as well. */
  listable = $derived(this.json === null || (this.when !== null && readLines(this.when) !== null));

  add(): void {
    this.lines.push(newLine('battery_below', this.lines.find((line) => line.place)?.place ?? ''));
  }

  remove(index: number): void {
    this.lines.splice(index, 1);
  }

  tell(channel: string, yes: boolean): void {
    const others = this.channels.filter((one) => one !== channel);
    this.channels = yes ? [...others, channel] : others;
  }

  editAsJson(): void {
    this.json = JSON.stringify(this.when, null, 2);
  }

  editAsList(): void {
    const read = this.when && readLines(this.when);
    if (!read) return;
    this.joined = read.joined;
    this.lines = read.lines;
    this.json = null;
  }

  #schedule(): RuleSchedule {
    const to = this.to === '00:00' ? '24:00' : this.to;
    const except = this.except ? { except: this.except } : {};
    return { days: this.days, from: this.from, to, ...except };
  }

  #readWhen(when: Condition): void {
    const read = readLines(when);
    if (read) {
      this.joined = read.joined;
      this.lines = read.lines;
    } else this.json = JSON.stringify(when, null, 2);
  }

  #readSchedule(schedule: RuleSchedule): void {
    this.scheduled = true;
    this.days = schedule.days;
    this.from = schedule.from.slice(0, 5);
    // A field for times of day knows no 24:00.
    this.to = schedule.to.startsWith('24') ? '00:00' : schedule.to.slice(0, 5);
    this.except = schedule.except ?? '';
  }
}

/** JSON that somebody types can have any shape: what cannot be read is not a list. */
function readLines(when: Condition): ReturnType<typeof linesOf> {
  try {
    return linesOf(when);
  } catch {
    return null;
  }
}
