/** Which days a page is about, as its address tells them: the last few, or from one to another. */
import type { Range } from '../summary/span';
import { isDate, shiftDate } from '../time/zone';

export type Preset = '7' | '30' | '90' | 'year' | 'dates';
export interface Choice {
  value: Preset;
  label: string;
}
const DATES: Choice = { value: 'dates', label: 'Dates' };
export const LAST_DAYS: Choice[] = [
  { value: '30', label: '30 days' },
  { value: '7', label: '7 days' },
  { value: '90', label: '90 days' },
  DATES,
];
export const LAST_MONTHS: Choice[] = [{ value: 'year', label: '12 months' }, DATES];

export interface Days extends Range {
  preset: Preset;
}

export function daysOfPreset(preset: Preset, today: string): Days {
  if (preset !== 'year') return { preset, first: shiftDate(today, 1 - Number(preset)), last: today };
  const year = Number(today.slice(0, 4));
  const month = Number(today.slice(5, 7));
  // The month after this one, a year ago.
  const first = month === 12 ? `${year}-01-01` : `${year - 1}-${pad(month + 1)}-01`;
  return { preset, first, last: today };
}

const pad = (month: number) => String(month).padStart(2, '0');

/** From the query of an address; what cannot be is as if it were not there: the first choice. */
export function daysFrom(
  query: Record<string, string | undefined>,
  today: string,
  choices: Choice[] = LAST_DAYS,
): Days {
  const { from = '', to = '', days } = query;
  if (isDate(from) && isDate(to) && from <= to && to <= today) {
    return { preset: 'dates', first: from, last: to };
  }
  const known = choices.find(({ value }) => value === days && value !== 'dates') ?? choices[0];
  return daysOfPreset(known?.value ?? '30', today);
}

export function queryOf(
  days: Days,
  choices: Choice[] = LAST_DAYS,
): Record<string, string | undefined> {
  if (days.preset === 'dates') return { from: days.first, to: days.last };
  return { days: days.preset === choices[0]?.value ? undefined : days.preset };
}

/** Why two dates cannot be asked for; at most `most` days, both included. */
export function problemOf(
  { first, last }: Range,
  today: string,
  most: number,
): { field: 'from' | 'to'; reason: string } | null {
  if (!isDate(first)) return { field: 'from', reason: 'Give a date.' };
  if (!isDate(last)) return { field: 'to', reason: 'Give a date.' };
  if (last < first) return { field: 'to', reason: 'Must not be before the first day.' };
  if (last > today) return { field: 'to', reason: 'Must not be after today.' };
  if (shiftDate(first, most - 1) < last) {
    return { field: 'to', reason: `At most ${most} days can be shown.` };
  }
  return null;
}
