/** Days, weeks and months of the calendar, and what each is compared with. */
import { dayLabel, longDate } from '../time/format';
import { shiftDate } from '../time/zone';

export const SPANS = ['day', 'week', 'month'] as const;
export type Span = (typeof SPANS)[number];

/** From one date to another, both included. */
export interface Range {
  first: string;
  last: string;
}

export const isSpan = (text: string | undefined): text is Span => SPANS.some((one) => one === text);

/** The whole day, week or month in which a date lies; weeks begin on Mondays. */
export function rangeOf(span: Span, date: string): Range {
  if (span === 'day') return { first: date, last: date };
  if (span === 'week') {
    const weekday = (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
    const first = shiftDate(date, -weekday);
    return { first, last: shiftDate(first, 6) };
  }
  const first = `${date.slice(0, 7)}-01`;
  // The 1st and 31 days on is always the month after.
  const next = `${shiftDate(first, 31).slice(0, 7)}-01`;
  return { first, last: shiftDate(next, -1) };
}

/** The first day of the span right before or after. */
export function neighbour(span: Span, date: string, side: 'before' | 'after'): string {
  const { first, last } = rangeOf(span, date);
  const beside = side === 'before' ? shiftDate(first, -1) : shiftDate(last, 1);
  return rangeOf(span, beside).first;
}

/** As much of it as has begun. */
export function soFar(range: Range, today: string): Range {
  return { first: range.first, last: range.last > today ? today : range.last };
}

/** What to compare with: the span before; of one that goes on, as many of its days. */
export function earlier(span: Span, date: string, today: string): Range {
  const whole = rangeOf(span, date);
  const before = rangeOf(span, neighbour(span, date, 'before'));
  const shown = soFar(whole, today);
  if (shown.last === whole.last) return before;
  const last = shiftDate(before.first, daysOf(shown).length - 1);
  return { first: before.first, last: last < before.last ? last : before.last };
}

/** What something is compared with, in words: "more than ..", "none ..". */
export interface Prior {
  than: string;
  when: string;
}

/** The span before, or which part of it. */
export function priorOf(span: Span, date: string, today: string): Prior {
  if (span === 'day') {
    const than = date === today ? 'the whole day before' : 'the day before';
    return { than, when: than };
  }
  const before = `the ${span} before`;
  const goesOn = rangeOf(span, date).last > today;
  if (!goesOn) return { than: before, when: before };
  return { than: `the same days of ${before}`, when: `on the same days of ${before}` };
}

export function daysOf({ first, last }: Range): string[] {
  const days: string[] = [];
  for (let day = first; day <= last; day = shiftDate(day, 1)) days.push(day);
  return days;
}

/** "Today", "Mon 2 Nov to Sun 8 Nov", "November 2026". */
export function spanName(span: Span, date: string, today: string): string {
  if (span === 'day') return date === today ? 'Today' : longDate(date);
  if (span === 'month') return monthName(date);
  const { first, last } = rangeOf('week', date);
  return `${dayLabel(first, today)} to ${dayLabel(last, today)}`.replace('Today', 'today');
}

export function monthName(date: string): string {
  const at = Date.parse(`${date}T12:00:00Z`);
  const format = { month: 'long', year: 'numeric', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat('en-GB', format).format(at);
}
