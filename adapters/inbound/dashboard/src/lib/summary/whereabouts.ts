/** Where the time of some days went: at places, on the way, and what was left out of it. */
import type { LeftOut, WholeTimeline } from '../api/summary';
import type { Stay, TimelineItem, Trip } from '../api/timeline';
import { spotName } from '../day/describe';

export interface PlaceTime {
  name: string;
  duration_s: number;
  visits: number;
}
export interface Whereabouts {
  moving_s: number;
  /** Longest first. */
  places: PlaceTime[];
  left_out: LeftOut;
}

/** Of several devices the one counts that travelled furthest that day: two phones in one pocket
 * travel once. */
export function whereabouts(days: WholeTimeline[]): Whereabouts {
  const found = new Map<string, PlaceTime>();
  const left_out = { duplicates: 0, inaccurate: 0, jumps: 0, mock: 0 };
  let moving_s = 0;
  for (const day of days) {
    const device = furthest(day.items);
    for (const item of day.items) {
      if (item.device_id !== device) continue;
      if (item.type === 'trip') moving_s += item.duration_s;
      if (item.type === 'stay') addStay(found, item);
    }
    for (const counts of Object.values(day.left_out)) add(left_out, counts);
  }
  const places = [...found.values()].sort((a, b) => b.duration_s - a.duration_s);
  return { moving_s, places, left_out };
}

function addStay(found: Map<string, PlaceTime>, stay: Stay): void {
  const name = spotName(stay);
  const place = found.get(name) ?? { name, duration_s: 0, visits: 0 };
  place.duration_s += stay.duration_s;
  place.visits += 1;
  found.set(name, place);
}

function add(sum: LeftOut, counts: LeftOut): void {
  sum.duplicates += counts.duplicates;
  sum.inaccurate += counts.inaccurate;
  sum.jumps += counts.jumps;
  sum.mock += counts.mock;
}

function furthest(items: TimelineItem[]): string | undefined {
  const lengths = new Map<string | undefined, number>();
  for (const item of items) {
    if (item.type !== 'trip' && item.type !== 'stay') continue;
    const metres = item.type === 'trip' ? (item as Trip).distance_m : 0;
    lengths.set(item.device_id, (lengths.get(item.device_id) ?? 0) + metres);
  }
  return [...lengths].sort((a, b) => b[1] - a[1])[0]?.[0];
}

const REASONS: Record<keyof LeftOut, string> = {
  mock: 'made up by an app',
  inaccurate: 'too inaccurate',
  duplicates: 'told twice',
  jumps: 'leaps that nobody makes',
};

/** "3 positions: 2 too inaccurate, 1 told twice"; nothing when all counted. */
export function leftOutWords(counts: LeftOut): string | null {
  const names = Object.keys(REASONS) as (keyof LeftOut)[];
  const some = names.filter((name) => counts[name] > 0);
  const total = some.reduce((sum, name) => sum + counts[name], 0);
  if (total === 0) return null;
  const parts = some.map((name) => `${counts[name]} ${REASONS[name]}`);
  return `${total === 1 ? '1 position' : `${total} positions`}: ${parts.join(', ')}`;
}
