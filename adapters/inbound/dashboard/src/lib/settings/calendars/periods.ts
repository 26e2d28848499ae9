/** Days and periods of a calendar, as people read and write them. */
import type { Period } from '../../api/calendars';
import { formatter } from '../../time/zone';

const DAY_MS = 86_400_000;
const at = (date: string) => Date.parse(`${date}T12:00:00Z`);

export function length({ from, to }: Period): number {
  return Math.round((at(to) - at(from)) / DAY_MS) + 1;
}

export function total(periods: Period[]): number {
  return periods.reduce((sum, period) => sum + length(period), 0);
}

/** "Thu 24 Dec", or "24 Dec 2026 – 3 Jan 2027": years where not all is in this one. */
export function periodWords({ from, to }: Period, today: string): string {
  const years = new Set([from.slice(0, 4), to.slice(0, 4), today.slice(0, 4)]).size > 1;
  const year = years ? ({ year: 'numeric' } as const) : {};
  const day = { day: 'numeric', month: 'short', ...year } as const;
  if (from === to) return formatter('UTC', { weekday: 'short', ...day }).format(at(from));
  const format = formatter('UTC', day);
  return `${format.format(at(from))} – ${format.format(at(to))}`;
}

/** Periods that are over, and those that are not. They come in order. */
export function byToday(periods: Period[], today: string): { past: Period[]; coming: Period[] } {
  const first = periods.findIndex(({ to }) => to >= today);
  const cut = first < 0 ? periods.length : first;
  return { past: periods.slice(0, cut), coming: periods.slice(cut) };
}

/** What is sent: a period without an end is a day, and rows without a date are none. */
export function written(rows: { from: string; to: string }[]): Period[] {
  return rows.filter(({ from }) => from).map(({ from, to }) => ({ from, to: to || from }));
}
