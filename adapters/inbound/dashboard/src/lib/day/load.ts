/** Everything that one day of one person needs from the server. */
import * as api from '../api';
import type { Device } from '../api/types';
import type { DaySummary, Timeline } from '../api/timeline';
import { toPoints, type TrackPoint } from '../geo/track';

export interface Day {
  timeline: Timeline;
  summary: DaySummary | null;
  /** The track of the device that moved most: the one its owner carries. */
  points: TrackPoint[];
  trackDeviceId: string | null;
}

export async function loadDay(
  personId: string,
  date: string,
  devices: Device[],
  signal: AbortSignal,
): Promise<Day> {
  const [timeline, summary] = await Promise.all([
    api.people.timeline(personId, date, signal),
    api.people.summary(personId, date, date, signal),
  ]);
  const tracks = await Promise.all(
    devices
      .filter((device) => device.latest?.location)
      .map(async (device) => {
        const columns = await api.devices.track(device.id, timeline.from, timeline.to, signal);
        return { id: device.id, points: toPoints(columns) };
      }),
  );
  const best = tracks.sort((a, b) => b.points.length - a.points.length)[0];
  return {
    timeline,
    summary: summary.days[0] ?? null,
    points: best?.points ?? [],
    trackDeviceId: best?.id ?? null,
  };
}
