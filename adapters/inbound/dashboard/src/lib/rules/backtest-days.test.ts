import { describe, expect, it } from 'vitest';
import type { BacktestAlert, BacktestResult } from '../api/rules';
import { daysOf, rowsOf } from './backtest-days';

const alert = (occurred_at: string, device_id: string): BacktestAlert => ({
  occurred_at,
  cleared_at: null,
  device_id,
  person_id: 'ema',
  text: 'Ema left School',
  value: null,
  threshold: null,
});
const result: BacktestResult = {
  from: '2026-11-01T00:00:00Z',
  to: '2026-11-11T00:00:00Z',
  alerts: [
    alert('2026-11-02T00:00:00Z', 'tablet'),
    alert('2026-11-06T00:00:00Z', 'phone'),
    alert('2026-11-10T23:59:59Z', 'phone'),
  ],
  total: 3,
  truncated: false,
};

describe('what a rule would have done', () => {
  it('stands in rows by device, at its time', () => {
    const rows = rowsOf(result);
    expect(rows.map((row) => row.deviceId)).toEqual(['phone', 'tablet']);
    expect(rows[0]!.marks[0]!.at).toBeCloseTo(0.5);
    expect(rows[1]!.marks[0]!.at).toBeCloseTo(0.1);
  });

  it('has days that begin at midnight of the person, and room for their labels', () => {
    const days = daysOf(result, 'Europe/Prague');
    expect(days.length).toBeLessThanOrEqual(7);
    expect(days[0]).toMatchObject({ date: '2026-11-02' });
    expect(days[0]!.at).toBeCloseTo(23 / 240);
    expect(daysOf({ ...result, to: result.from }, 'UTC')).toEqual([]);
  });
});
