import { describe, expect, it } from 'vitest';
import type { TimelineItem } from '../api/timeline';
import { countByType, entries, isBundle, movementAt, siteOf, toRows } from './group';

const time = (minute: number) => new Date(Date.UTC(2026, 10, 3, 8, minute)).toISOString();
const span = (from: number, to: number) => ({ from: time(from), to: time(to) });
const session = (from: number, app: string): TimelineItem => ({
  type: 'session',
  ...span(from, from + 2),
  duration_s: 120,
  app,
  title: null,
});
const nowhere = { lat: 50, lon: 14, place_id: null, place_name: null, town: null };
const trip: TimelineItem = {
  type: 'trip',
  start: nowhere,
  end: nowhere,
  stops: [],
  ...span(20, 40),
  duration_s: 1200,
  distance_m: 5000,
  average_speed_mps: 4,
  top_speed_mps: null,
};
const stay: TimelineItem = {
  type: 'stay',
  ...span(0, 20),
  duration_s: 1200,
  ...nowhere,
  open: false,
};
const items = [
  stay,
  session(1, 'Mail'),
  session(3, 'Maps'),
  session(5, 'Maps'),
  session(7, 'Chat'),
  trip,
  session(50, 'Mail'),
];

describe('the list of a day', () => {
  it('bundles what happens on the screen in a row', () => {
    const list = entries(toRows(items));
    expect(list.map((e) => (isBundle(e) ? `${e.rows.length} in one` : e.item.type))).toEqual([
      'stay',
      '4 in one',
      'trip',
      'session',
    ]);
    const bundle = list.find(isBundle);
    expect(bundle?.names[0]).toBe('Maps');
    expect(bundle?.activeS).toBe(480);
  });

  it('knows the movement of a moment', () => {
    const rows = toRows(items);
    expect(movementAt(rows, Date.parse(time(10)))?.item.type).toBe('stay');
    expect(movementAt(rows, Date.parse(time(30)))?.item.type).toBe('trip');
    expect(movementAt(rows, Date.parse(time(59)))).toBeUndefined();
  });

  it('counts by type and shortens addresses', () => {
    expect(countByType(items).get('session')).toBe(5);
    expect(siteOf('https://www.example.org/a')).toBe('example.org');
    expect(siteOf('not an address')).toBe('not an address');
  });
});
