/** A device's track: points in time order, cut, interpolated, and split by speed. */
import type { TrackColumns } from '../api/types';
import { bearingDeg, metresBetween, type LatLon } from './distance';

export interface TrackPoint extends LatLon {
  at: number;
  speed: number | null;
}

/** Between two points further apart than this, we do not know the way: drawn dashed. */
export const UNKNOWN_AFTER_MS = 15 * 60_000;
const UNKNOWN_OVER_M = 400;

export function toPoints(columns: TrackColumns): TrackPoint[] {
  const points: TrackPoint[] = [];
  columns.time.forEach((time, i) => {
    const lat = columns.lat[i];
    const lon = columns.lon[i];
    const at = Date.parse(time);
    if (lat === undefined || lon === undefined || Number.isNaN(at)) return;
    points.push({ at, lat, lon, speed: columns.speed_mps[i] ?? null });
  });
  return points.sort((a, b) => a.at - b.at);
}

/** The number of points at or before `at`. */
function countUntil(points: TrackPoint[], at: number): number {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle]!.at <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The part between two moments, with interpolated ends so that it has no ragged edges. */
export function slice(points: TrackPoint[], from: number, to: number): TrackPoint[] {
  const inner = points.filter((p) => p.at > from && p.at < to);
  const start = positionAt(points, from);
  const end = positionAt(points, to);
  return [...(start ? [asPoint(start, from)] : []), ...inner, ...(end ? [asPoint(end, to)] : [])];
}

const asPoint = (p: Position, at: number): TrackPoint => ({
  at,
  lat: p.lat,
  lon: p.lon,
  speed: p.speed,
});

export interface Position extends LatLon {
  speed: number | null;
  bearing: number | null;
  /** How old the last real point is at this moment. */
  ageMs: number;
}

/** Where the device was at a moment; nothing before its first point. */
export function positionAt(points: TrackPoint[], at: number): Position | null {
  const n = countUntil(points, at);
  const before = points[n - 1];
  const after = points[n];
  if (!before) return null;
  const ageMs = at - before.at;
  if (!after || unknownBetween(before, after)) {
    return { lat: before.lat, lon: before.lon, speed: null, bearing: null, ageMs };
  }
  const share = ageMs / (after.at - before.at);
  const moving = metresBetween(before, after) > 8;
  return {
    lat: before.lat + (after.lat - before.lat) * share,
    lon: before.lon + (after.lon - before.lon) * share,
    speed: before.speed ?? legSpeed(before, after),
    bearing: moving ? bearingDeg(before, after) : null,
    ageMs,
  };
}

function unknownBetween(a: TrackPoint, b: TrackPoint): boolean {
  return b.at - a.at > UNKNOWN_AFTER_MS && metresBetween(a, b) > UNKNOWN_OVER_M;
}

function legSpeed(a: TrackPoint, b: TrackPoint): number {
  const seconds = (b.at - a.at) / 1000;
  return seconds > 0 ? metresBetween(a, b) / seconds : 0;
}

/** Upper ends in m/s (9, 45, 90 km/h): on foot, in town, on the road; above: fast. */
export const SPEED_BANDS_MPS = [2.5, 12.5, 25] as const;
export const SPEED_BAND_NAMES = ['on foot', 'to 45 km/h', 'to 90 km/h', 'faster'] as const;
export type Band = 0 | 1 | 2 | 3;

export function band(mps: number): Band {
  const index = SPEED_BANDS_MPS.findIndex((limit) => mps < limit);
  return (index === -1 ? 3 : index) as Band;
}

export interface Run {
  band: Band;
  known: boolean;
  line: [number, number][];
}

/** The track as few lines of equal colour; neighbours share a point. */
export function speedRuns(points: TrackPoint[]): Run[] {
  const runs: Run[] = [];
  points.forEach((point, i) => {
    const previous = points[i - 1];
    if (!previous) return;
    const known = !unknownBetween(previous, point);
    const legBand = band(point.speed ?? legSpeed(previous, point));
    const last = runs[runs.length - 1];
    const end: [number, number] = [point.lon, point.lat];
    if (last && last.band === legBand && last.known === known) last.line.push(end);
    else runs.push({ band: legBand, known, line: [[previous.lon, previous.lat], end] });
  });
  return runs;
}

export function appended(points: TrackPoint[], point: TrackPoint): TrackPoint[] {
  const last = points[points.length - 1];
  if (last && point.at <= last.at) return points;
  return [...points, point];
}
