/** Where a person is, in words, from the newest position of their devices. */
import type { Device, Location, Place } from './api/types';
import { nearest, placeAt } from './geo/place';
import { distance, speed } from './units';

export interface Position {
  device: Device;
  location: Location;
  at: number;
}

export function latestPosition(devices: Device[]): Position | null {
  return devices.reduce<Position | null>((best, device) => {
    const location = device.latest?.location;
    if (!location) return best;
    const at = Date.parse(location.time);
    return !best || at > best.at ? { device, location, at } : best;
  }, null);
}

const MOVING_MPS = 1.2;
const FRESH_MS = 10 * 60_000;

export interface Whereabouts {
  text: string;
  place: Place | undefined;
  moving: boolean;
}

export function whereabouts(position: Position, places: Place[], now: number): Whereabouts {
  const { location } = position;
  const place = placeAt(places, location);
  const mps = location.speed_mps ?? 0;
  const moving = mps > MOVING_MPS && now - position.at < FRESH_MS;
  if (place) return { text: place.name, place, moving };
  const near = nearest(places, location);
  const movement = moving ? `Moving, ${speed(mps)}` : 'Elsewhere';
  if (!near || near.metres > 200_000) return { text: movement, place, moving };
  return { text: `${movement}, ${distance(near.metres)} from ${near.place.name}`, place, moving };
}
