/**
 * A grid in round metres for street zooms, where the offline basemap has nothing to show.
 * Lines follow latitude and longitude, spaced so that squares look square at the middle.
 */
import type { Bounds } from './bounds';

const METRES_PER_DEGREE = 111_195;
const STEPS_M = [
  50, 100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000,
];
const MAX_LINES = 120;

export interface Grid {
  stepM: number;
  lines: { major: boolean; line: [number, number][] }[];
}

export function gridStep(metresPerPixel: number): number {
  const wanted = metresPerPixel * 72;
  return STEPS_M.find((step) => step >= wanted) ?? 1_000_000;
}

export function gridOver(view: Bounds, metresPerPixel: number): Grid {
  const stepM = gridStep(metresPerPixel);
  const stepLat = stepM / METRES_PER_DEGREE;
  // The cosine is taken at a coarse latitude, or the grid would slide while one pans.
  const latitude = Math.round((view.north + view.south) / 2 / (stepLat * 64)) * stepLat * 64;
  const cos = Math.max(0.05, Math.cos((Math.min(85, Math.abs(latitude)) * Math.PI) / 180));
  const stepLon = stepLat / cos;
  const lines: Grid['lines'] = [];
  each(view.west, view.east, stepLon, (lon, major) =>
    lines.push({
      major,
      line: [
        [lon, view.south],
        [lon, view.north],
      ],
    }),
  );
  each(view.south, view.north, stepLat, (lat, major) =>
    lines.push({
      major,
      line: [
        [view.west, lat],
        [view.east, lat],
      ],
    }),
  );
  return { stepM, lines };
}

function each(from: number, to: number, step: number, line: (at: number, major: boolean) => void) {
  const first = Math.ceil(from / step);
  const last = Math.min(Math.floor(to / step), first + MAX_LINES);
  for (let i = first; i <= last; i += 1) line(i * step, i % 5 === 0);
}
