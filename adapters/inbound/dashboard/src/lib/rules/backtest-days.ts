/** Where alerts stand on a line of days. Instants are milliseconds since 1970. */
import type { BacktestAlert, BacktestResult } from '../api/rules';
import { dateIn } from '../time/zone';

const MOST_LABELS = 7;

export interface Row {
  deviceId: string;
  personId: string;
  marks: { alert: BacktestAlert; at: number }[];
}

/** A row for each device that would have raised something, most alerts first. */
export function rowsOf(result: BacktestResult): Row[] {
  const rows = new Map<string, Row>();
  for (const alert of result.alerts) {
    const { device_id: deviceId, person_id: personId } = alert;
    const row = rows.get(deviceId) ?? { deviceId, personId, marks: [] };
    row.marks.push({ alert, at: share(result, Date.parse(alert.occurred_at)) });
    rows.set(deviceId, row);
  }
  return [...rows.values()].sort((a, b) => b.marks.length - a.marks.length);
}

/** How far a moment lies between the ends: 0 to 1. */
export function share({ from, to }: Pick<BacktestResult, 'from' | 'to'>, at: number): number {
  const start = Date.parse(from);
  const length = Date.parse(to) - start;
  return length > 0 ? Math.min(1, Math.max(0, (at - start) / length)) : 0;
}

/** Midnights, not more than can be labelled side by side. */
export function daysOf(result: BacktestResult, zone: string): { date: string; at: number }[] {
  const days: { date: string; at: number }[] = [];
  const [start, end] = [Date.parse(result.from), Date.parse(result.to)];
  let before = dateIn(zone, start);
  for (let at = Math.ceil(start / HOUR_MS) * HOUR_MS; at < end; at += HOUR_MS) {
    const date = dateIn(zone, at);
    if (date !== before) days.push({ date, at: share(result, at) });
    before = date;
  }
  const step = Math.ceil(days.length / MOST_LABELS);
  return days.filter((_, index) => index % step === 0);
}

const HOUR_MS = 3_600_000;
