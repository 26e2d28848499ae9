import { describe, expect, it } from 'vitest';
import { measuredWords, reasonWords } from './reasons';

const alert = { text: 'Ema is fast', value: 30, threshold: 25 };

describe('why an alert was raised', () => {
  it('tells what was measured in the unit of the rule', () => {
    expect(measuredWords(alert, { speed_over_mps: 25 })).toBe('108 km/h, limit 90 km/h');
    const both = { all: [{ battery_below: 0.15 }, { not: { charging: true } }] };
    expect(measuredWords({ ...alert, value: 0.12, threshold: 0.15 }, both)).toBe(
      '12 %, limit 15 %',
    );
  });

  it('does not say again what the alert says', () => {
    const told = { ...alert, text: 'Ema moved at 108 km/h, over 90 km/h' };
    expect(measuredWords(told, { speed_over_mps: 25 })).toBe('');
  });

  it('is silent where there is no number, or no telling its unit', () => {
    expect(measuredWords({ ...alert, value: null }, { speed_over_mps: 25 })).toBe('');
    expect(measuredWords(alert)).toBe('');
    const mixed = { any: [{ battery_below: 0.15 }, { speed_over_mps: 25 }] };
    expect(measuredWords(alert, mixed)).toBe('');
  });

  it('tells moments in the time of the person', () => {
    const now = Date.parse('2026-11-03T20:00:00Z');
    const reasons = [{ text: 'is inside School', since: '2026-11-03T13:02:00.000Z' }];
    expect(reasonWords(reasons, 'Europe/Prague', now)).toEqual(['is inside School, since 14:02']);
  });
});
