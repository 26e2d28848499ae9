/** The people on the map: avatars that glide to where they are, and make room for each other. */
import { Marker, type Map as MapLibre } from 'maplibre-gl';
import type { LatLon } from '../geo/distance';
import { metresBetween } from '../geo/distance';
import { circleRing } from '../geo/place';
import { initials } from '../labels';
import { setFeatures } from './layers';

export interface PersonMarker extends LatLon {
  id: string;
  name: string;
  hue: number;
  note: string;
  accuracyM: number | null;
  bearing: number | null;
  faded: boolean;
  selected: boolean;
  /** Follows at once, without gliding: the day's slider sets every frame itself. */
  immediate?: boolean;
}

interface Shown {
  marker: Marker;
  element: HTMLButtonElement;
  heading: HTMLElement;
  label: HTMLElement;
  note: HTMLElement;
  at: LatLon;
  wanted: PersonMarker;
  frame: number;
}

const GLIDE_MS = 900;
const GLIDE_UP_TO_M = 5_000;
const TOUCHING_PX = 34;

export class PeopleMarkers {
  #shown = new Map<string, Shown>();

  constructor(
    private readonly map: MapLibre,
    private readonly onselect: (id: string) => void,
  ) {
    map.on('zoomend', () => this.#spread());
  }

  set(people: PersonMarker[]): void {
    for (const [id, shown] of this.#shown) {
      if (people.some((person) => person.id === id)) continue;
      cancelAnimationFrame(shown.frame);
      shown.marker.remove();
      this.#shown.delete(id);
    }
    for (const person of people) this.#update(person);
    this.#spread();
    this.#accuracy();
  }

  #update(person: PersonMarker): void {
    let shown = this.#shown.get(person.id);
    if (!shown) {
      shown = this.#create(person);
      this.#shown.set(person.id, shown);
    }
    const { element, heading, label, note } = shown;
    shown.wanted = person;
    element.classList.toggle('faded', person.faded);
    element.classList.toggle('selected', person.selected);
    element.title = `${person.name} · ${person.note}`;
    label.textContent = person.name;
    note.textContent = `, ${person.note}`;
    heading.hidden = person.bearing === null;
    heading.style.rotate = `${person.bearing ?? 0}deg`;
    this.#move(shown, person);
  }

  #create(person: PersonMarker): Shown {
    const element = document.createElement('button');
    element.type = 'button';
    element.className = 'person-marker';
    const heading = document.createElement('span');
    heading.className = 'heading';
    const face = document.createElement('span');
    face.className = `avatar hue-${person.hue}`;
    face.textContent = initials(person.name);
    face.setAttribute('aria-hidden', 'true');
    const label = document.createElement('span');
    label.className = 'marker-label';
    const note = document.createElement('span');
    note.className = 'sr-only';
    element.append(heading, face, label, note);
    element.addEventListener('click', (event) => {
      event.stopPropagation();
      this.onselect(person.id);
    });
    const marker = new Marker({ element }).setLngLat([person.lon, person.lat]).addTo(this.map);
    // MapLibre names every marker alike; this one is named by what is written in it.
    element.removeAttribute('aria-label');
    return { marker, element, heading, label, note, at: person, wanted: person, frame: 0 };
  }

  #move(shown: Shown, to: PersonMarker): void {
    cancelAnimationFrame(shown.frame);
    const from = shown.at;
    const metres = metresBetween(from, to);
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    if (to.immediate || still || metres < 1 || metres > GLIDE_UP_TO_M) {
      this.#place(shown, to);
      return;
    }
    const start = performance.now();
    const step = (now: number) => {
      const share = Math.min(1, (now - start) / GLIDE_MS);
      const eased = 1 - (1 - share) ** 3;
      this.#place(shown, {
        lat: from.lat + (to.lat - from.lat) * eased,
        lon: from.lon + (to.lon - from.lon) * eased,
      });
      if (share < 1) shown.frame = requestAnimationFrame(step);
      else this.#spread();
    };
    shown.frame = requestAnimationFrame(step);
  }

  #place(shown: Shown, at: LatLon): void {
    shown.at = { lat: at.lat, lon: at.lon };
    shown.marker.setLngLat([at.lon, at.lat]);
  }

  /** A family at home is one point: their faces stand side by side, not on top of each other. */
  #spread(): void {
    const groups: { x: number; y: number; members: Shown[] }[] = [];
    for (const shown of this.#shown.values()) {
      const { x, y } = this.map.project([shown.wanted.lon, shown.wanted.lat]);
      const near = groups.find((g) => Math.hypot(g.x - x, g.y - y) < TOUCHING_PX);
      if (near) near.members.push(shown);
      else groups.push({ x, y, members: [shown] });
    }
    for (const { members } of groups) {
      members.forEach((shown, i) => {
        shown.marker.setOffset([(i - (members.length - 1) / 2) * 40, 0]);
        shown.element.classList.toggle('crowded', members.length > 1);
      });
    }
  }

  #accuracy(): void {
    const features = [...this.#shown.values()].flatMap(({ wanted }) =>
      wanted.accuracyM && wanted.accuracyM > 15
        ? [
            {
              type: 'Feature' as const,
              properties: {},
              geometry: {
                type: 'Polygon' as const,
                coordinates: [circleRing(wanted, Math.min(wanted.accuracyM, 20_000), 48)],
              },
            },
          ]
        : [],
    );
    setFeatures(this.map, 'accuracy', features);
  }
}
