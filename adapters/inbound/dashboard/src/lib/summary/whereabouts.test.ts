import { expect, it } from 'vitest';
import type { WholeTimeline } from '../api/summary';
import type { TimelineItem } from '../api/timeline';
import { leftOutWords, whereabouts } from './whereabouts';

const NONE = { duplicates: 0, inaccurate: 0, jumps: 0, mock: 0 };

const stay = (device_id: string, place_name: string, duration_s: number) =>
  ({ type: 'stay', device_id, place_name, duration_s, town: null }) as TimelineItem;
const trip = (device_id: string, distance_m: number, duration_s: number) =>
  ({ type: 'trip', device_id, distance_m, duration_s }) as TimelineItem;
const day = (items: TimelineItem[], left_out = {}) =>
  ({ items, left_out }) as unknown as WholeTimeline;

it('adds the stays at a place over days, the longest first', () => {
  const days = [
    day([stay('a', 'Home', 100), trip('a', 900, 60), stay('a', 'School', 500)]),
    day([stay('a', 'Home', 600)]),
  ];
  const found = whereabouts(days);
  expect(found.places).toEqual([
    { name: 'Home', duration_s: 700, visits: 2 },
    { name: 'School', duration_s: 500, visits: 1 },
  ]);
  expect(found.moving_s).toBe(60);
});

it('counts of each day the device that travelled furthest', () => {
  const items = [stay('left', 'Home', 9000), trip('had', 900, 60), trip('left', 10, 5)];
  const found = whereabouts([day(items)]);
  expect(found.places).toEqual([]);
  expect(found.moving_s).toBe(60);
});

it('tells what was left out of all devices, and nothing where nothing was', () => {
  const one = day([], { a: { ...NONE, inaccurate: 2 }, b: { ...NONE, duplicates: 1 } });
  const words = leftOutWords(whereabouts([one]).left_out);
  expect(words).toBe('3 positions: 2 too inaccurate, 1 told twice');
  expect(leftOutWords(NONE)).toBeNull();
});
