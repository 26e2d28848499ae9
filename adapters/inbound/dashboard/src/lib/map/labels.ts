/** HTML labels and small markers: text without glyph files. */
import { Marker, type Map as MapLibre } from 'maplibre-gl';
import type { LatLon } from '../geo/distance';

export interface Label extends LatLon {
  key: string;
  text: string;
  className: string;
  /** Above its point, so that what is on the point stays visible. */
  above?: boolean;
}

/** Keeps a set of labels on the map equal to a list. */
export class Labels {
  #markers = new Map<string, Marker>();

  constructor(private readonly map: MapLibre) {}

  set(labels: Label[]): void {
    const wanted = new Map(labels.map((label) => [keyOf(label), label]));
    for (const [key, marker] of this.#markers) {
      if (wanted.has(key)) continue;
      marker.remove();
      this.#markers.delete(key);
    }
    for (const [key, label] of wanted) {
      const known = this.#markers.get(key);
      if (known) known.setLngLat([label.lon, label.lat]);
      else this.#markers.set(key, this.#create(label));
    }
  }

  /** Of labels that would lie on top of each other only the first is shown. */
  declutter(): void {
    const shown: { x: number; y: number; half: number }[] = [];
    for (const marker of this.#markers.values()) {
      const element = marker.getElement();
      const { x, y } = this.map.project(marker.getLngLat());
      const half = element.offsetWidth / 2;
      const free = shown.every(
        (other) => Math.abs(other.x - x) > other.half + half + 4 || Math.abs(other.y - y) > 16,
      );
      element.style.visibility = free ? '' : 'hidden';
      if (free) shown.push({ x, y, half });
    }
  }

  #create(label: Label): Marker {
    const element = document.createElement('span');
    element.className = label.className;
    element.textContent = label.text;
    element.setAttribute('role', 'img');
    element.setAttribute('aria-label', label.text);
    const anchor = label.above ? 'bottom' : 'center';
    const offset: [number, number] = [0, label.above ? -9 : 0];
    return new Marker({ element, anchor, offset })
      .setLngLat([label.lon, label.lat])
      .addTo(this.map);
  }
}

const keyOf = (label: Label) => `${label.key} ${label.text} ${label.className}`;
