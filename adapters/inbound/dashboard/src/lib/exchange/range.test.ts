import { describe, expect, it } from 'vitest';
import { daysFrom, daysOfPreset, LAST_MONTHS, problemOf, queryOf } from './range';

const TODAY = '2026-11-26';

describe('the days of an address', () => {
  it('are the last thirty when nothing is said, today among them', () => {
    const days = daysFrom({}, TODAY);
    expect(days).toEqual({ preset: '30', first: '2026-10-28', last: TODAY });
    expect(queryOf(days)).toEqual({ days: undefined });
  });

  it.each([{ days: '7' }, { days: '90' }, { from: '2026-01-01', to: '2026-02-01' }])(
    'come back as they were put there: %o',
    (query) => {
      expect(queryOf(daysFrom(query, TODAY))).toEqual(query);
    },
  );

  it.each([
    { days: '5000' },
    { days: 'dates' },
    { from: '2026-02-01', to: '2026-01-01' },
    { from: '2026-02-01', to: '2027-01-01' },
    { from: 'yesterday', to: TODAY },
  ])('fall back where they cannot be: %o', (query) => {
    expect(daysFrom(query, TODAY).preset).toBe('30');
  });
});

it('twelve months end with this one', () => {
  expect(daysOfPreset('year', TODAY).first).toBe('2025-12-01');
  expect(daysOfPreset('year', '2026-12-05').first).toBe('2026-01-01');
  expect(daysFrom({}, TODAY, LAST_MONTHS).preset).toBe('year');
});

it.each([
  ['', TODAY, 'from'],
  [TODAY, '', 'to'],
  ['2026-11-20', '2026-11-19', 'to'],
  ['2026-11-20', '2026-11-27', 'to'],
  ['2026-11-16', TODAY, 'to'],
])('from %s to %s is refused at %s', (first, last, field) => {
  expect(problemOf({ first, last }, TODAY, 10)?.field).toBe(field);
});

it('as many days as may be are fine', () => {
  expect(problemOf({ first: '2026-11-17', last: TODAY }, TODAY, 10)).toBeNull();
});
