import { expect, test } from 'vitest';
import type { IntakeLine } from '../api/types';
import { intakeDays } from './intake';

const line = (date: string, kind: IntakeLine['kind'], more: Partial<IntakeLine> = {}) => ({
  date,
  kind,
  accepted_batches: 1,
  duplicate_batches: 0,
  refused_batches: 0,
  accepted: 1,
  refused: 0,
  reason: null,
  first_at: `${date}T10:00:00Z`,
  last_at: `${date}T10:00:00Z`,
  ...more,
});

test('days are newest first, the kind that brought most leads', () => {
  const days = intakeDays([
    line('2026-10-04', 'location'),
    line('2026-10-05', 'call'),
    line('2026-10-05', 'location', { accepted: 9 }),
  ]);
  expect(days.map((day) => [day.date, day.accepted])).toEqual([
    ['2026-10-05', 10],
    ['2026-10-04', 1],
  ]);
  expect(days[0]?.lines.map((one) => one.kind)).toEqual(['location', 'call']);
});

test('a day on which something was refused says so', () => {
  const refused = (more: Partial<IntakeLine>) =>
    intakeDays([line('2026-10-05', 'call'), line('2026-10-05', null, more)])[0]?.refused;
  expect(refused({})).toBe(false);
  expect(refused({ duplicate_batches: 3 })).toBe(false);
  expect(refused({ refused_batches: 1 })).toBe(true);
  expect(refused({ refused: 1 })).toBe(true);
});
