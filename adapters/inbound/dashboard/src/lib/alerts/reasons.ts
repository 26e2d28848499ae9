/** Why an alert was raised, beside what it says: what was measured, and since when each was so. */
import type { Alert } from '../api/types';
import type { Condition } from '../api/rules';
import { duration, moment } from '../time/format';
import { bytes, percent, speed } from '../units';

type Measured = Pick<Alert, 'value' | 'threshold'>;

/** "118 km/h, limit 90 km/h". The unit is that of the rule's only condition with a number. */
export function measuredWords({ value, threshold }: Measured, when?: Condition): string {
  if (value === null || threshold === null) return '';
  const unit = unitOf(when);
  return unit ? `${unit(value)}, limit ${unit(threshold)}` : '';
}

/** Their moments are told in the person's time. */
export function reasonWords(reasons: string[], zone: string, now: number): string[] {
  const instant = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;
  return reasons.map((reason) =>
    reason.replace(instant, (time) => moment(Date.parse(time), zone, now)),
  );
}

function unitOf(when?: Condition): ((value: number) => string) | null {
  const units = new Set(leavesOf(when ?? {}).map(unitOfLeaf).filter((unit) => unit !== null));
  return units.size === 1 ? [...units][0]! : null;
}

function leavesOf(when: Condition): Condition[] {
  if (when.not) return leavesOf(when.not);
  return (when.all ?? when.any)?.flatMap(leavesOf) ?? [when];
}

function unitOfLeaf(leaf: Condition): ((value: number) => string) | null {
  if (leaf.speed_over_mps !== undefined) return speed;
  if (leaf.battery_below !== undefined) return percent;
  if (leaf.traffic_over) return bytes;
  if (leaf.used_over || leaf.dwells) return duration;
  return null;
}
