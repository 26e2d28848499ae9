/** An item of the day in words: a title, and what is worth knowing besides. */
import type { Spot, TimelineItem } from '../api/timeline';
import { words } from '../labels';
import { duration } from '../time/format';
import { distance, speed } from '../units';
import type { IconName } from '../ui/icons';
import { siteOf } from './group';

export interface Description {
  icon: IconName;
  title: string;
  detail: string;
}

export function describe(item: TimelineItem): Description {
  switch (item.type) {
    case 'stay': {
      const lasting = `${item.open ? 'here for ' : ''}${duration(item.duration_s)}`;
      return { icon: 'place', title: spotName(item), detail: lasting };
    }
    case 'trip': {
      const parts = [duration(item.duration_s), `${speed(item.average_speed_mps)} on average`];
      if (item.top_speed_mps !== null) parts.push(`${speed(item.top_speed_mps)} at most`);
      if (item.stops.length > 0) parts.push(stops(item.stops.length));
      const ends = `${spotName(item.start)} to ${spotName(item.end)}`;
      return {
        icon: 'trip',
        title: `Trip of ${distance(item.distance_m)}`,
        detail: join([ends, ...parts]),
      };
    }
    case 'gap':
      return { icon: 'gap', title: 'No positions', detail: duration(item.duration_s) };
    case 'conflict':
      return {
        icon: 'alert',
        title: 'Two devices in use, far apart',
        detail: join([
          `one at ${spotName(item.here)}, one at ${spotName(item.there)}`,
          duration(item.duration_s),
        ]),
      };
    case 'session':
      return {
        icon: 'app',
        title: item.app,
        detail: join([duration(item.duration_s), item.title]),
      };
    case 'visit':
      return {
        icon: 'web',
        title: siteOf(item.url),
        detail: join([item.duration_s > 0 ? duration(item.duration_s) : null, item.title]),
      };
    case 'presence':
      return {
        icon: 'presence',
        title: words(item.status),
        detail: duration(item.duration_s),
      };
    case 'message':
      return {
        icon: 'message',
        title: `${incoming(item.direction) ? 'From' : 'To'} ${item.counterpart}`,
        detail: join([words(item.channel), item.text && `“${item.text}”`]),
      };
    case 'call':
      return {
        icon: 'call',
        title: `${incoming(item.direction) ? 'Call from' : 'Call to'} ${item.counterpart}`,
        detail: join([item.duration_s > 0 ? duration(item.duration_s) : null, words(item.outcome)]),
      };
    case 'place_transition':
      return {
        icon: 'arrival',
        title: `${item.event.startsWith('enter') ? 'Arrived at' : 'Left'} ${item.place}`,
        detail: 'reported by the device',
      };
  }
}

/** A place's name, or the town that it is near. */
export const spotName = (spot: Spot) =>
  spot.place_name ?? (spot.town ? `Near ${spot.town.name}` : 'Somewhere else');

const stops = (count: number) => (count === 1 ? '1 stop' : `${count} stops`);

const incoming = (direction: string) => direction === 'received';

const join = (parts: (string | null | undefined)[]) => parts.filter(Boolean).join(' · ');
