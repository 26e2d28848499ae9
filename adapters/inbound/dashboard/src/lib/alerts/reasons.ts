/** Why an alert was raised, beside what it says: what was measured, and since when each was so. */
import type { Alert, Reason } from '../api/types';
import type { Condition } from '../api/rules';
import { duration, moment } from '../time/format';
import { bytes, percent, speed } from '../units';

type Measured = Pick<Alert, 'text' | 'value' | 'threshold'>;

/** "118 km/h, limit 90 km/h", unless the alert says it itself. The unit is that of the rule's only
 * condition with a number.
 */
export function measuredWords({ text, value, threshold }: Measured, when?: Condition): string {
  const unit = unitOf(when);
  if (value === null || threshold === null || !unit) return '';
  const measured = unit(value);
  return said(text, measured) ? '' : `${measured}, limit ${unit(threshold)}`;
}

const said = (text: string, words: string) => squeezed(text).includes(squeezed(words));
const squeezed = (text: string) => text.replace(/\s/g, '');

/** Their moments are told in the person's time. */
export function reasonWords(reasons: Reason[], zone: string, now: number): string[] {
  return reasons.map(
    ({ text, since }) => `${text}, since ${moment(Date.parse(since), zone, now)}`,
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
