import { describe, expect, it } from 'vitest';
import { appended, positionAt, slice, speedRuns, toPoints, type TrackPoint } from './track';

const MINUTE = 60_000;
const point = (minute: number, lon: number, speed: number | null = 1): TrackPoint => ({
  at: minute * MINUTE,
  lat: 50,
  lon,
  speed,
});
const walk = [point(0, 14), point(10, 14.001), point(14, 14.003)];

describe('a position at a moment', () => {
  it('is between the points around it', () => {
    expect(positionAt(walk, 5 * MINUTE)?.lon).toBeCloseTo(14.0005);
    expect(positionAt(walk, 5 * MINUTE)?.bearing).toBeCloseTo(90, 0);
  });

  it('is unknown before the first point and stays after the last', () => {
    expect(positionAt(walk, -1)).toBeNull();
    expect(positionAt(walk, 60 * MINUTE)).toMatchObject({ lon: 14.003, ageMs: 46 * MINUTE });
  });

  it('does not invent a way through a gap', () => {
    const gap = [point(0, 14), point(60, 14.5)];
    expect(positionAt(gap, 30 * MINUTE)?.lon).toBe(14);
  });
});

describe('a slice', () => {
  it('has interpolated ends', () => {
    const part = slice(walk, 5 * MINUTE, 12 * MINUTE);
    expect(part.map((p) => p.at / MINUTE)).toEqual([5, 10, 12]);
    expect(part[2]?.lon).toBeCloseTo(14.002);
  });

  it('of nothing is nothing', () => {
    expect(slice([], 0, MINUTE)).toEqual([]);
  });
});

describe('runs of speed', () => {
  it('join legs of one band and share the point where it changes', () => {
    const runs = speedRuns([point(0, 14), point(1, 14.001, 1), point(2, 14.02, 15)]);
    expect(runs.map((run) => run.band)).toEqual([0, 2]);
    expect(runs[0]?.line.at(-1)).toEqual(runs[1]?.line[0]);
  });

  it('estimate the speed where the device gave none', () => {
    expect(speedRuns([point(0, 14), point(1, 14.03, null)])[0]?.band).toBe(3);
  });

  it('mark where the way is not known', () => {
    expect(speedRuns([point(0, 14), point(90, 14.5)])[0]?.known).toBe(false);
  });
});

describe('points', () => {
  it('come from columns, in time order, without broken rows', () => {
    const points = toPoints({
      time: ['2026-11-03T10:01:00Z', 'never', '2026-11-03T10:00:00Z'],
      lat: [1, 2, 3],
      lon: [1, 2, 3],
      speed_mps: [null, 1, 2],
    });
    expect(points.map((p) => p.lat)).toEqual([3, 1]);
  });

  it('are appended only when they are newer', () => {
    expect(appended(walk, point(14, 0))).toBe(walk);
    expect(appended(walk, point(15, 0))).toHaveLength(4);
  });
});
