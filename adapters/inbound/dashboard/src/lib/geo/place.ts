/** Which known place a position is in. */
import type { Corner, Place, PlaceShape } from '../api/types';
import { destination, metresBetween, type LatLon } from './distance';

export function contains(place: PlaceShape, at: LatLon): boolean {
  if (place.circle) return metresBetween(place.circle, at) <= place.circle.radius_m;
  return place.polygon ? insidePolygon(place.polygon, at) : false;
}

/** Ray casting; a place never spans a pole, and one across the date line is not drawn here. */
function insidePolygon(corners: Corner[], at: LatLon): boolean {
  let inside = false;
  corners.forEach(([latA, lonA], i) => {
    const [latB, lonB] = corners[(i + corners.length - 1) % corners.length] ?? [latA, lonA];
    const crosses = latA > at.lat !== latB > at.lat;
    if (crosses && at.lon < ((lonB - lonA) * (at.lat - latA)) / (latB - latA) + lonA) {
      inside = !inside;
    }
  });
  return inside;
}

/** The smallest place around a position, so that "Classroom" wins over "School". */
export function placeAt(places: Place[], at: LatLon): Place | undefined {
  return places.filter((place) => contains(place, at)).sort((a, b) => reach(a) - reach(b))[0];
}

export function nearest(places: Place[], at: LatLon): { place: Place; metres: number } | undefined {
  return places
    .map((place) => ({ place, metres: metresBetween(centre(place), at) }))
    .sort((a, b) => a.metres - b.metres)[0];
}

export function centre(place: PlaceShape): LatLon {
  if (place.circle) return { lat: place.circle.lat, lon: place.circle.lon };
  const corners = place.polygon ?? [];
  const n = Math.max(1, corners.length);
  return {
    lat: corners.reduce((sum, c) => sum + c[0], 0) / n,
    lon: corners.reduce((sum, c) => sum + c[1], 0) / n,
  };
}

function reach(place: PlaceShape): number {
  if (place.circle) return place.circle.radius_m;
  const middle = centre(place);
  const corners = (place.polygon ?? []).map(([lat, lon]) => metresBetween(middle, { lat, lon }));
  return Math.max(0, ...corners);
}

/** The outline as a closed ring of [lon, lat], as GeoJSON wants it. */
export function outline(place: PlaceShape, corners = 72): [number, number][] {
  if (place.circle) return circleRing(place.circle, place.circle.radius_m, corners);
  const ring = (place.polygon ?? []).map(([lat, lon]): [number, number] => [lon, lat]);
  const first = ring[0];
  return first ? [...ring, first] : [];
}

export function circleRing(at: LatLon, radiusM: number, corners = 72): [number, number][] {
  return Array.from({ length: corners + 1 }, (_, i): [number, number] => {
    const point = destination(at, ((i % corners) * 360) / corners, radiusM);
    return [point.lon, point.lat];
  });
}

/** Only neighbouring edges may touch; a bow tie has no clear inside. */
export function crossesItself(corners: Corner[]): boolean {
  const n = corners.length;
  const edge = (i: number) => [corners[i % n]!, corners[(i + 1) % n]!] as const;
  for (let i = 0; i < n; i += 1) {
    for (let j = i + 2; j < n; j += 1) {
      if (i === 0 && j === n - 1) continue;
      if (edgesCross(...edge(i), ...edge(j))) return true;
    }
  }
  return false;
}

function edgesCross(a: Corner, b: Corner, c: Corner, d: Corner): boolean {
  const side = (p: Corner, q: Corner, r: Corner) =>
    Math.sign((q[1] - p[1]) * (r[0] - p[0]) - (q[0] - p[0]) * (r[1] - p[1]));
  return side(a, b, c) !== side(a, b, d) && side(c, d, a) !== side(c, d, b);
}
