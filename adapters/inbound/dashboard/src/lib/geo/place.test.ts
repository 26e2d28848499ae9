import { describe, expect, it } from 'vitest';
import type { Corner, Place } from '../api/types';
import { contains, crossesItself, nearest, outline, placeAt } from './place';

const school: Place = { id: 's', name: 'School', circle: { lat: 50, lon: 14, radius_m: 300 } };
const classroom: Place = { id: 'c', name: 'Classroom', circle: { lat: 50, lon: 14, radius_m: 20 } };
const square: Corner[] = [
  [49, 13],
  [49, 15],
  [51, 15],
  [51, 13],
];
const county: Place = { id: 'p', name: 'County', polygon: square };

describe('places', () => {
  it('contain what is inside', () => {
    expect(contains(school, { lat: 50.002, lon: 14 })).toBe(true);
    expect(contains(school, { lat: 50.004, lon: 14 })).toBe(false);
    expect(contains(county, { lat: 50, lon: 14 })).toBe(true);
    expect(contains(county, { lat: 52, lon: 14 })).toBe(false);
  });

  it('are named by the smallest around', () => {
    const places = [county, school, classroom];
    expect(placeAt(places, { lat: 50, lon: 14 })?.name).toBe('Classroom');
    expect(placeAt(places, { lat: 50.002, lon: 14 })?.name).toBe('School');
    expect(placeAt(places, { lat: 60, lon: 14 })).toBeUndefined();
    expect(nearest(places, { lat: 50.01, lon: 14 })?.place.id).toMatch(/[csp]/);
  });

  it('have a closed outline', () => {
    const ring = outline(school);
    expect(ring[0]).toEqual(ring.at(-1));
    expect(outline(county)).toHaveLength(5);
  });

  it('must not cross themselves', () => {
    const [a, b, c, d] = square as [Corner, Corner, Corner, Corner];
    expect(crossesItself(square)).toBe(false);
    expect(crossesItself([a, c, b, d])).toBe(true);
    expect(crossesItself([a, b, c])).toBe(false);
  });
});
