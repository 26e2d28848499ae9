/** What the lists know about a person, as a marker. */
import type { Device, Person, Place } from '../api/types';
import { relative } from '../time/format';
import { latestPosition, whereabouts } from '../whereabouts';
import type { PersonMarker } from './people-markers';

const OLD_MS = 60 * 60_000;

export function personMarkers(
  people: Person[],
  devicesOf: (personId: string) => Device[],
  hueOf: (personId: string) => number,
  places: Place[],
  selectedId: string | null,
  now: number,
): PersonMarker[] {
  return people.flatMap((person) => {
    const position = latestPosition(devicesOf(person.id));
    if (!position) return [];
    const { location, at } = position;
    const where = whereabouts(position, places, now);
    return {
      id: person.id,
      name: person.name,
      hue: hueOf(person.id),
      note: `${where.text}, ${relative(at, Math.max(now, at))}`,
      lat: location.lat,
      lon: location.lon,
      accuracyM: location.accuracy_m ?? null,
      bearing: where.moving ? (location.bearing_deg ?? null) : null,
      faded: now - at > OLD_MS,
      selected: person.id === selectedId,
    };
  });
}
