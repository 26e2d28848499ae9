/** What a rule can wait for, in words and in the units that people think in. */
import type { Condition } from '../api/rules';

export const CONDITION_KEYS = [
  'leaves',
  'enters',
  'outside',
  'inside',
  'dwells',
  'speed_over_mps',
  'battery_below',
  'charging',
  'presence',
  'silent_for_s',
  'uses',
  'used_over',
  'traffic_over',
  'keyword',
  'communicates',
  'expression',
] as const satisfies readonly (keyof Condition)[];
export type ConditionKey = (typeof CONDITION_KEYS)[number];

/** Stored value = shown value × factor. */
export interface Unit {
  label: string;
  factor: number;
}

interface Shape {
  words: string;
  group: string;
  /** What happens at a moment does not last: it cannot be negated. */
  lasts: boolean;
  units?: readonly Unit[];
  usual?: { number: number; unit: string };
}

const MINUTES = { label: 'min', factor: 60 };
const HOURS = { label: 'h', factor: 3_600 };
const DAYS = { label: 'days', factor: 86_400 };
const MEGABYTES = { label: 'MB', factor: 1e6 };
const GIGABYTES = { label: 'GB', factor: 1e9 };

export const CONDITIONS: Record<ConditionKey, Shape> = {
  leaves: { words: 'leaves', group: 'Places', lasts: false },
  enters: { words: 'enters', group: 'Places', lasts: false },
  outside: { words: 'is outside', group: 'Places', lasts: true },
  inside: { words: 'is inside', group: 'Places', lasts: true },
  dwells: {
    words: 'has stayed at',
    group: 'Places',
    lasts: true,
    units: [MINUTES, HOURS],
    usual: { number: 30, unit: 'min' },
  },
  speed_over_mps: {
    words: 'moves faster than',
    group: 'The device',
    lasts: true,
    units: [{ label: 'km/h', factor: 1 / 3.6 }],
    usual: { number: 130, unit: 'km/h' },
  },
  battery_below: {
    words: 'has a battery below',
    group: 'The device',
    lasts: true,
    units: [{ label: '%', factor: 0.01 }],
    usual: { number: 15, unit: '%' },
  },
  charging: { words: 'has its charger', group: 'The device', lasts: true },
  presence: { words: 'has a screen that is', group: 'The device', lasts: true },
  silent_for_s: {
    words: 'has been silent for',
    group: 'The device',
    lasts: true,
    units: [MINUTES, HOURS, DAYS],
    usual: { number: 1, unit: 'h' },
  },
  uses: { words: 'uses', group: 'Apps, sites and traffic', lasts: true },
  used_over: {
    words: 'has used, that day,',
    group: 'Apps, sites and traffic',
    lasts: true,
    units: [MINUTES, HOURS],
    usual: { number: 2, unit: 'h' },
  },
  traffic_over: {
    words: 'has sent and received more than',
    group: 'Apps, sites and traffic',
    lasts: true,
    units: [MEGABYTES, GIGABYTES],
    usual: { number: 5, unit: 'GB' },
  },
  keyword: { words: 'comes across the words', group: 'Words and people', lasts: false },
  communicates: { words: 'has to do with', group: 'Words and people', lasts: false },
  expression: { words: 'fulfils the expression', group: 'For experts', lasts: true },
};

export const CONDITION_GROUPS = [...new Set(CONDITION_KEYS.map((key) => CONDITIONS[key].group))];

export const PLACE_KEYS: readonly ConditionKey[] = [
  'leaves',
  'enters',
  'outside',
  'inside',
  'dwells',
];
/** Time tells it, not data: it stands alone, and nothing holds or clears. */
export const STANDS_ALONE: ConditionKey = 'silent_for_s';

/** The largest unit in which a stored value needs no fraction, else the smallest. */
export function unitFor(key: ConditionKey, stored: number): Unit {
  const units = CONDITIONS[key].units ?? [];
  const whole = units.filter((unit) => stored >= unit.factor && stored % unit.factor === 0);
  return whole.at(-1) ?? units[0] ?? { label: '', factor: 1 };
}

export function unitNamed(key: ConditionKey, label: string): Unit {
  const units = CONDITIONS[key].units ?? [];
  return units.find((unit) => unit.label === label) ?? units[0] ?? { label: '', factor: 1 };
}

export function shownNumber(stored: number, unit: Unit): number {
  return Math.round((stored / unit.factor) * 100) / 100;
}

export function storedNumber(shown: number, unit: Unit): number {
  return Number((shown * unit.factor).toPrecision(9));
}
