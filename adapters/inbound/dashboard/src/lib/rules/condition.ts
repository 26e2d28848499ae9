/** What a rule can wait for, with the unit people think in. */
import type { Condition } from '../api/types';

export const CONDITION_KEYS = [
  'leaves',
  'enters',
  'outside',
  'inside',
  'speed_over_mps',
  'silent_for_s',
  'battery_below',
] as const;
export type ConditionKey = (typeof CONDITION_KEYS)[number];

interface Shape {
  words: string;
  needs: 'place' | 'number';
  /** Shown value = stored value × factor. */
  unit?: string;
  factor?: number;
  usual?: number;
  min?: number;
  max?: number;
}

export const CONDITIONS: Record<ConditionKey, Shape> = {
  leaves: { words: 'leaves', needs: 'place' },
  enters: { words: 'enters', needs: 'place' },
  outside: { words: 'is outside', needs: 'place' },
  inside: { words: 'is inside', needs: 'place' },
  speed_over_mps: {
    words: 'moves faster than',
    needs: 'number',
    unit: 'km/h',
    factor: 3.6,
    usual: 130,
    min: 1,
    max: 1000,
  },
  silent_for_s: {
    words: 'has not been heard of for',
    needs: 'number',
    unit: 'min',
    factor: 1 / 60,
    usual: 60,
    min: 1,
    max: 43_200,
  },
  battery_below: {
    words: 'has a battery below',
    needs: 'number',
    unit: '%',
    factor: 100,
    usual: 15,
    min: 1,
    max: 99,
  },
};

export function conditionKey(when: Condition): ConditionKey | undefined {
  return CONDITION_KEYS.find((key) => when[key] !== undefined);
}

export function placeOf(when: Condition): string | undefined {
  return when.inside ?? when.outside ?? when.enters ?? when.leaves;
}

export function shownNumber(key: ConditionKey, stored: number): number {
  return Math.round(stored * (CONDITIONS[key].factor ?? 1) * 10) / 10;
}

export function storedNumber(key: ConditionKey, shown: number): number {
  const value = shown / (CONDITIONS[key].factor ?? 1);
  return Math.round(value * 10_000) / 10_000;
}
