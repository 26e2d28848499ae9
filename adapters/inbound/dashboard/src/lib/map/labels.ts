/** HTML labels and small markers: text without glyph files. */
import { Marker, type Map as MapLibre } from 'maplibre-gl';
import type { LatLon } from '../geo/distance';

export interface Label extends LatLon {
  key: string;
  text: string;
  className: string;
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

  #create(label: Label): Marker {
    const element = document.createElement('span');
    element.className = label.className;
    element.textContent = label.text;
    element.setAttribute('role', 'img');
    element.setAttribute('aria-label', label.text);
    return new Marker({ element }).setLngLat([label.lon, label.lat]).addTo(this.map);
  }
}

const keyOf = (label: Label) => `${label.key} ${label.text} ${label.className}`;
