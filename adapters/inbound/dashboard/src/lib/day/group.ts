/** The day's list: what happens on a screen in a row is one line that opens. */
import type { AppSession, ItemType, PresenceSpan, TimelineItem, Visit } from '../api/timeline';

export type ScreenItem = AppSession | Visit | PresenceSpan;

export interface Row {
  key: string;
  from: number;
  to: number;
  item: TimelineItem;
}
export interface Bundle {
  key: string;
  from: number;
  to: number;
  rows: Row[];
  activeS: number;
  /** Longest first. */
  names: string[];
}
export type Entry = Row | Bundle;

export const isBundle = (entry: Entry): entry is Bundle => 'rows' in entry;

const BUNDLE_FROM = 4;

export function toRows(items: TimelineItem[]): Row[] {
  return items.map((item, i) => ({
    key: `${item.type}-${item.from}-${i}`,
    from: Date.parse(item.from),
    to: Date.parse(item.to),
    item,
  }));
}

export function entries(rows: Row[]): Entry[] {
  const result: Entry[] = [];
  let run: Row[] = [];
  const flush = () => {
    if (run.length >= BUNDLE_FROM) result.push(bundle(run));
    else result.push(...run);
    run = [];
  };
  for (const row of rows) {
    if (isScreen(row.item)) {
      run.push(row);
    } else {
      flush();
      result.push(row);
    }
  }
  flush();
  return result;
}

function isScreen(item: TimelineItem): item is ScreenItem {
  return item.type === 'session' || item.type === 'visit' || item.type === 'presence';
}

function bundle(rows: Row[]): Bundle {
  const spent = new Map<string, number>();
  let activeS = 0;
  for (const { item } of rows) {
    if (item.type === 'session') activeS += item.duration_s;
    const name = screenName(item);
    if (name)
      spent.set(name, (spent.get(name) ?? 0) + ('duration_s' in item ? item.duration_s : 0));
  }
  const names = [...spent].sort((a, b) => b[1] - a[1]).map(([name]) => name);
  const first = rows[0]!;
  return {
    key: `bundle-${first.key}`,
    from: first.from,
    to: Math.max(...rows.map((row) => row.to)),
    rows,
    activeS,
    names,
  };
}

function screenName(item: TimelineItem): string | null {
  if (item.type === 'session') return item.app;
  if (item.type === 'visit') return siteOf(item.url);
  return null;
}

export function siteOf(url: string): string {
  try {
    return new URL(url).hostname.replace(/^www\./, '');
  } catch {
    return url;
  }
}

/** The stay, trip or gap of a moment: the list's place while the slider moves. */
export function movementAt(rows: Row[], at: number): Row | undefined {
  return rows.findLast(
    ({ item, from, to }) =>
      from <= at &&
      at <= to &&
      (item.type === 'stay' || item.type === 'trip' || item.type === 'gap'),
  );
}

export function countByType(items: TimelineItem[]): Map<ItemType, number> {
  const counts = new Map<ItemType, number>();
  for (const { type } of items) counts.set(type, (counts.get(type) ?? 0) + 1);
  return counts;
}
