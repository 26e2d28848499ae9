import { describe, expect, it } from 'vitest';
import { byToday, length, periodWords, total, written } from './periods';

const period = (from: string, to = from) => ({ from, to });
const TODAY = '2026-11-26';

it('counts both ends, over leap days and the change of the clocks', () => {
  expect(length(period('2026-12-24'))).toBe(1);
  expect(length(period('2028-02-28', '2028-03-01'))).toBe(3);
  expect(length(period('2026-10-20', '2026-10-30'))).toBe(11);
  expect(total([period('2026-12-24'), period('2026-12-30', '2027-01-02')])).toBe(5);
});

describe('a period in words', () => {
  it.each([
    [period('2026-12-24'), 'Thu 24 Dec'],
    [period('2026-12-21', '2026-12-31'), '21 Dec – 31 Dec'],
    [period('2026-12-24', '2027-01-03'), '24 Dec 2026 – 3 Jan 2027'],
    [period('2027-02-15'), 'Mon 15 Feb 2027'],
  ])('%o is %s', (given, words) => {
    expect(periodWords(given, TODAY).replace(',', '')).toBe(words);
  });
});

it('parts what is over from what is not', () => {
  const [over, now, later] = [
    period('2026-07-01', '2026-08-31'),
    period('2026-11-20', TODAY),
    period('2026-12-24'),
  ];
  expect(byToday([over, now, later], TODAY)).toEqual({ past: [over], coming: [now, later] });
  expect(byToday([over], TODAY)).toEqual({ past: [over], coming: [] });
});

it('takes a row without an end as a day, and leaves out what is empty', () => {
  const rows = [period('2026-12-24', ''), period('', ''), period('2026-12-30', '2026-12-31')];
  expect(written(rows)).toEqual([period('2026-12-24'), period('2026-12-30', '2026-12-31')]);
});
