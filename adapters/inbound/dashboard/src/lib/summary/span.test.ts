import { describe, expect, it } from 'vitest';
import { daysOf, earlier, priorOf, neighbour, rangeOf, soFar, spanName } from './span';

describe('the span of a date', () => {
  it('is a week from Monday to Sunday', () => {
    const week = { first: '2026-11-23', last: '2026-11-29' };
    expect(rangeOf('week', '2026-11-23')).toEqual(week);
    expect(rangeOf('week', '2026-11-29')).toEqual(week);
  });

  it('is a whole month, short or long', () => {
    expect(rangeOf('month', '2028-02-10')).toEqual({ first: '2028-02-01', last: '2028-02-29' });
    expect(rangeOf('month', '2026-12-31')).toEqual({ first: '2026-12-01', last: '2026-12-31' });
  });

  it('has one before and one after', () => {
    expect(neighbour('day', '2026-03-01', 'before')).toBe('2026-02-28');
    expect(neighbour('week', '2026-11-26', 'after')).toBe('2026-11-30');
    expect(neighbour('month', '2026-01-31', 'before')).toBe('2025-12-01');
  });

  it('ends today while it goes on', () => {
    expect(soFar(rangeOf('month', '2026-11-05'), '2026-11-26').last).toBe('2026-11-26');
    expect(daysOf({ first: '2026-11-29', last: '2026-12-01' })).toHaveLength(3);
  });
});

describe('what a span is compared with', () => {
  it('is the whole one before when it is over', () => {
    expect(earlier('month', '2026-10-05', '2026-11-26')).toEqual({
      first: '2026-09-01',
      last: '2026-09-30',
    });
    expect(priorOf('month', '2026-10-05', '2026-11-26').than).toBe('the month before');
  });

  it('is as many days of it while it goes on', () => {
    expect(earlier('week', '2026-11-26', '2026-11-26')).toEqual({
      first: '2026-11-16',
      last: '2026-11-19',
    });
    expect(priorOf('week', '2026-11-26', '2026-11-26').when).toContain('on the same days');
  });

  it('never reaches into the span itself', () => {
    const before = earlier('month', '2026-03-30', '2026-03-30');
    expect(before).toEqual({ first: '2026-02-01', last: '2026-02-28' });
  });
});

it('a span is named as people say it', () => {
  expect(spanName('day', '2026-11-26', '2026-11-26')).toBe('Today');
  expect(spanName('week', '2026-11-26', '2026-12-26')).toBe('Mon 23 Nov to Sun 29 Nov');
  expect(spanName('month', '2026-11-26', '2026-12-26')).toBe('November 2026');
});
