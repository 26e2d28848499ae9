import { describe, expect, it } from 'vitest';
import { clock, dayLabel, duration, exact, moment, relative } from './format';
import { dateIn, isDate, shiftDate } from './zone';

const at = Date.parse('2026-11-03T13:02:09Z');
const MINUTE = 60_000;

describe('times in a time zone', () => {
  it('shows the clock of the person, not of the browser', () => {
    expect(clock(at, 'Europe/Prague')).toBe('14:02');
    expect(clock(at, 'America/New_York')).toBe('08:02');
    expect(clock(Date.parse('2026-11-02T23:00:00Z'), 'Europe/Prague')).toBe('00:00');
  });

  it('gives the date there', () => {
    expect(dateIn('Pacific/Auckland', at)).toBe('2026-11-04');
    expect(dateIn('America/Los_Angeles', Date.parse('2026-11-03T05:00:00Z'))).toBe('2026-11-02');
  });

  it('falls back to UTC for a zone this browser does not know', () => {
    expect(clock(at, 'Mars/Olympus')).toBe('13:02');
  });

  it('names the zone in the exact form', () => {
    expect(exact(at, 'Europe/Prague')).toBe('Tue, 3 Nov 2026, 14:02:09 (Europe/Prague)');
  });
});

describe('dates', () => {
  it('shifts over months and leap days', () => {
    expect(shiftDate('2026-03-01', -1)).toBe('2026-02-28');
    expect(shiftDate('2028-02-28', 1)).toBe('2028-02-29');
  });

  it('knows what is a date', () => {
    expect(isDate('2026-11-03')).toBe(true);
    expect(isDate('2026-13-03')).toBe(false);
    expect(isDate('yesterday')).toBe(false);
  });

  it('is named by its nearness', () => {
    expect(dayLabel('2026-11-03', '2026-11-03')).toBe('Today');
    expect(dayLabel('2026-11-02', '2026-11-03')).toBe('Yesterday');
    expect(dayLabel('2026-10-30', '2026-11-03')).toBe('Fri 30 Oct');
    expect(dayLabel('2025-10-30', '2026-11-03')).toContain('2025');
  });
});

describe('moments', () => {
  it('leaves out what is clear', () => {
    expect(moment(at, 'UTC', at + 5 * MINUTE)).toBe('13:02');
    expect(moment(at, 'UTC', at + 24 * 60 * MINUTE)).toBe('yesterday 13:02');
    expect(moment(at, 'UTC', at + 72 * 60 * MINUTE)).toBe('3 Nov 13:02');
  });

  it.each([
    [10_000, 'just now'],
    [2 * MINUTE, '2 min ago'],
    [3 * 60 * MINUTE, '3 h ago'],
    [26 * 60 * MINUTE, '1 day ago'],
    [-10_000, 'just now'],
    [-10 * MINUTE, 'in 10 min'],
  ])('%i ms ago reads %s', (ago, text) => {
    expect(relative(at - ago, at)).toBe(text);
  });

  it.each([
    [45, '45 s'],
    [600, '10 min'],
    [3600, '1 h'],
    [3900, '1 h 05 min'],
    [86_400, '1 day'],
    [183_600, '2 days 3 h'],
  ])('%i s lasts %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });
});
