import type { LatLon } from './distance';

export interface Bounds {
  west: number;
  south: number;
  east: number;
  north: number;
}

export function boundsOf(points: Iterable<LatLon>): Bounds | null {
  let bounds: Bounds | null = null;
  for (const { lat, lon } of points) {
    if (!bounds) bounds = { west: lon, east: lon, south: lat, north: lat };
    bounds.west = Math.min(bounds.west, lon);
    bounds.east = Math.max(bounds.east, lon);
    bounds.south = Math.min(bounds.south, lat);
    bounds.north = Math.max(bounds.north, lat);
  }
  return bounds;
}
