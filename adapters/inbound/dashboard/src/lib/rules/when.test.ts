import { describe, expect, it } from 'vitest';
import type { Condition } from '../api/rules';
import { CONDITION_KEYS } from './condition';
import { conditionOf, isComplete, lineOf, newLine } from './line';
import { canHold, fieldOf, linesOf, whenOf } from './when';

const EACH: Condition[] = [
  { leaves: 'school' },
  { enters: 'school' },
  { outside: 'school' },
  { inside: 'school' },
  { dwells: { place: 'shop', for_s: 5_400 } },
  { speed_over_mps: 36.2 },
  { speed_over_mps: 36.1111 },
  { battery_below: 0.153 },
  { charging: true },
  { charging: false },
  { presence: 'away' },
  { silent_for_s: 86_400 },
  { silent_for_s: 90 },
  { uses: { app: 'com.example.game' } },
  { uses: { site: 'example.org' } },
  { used_over: { category: 'video', per_day_s: 7_200 } },
  { used_over: { site: 'example.org', per_day_s: 5_400, warn_at_s: [900, 90] } },
  { keyword: { words: ['self-harm', 'this, and that'], in: ['url', 'text'] } },
  { communicates: { with: 'stranger', by: ['message', 'call'], direction: 'received' } },
  { communicates: { with: 'Jo', by: ['call'] } },
  { traffic_over: { bytes: 5_000_000_000, per: 'month', interface: 'mobile' } },
  { traffic_over: { bytes: 1_234_567, per: 'day', app: 'com.example.video' } },
  { expression: 'location.speed_mps > 20.0' },
];

describe('a condition as a line of the form', () => {
  it.each(EACH)('%j comes back as it was', (condition) => {
    const line = lineOf(condition);
    expect(line && conditionOf(line)).toEqual(condition);
    expect(line && isComplete(line)).toBe(true);
  });

  it('knows every kind of condition', () => {
    const tried = new Set(EACH.flatMap((condition) => Object.keys(condition)));
    expect([...tried].sort()).toEqual([...CONDITION_KEYS].sort());
  });

  it('comes back when it is negated', () => {
    const when = { not: { inside: 'home' } };
    expect(conditionOf(lineOf(when)!)).toEqual(when);
  });

  it('shows numbers in the unit people think in', () => {
    expect(lineOf({ speed_over_mps: 36.1111 })).toMatchObject({ number: 130, unit: 'km/h' });
    expect(lineOf({ silent_for_s: 172_800 })).toMatchObject({ number: 2, unit: 'days' });
    expect(lineOf({ used_over: { app: 'a', per_day_s: 5_400 } })).toMatchObject({
      number: 90,
      unit: 'min',
    });
    expect(lineOf({ traffic_over: { bytes: 2e9, per: 'day' } })).toMatchObject({ unit: 'GB' });
  });

  it('stores what is typed in the unit of the server', () => {
    const line = lineOf({ battery_below: 0.15 })!;
    expect(conditionOf({ ...line, number: 20 })).toEqual({ battery_below: 0.2 });
    const silent = lineOf({ silent_for_s: 3_600 })!;
    expect(conditionOf({ ...silent, number: 3, unit: 'days' })).toEqual({ silent_for_s: 259_200 });
  });

  it('is not complete while a blank is empty', () => {
    const open = ['leaves', 'dwells', 'uses', 'used_over', 'keyword', 'expression'] as const;
    expect(open.filter((key) => isComplete(newLine(key)))).toEqual([]);
    expect(isComplete({ ...newLine('speed_over_mps'), number: null })).toBe(false);
    expect(isComplete({ ...newLine('communicates'), whom: 'named' })).toBe(false);
    expect(isComplete({ ...newLine('uses'), subject: 'games' })).toBe(true);
  });

  it('of which the server knows more than this page is left alone', () => {
    expect(lineOf({ tides_over: 3 } as Condition)).toBeNull();
  });
});

describe('conditions as a list', () => {
  const both: Condition = { all: [{ battery_below: 0.15 }, { not: { charging: true } }] };

  it('come back as they were', () => {
    const either: Condition = { any: [{ outside: 'home' }, { presence: 'locked' }] };
    for (const when of [both, either]) expect(whenOf(linesOf(when)!)).toEqual(when);
  });

  it('are no list when they are deeper', () => {
    expect(linesOf({ any: [both, { outside: 'home' }] })).toBeNull();
    expect(linesOf({ not: both })).toBeNull();
    expect(linesOf({ not: { enters: 'home' } })).toBeNull();
  });

  it('are named as the server names them', () => {
    expect(fieldOf('all', 1, 0)).toBe('when');
    expect(fieldOf('any', 3, 2)).toBe('when.any[2]');
  });

  it('hold only when all of them last, and an arrival alone can be waited for', () => {
    const holds = (when: Condition) => canHold(linesOf(when)!);
    expect(holds(both)).toBe(true);
    expect(holds({ enters: 'school' })).toBe(true);
    expect(holds({ silent_for_s: 600 })).toBe(false);
    expect(holds({ keyword: { words: ['x'] } })).toBe(false);
    expect(holds({ all: [{ enters: 'school' }, { charging: true }] })).toBe(false);
  });
});
