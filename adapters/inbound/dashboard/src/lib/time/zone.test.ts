import { describe, expect, it } from 'vitest';
import { startOf } from './zone';

describe('the beginning of a day', () => {
  it.each([
    ['Europe/Ljubljana', '2026-12-25', '2026-12-24T23:00:00Z'],
    ['Europe/Ljubljana', '2026-07-01', '2026-06-30T22:00:00Z'],
    ['Europe/Ljubljana', '2026-10-25', '2026-10-24T22:00:00Z'],
    ['Europe/Ljubljana', '2026-10-26', '2026-10-25T23:00:00Z'],
    ['Pacific/Auckland', '2026-12-25', '2026-12-24T11:00:00Z'],
    ['America/New_York', '2026-03-09', '2026-03-09T04:00:00Z'],
    ['UTC', '2026-01-01', '2026-01-01T00:00:00Z'],
  ])('is midnight by the clock of %s on %s', (zone, date, expected) => {
    expect(startOf(zone, date)).toBe(Date.parse(expected));
  });
});
