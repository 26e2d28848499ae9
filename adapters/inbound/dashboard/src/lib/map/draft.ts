/** A place being drawn: its shape, and the handles to drag. */
import { Marker, type Map as MapLibre } from 'maplibre-gl';
import type { Corner } from '../api/types';
import { destination, metresBetween, type LatLon } from '../geo/distance';
import { circleRing } from '../geo/place';
import { setFeatures } from './layers';

export type Draft =
  | { kind: 'circle'; centre: LatLon | null; radiusM: number }
  | { kind: 'polygon'; corners: Corner[]; closed: boolean };

export class DraftShape {
  #handles: Marker[] = [];
  #dragging = false;

  constructor(
    private readonly map: MapLibre,
    private readonly onchange: (draft: Draft) => void,
  ) {}

  set(draft: Draft | null): void {
    setFeatures(this.map, 'draft', draft ? features(draft) : []);
    // The handle under the finger must not be replaced while it moves.
    if (this.#dragging) return;
    this.#handles.forEach((handle) => handle.remove());
    this.#handles = [];
    if (draft?.kind === 'circle') this.#circleHandles(draft);
    if (draft?.kind === 'polygon') this.#cornerHandles(draft);
  }

  #circleHandles(draft: Extract<Draft, { kind: 'circle' }>): void {
    const { centre } = draft;
    if (!centre) return;
    let current = draft;
    const edge = () => destination(current.centre ?? centre, 90, current.radiusM);
    const change = (next: typeof draft) => {
      current = next;
      this.onchange(next);
    };
    const rim = this.#handle(edge(), 'Radius', (at) => {
      const radiusM = Math.max(10, Math.round(metresBetween(current.centre ?? centre, at)));
      change({ ...current, radiusM });
    });
    this.#handle(centre, 'Centre', (at) => {
      change({ ...current, centre: at });
      const { lat, lon } = edge();
      rim.setLngLat([lon, lat]);
    });
  }

  #cornerHandles(draft: Extract<Draft, { kind: 'polygon' }>): void {
    let corners = draft.corners;
    draft.corners.forEach(([lat, lon], i) => {
      const first = i === 0 && !draft.closed && corners.length >= 3;
      const handle = this.#handle({ lat, lon }, `Corner ${i + 1}`, (at) => {
        corners = corners.map((corner, j) => (i === j ? [at.lat, at.lon] : corner));
        this.onchange({ ...draft, corners });
      });
      if (!first) return;
      handle.getElement().classList.add('closing');
      handle.getElement().addEventListener('click', (event) => {
        event.stopPropagation();
        this.onchange({ ...draft, corners, closed: true });
      });
    });
  }

  #handle(at: LatLon, label: string, ondrag: (at: LatLon) => void): Marker {
    const element = document.createElement('span');
    element.className = 'draft-handle';
    element.setAttribute('role', 'img');
    element.setAttribute('aria-label', label);
    const handle = new Marker({ element, draggable: true })
      .setLngLat([at.lon, at.lat])
      .addTo(this.map);
    const position = () => {
      const { lat, lng } = handle.getLngLat();
      return { lat, lon: lng };
    };
    handle.on('dragstart', () => (this.#dragging = true));
    handle.on('drag', () => ondrag(position()));
    handle.on('dragend', () => {
      this.#dragging = false;
      ondrag(position());
    });
    this.#handles.push(handle);
    return handle;
  }
}

function features(draft: Draft): GeoJSON.Feature[] {
  if (draft.kind === 'circle') {
    if (!draft.centre) return [];
    return [shape({ type: 'Polygon', coordinates: [circleRing(draft.centre, draft.radiusM)] })];
  }
  const line = draft.corners.map(([lat, lon]): [number, number] => [lon, lat]);
  const first = line[0];
  if (!first) return [];
  if (line.length < 3) return [shape({ type: 'LineString', coordinates: line })];
  return draft.closed
    ? [shape({ type: 'Polygon', coordinates: [[...line, first]] })]
    : [shape({ type: 'LineString', coordinates: line })];
}

const shape = (geometry: GeoJSON.Geometry): GeoJSON.Feature => ({
  type: 'Feature',
  properties: {},
  geometry,
});
