/** The map as the pages speak to it. This file, and MapLibre with it, is loaded on demand. */
import {
  AttributionControl,
  Map as MapLibre,
  NavigationControl,
  ScaleControl,
  setWorkerUrl,
} from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import 'maplibre-gl/dist/maplibre-gl.css';
import type { Place } from '../api/types';
import type { Bounds } from '../geo/bounds';
import type { LatLon } from '../geo/distance';
import { centre, outline } from '../geo/place';
import type { Run, TrackPoint } from '../geo/track';
import { loadWorld, offlineStyle, operatorStyle, paintBasemap } from './basemap';
import { DraftShape, type Draft } from './draft';
import { drawGrid } from './grid-layer';
import { Labels } from './labels';
import { addLayers, paintLayers, setFeatures } from './layers';
import { readPalette } from './palette';
import { PeopleMarkers, type PersonMarker } from './people-markers';

setWorkerUrl(workerUrl);

export interface Insets {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

export interface Handlers {
  click?: (at: LatLon) => void;
  person?: (id: string) => void;
  place?: (id: string) => void;
  draft?: (draft: Draft) => void;
}

export class FieldMap {
  /** Replaced by whichever page shows the map. */
  handlers: Handlers = {};
  insets: Insets = { top: 56, right: 56, bottom: 56, left: 56 };
  #people: PeopleMarkers;
  #placeLabels: Labels;
  #ends: Labels;
  #draft: DraftShape;
  #fitted = false;

  private constructor(private readonly map: MapLibre) {
    this.#placeLabels = new Labels(map);
    this.#ends = new Labels(map);
    this.#people = new PeopleMarkers(map, (id) => this.handlers.person?.(id));
    this.#draft = new DraftShape(map, (draft) => this.handlers.draft?.(draft));
    map.on('click', (event) => this.#clicked(event.point, event.lngLat));
    map.on('moveend', () => drawGrid(map));
    map.on('zoomend', () => this.#tidyLabels());
  }

  static async create(container: HTMLElement, styleUrl: string | null): Promise<FieldMap> {
    const palette = readPalette();
    const own = await operatorStyle(styleUrl);
    const map = new MapLibre({
      container,
      style: own ?? offlineStyle(palette),
      center: [12, 47],
      zoom: 3,
      maxZoom: 19,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      locale: { 'Map.Title': 'Map' },
    });
    map.touchZoomRotate.disableRotation();
    map.keyboard.disableRotation();
    map.addControl(new NavigationControl({ showCompass: false }), 'top-right');
    map.addControl(new ScaleControl({ maxWidth: 110 }), 'bottom-left');
    if (own) map.addControl(new AttributionControl({ compact: true }), 'bottom-right');
    await new Promise<void>((resolve) => map.once('load', () => resolve()));
    addLayers(map, palette);
    if (!own) void loadWorld(map);
    return new FieldMap(map);
  }

  destroy(): void {
    this.map.remove();
  }

  repaint(): void {
    const palette = readPalette();
    paintBasemap(this.map, palette);
    paintLayers(this.map, palette);
  }

  resize(): void {
    this.map.resize();
  }

  setPeople(people: PersonMarker[]): void {
    this.#people.set(people);
  }

  setPlaces(places: Place[], selectedId: string | null = null): void {
    setFeatures(
      this.map,
      'places',
      places.map((place) => ({
        type: 'Feature',
        properties: { id: place.id, selected: place.id === selectedId },
        geometry: { type: 'Polygon', coordinates: [outline(place)] },
      })),
    );
    this.#placeLabels.set(
      places.map((place) => ({
        key: place.id,
        text: place.name,
        className: 'place-label',
        above: Boolean(place.circle),
        ...centre(place),
      })),
    );
    this.#tidyLabels();
  }

  setTrack(runs: Run[], points: TrackPoint[]): void {
    setFeatures(
      this.map,
      'track',
      runs.map((run) => ({
        type: 'Feature',
        properties: { band: run.band, known: run.known },
        geometry: { type: 'LineString', coordinates: run.line },
      })),
    );
    const first = points[0];
    const last = points[points.length - 1];
    const ends = first && last && first !== last ? [end('Start', first), end('End', last)] : [];
    this.#ends.set(ends);
  }

  setStays(stays: LatLon[]): void {
    setFeatures(
      this.map,
      'stays',
      stays.map((at) => point(at)),
    );
  }

  setHighlight(line: LatLon[]): void {
    const only = line[0];
    if (!only) setFeatures(this.map, 'highlight', []);
    else if (line.length === 1) setFeatures(this.map, 'highlight', [point(only)]);
    else {
      const coordinates = line.map(({ lat, lon }) => [lon, lat]);
      setFeatures(this.map, 'highlight', [
        { type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates } },
      ]);
    }
  }

  setDraft(draft: Draft | null): void {
    this.map.getCanvas().style.cursor = draft ? 'crosshair' : '';
    this.#draft.set(draft);
  }

  /** The first fit of a map jumps: flying in from nowhere tells nobody anything. */
  fit(bounds: Bounds | null, { maxZoom = 15.5 } = {}): void {
    if (!bounds) return;
    const { west, south, east, north } = bounds;
    this.map.fitBounds([west, south, east, north], {
      padding: this.insets,
      maxZoom,
      duration: this.#fitted ? 600 : 0,
    });
    this.#fitted = true;
  }

  show(at: LatLon, minZoom = 14): void {
    const zoom = Math.max(minZoom, this.map.getZoom());
    this.map.easeTo({ center: [at.lon, at.lat], zoom, padding: this.insets, duration: 600 });
  }

  /** Pans only when the position would leave the visible part. */
  follow(at: LatLon): void {
    const { x, y } = this.map.project([at.lon, at.lat]);
    const { clientWidth, clientHeight } = this.map.getContainer();
    const { top, right, bottom, left } = this.insets;
    const seen = x > left && y > top && x < clientWidth - right && y < clientHeight - bottom;
    if (!seen) this.map.easeTo({ center: [at.lon, at.lat], padding: this.insets, duration: 300 });
  }

  get centre(): LatLon {
    const { lat, lng } = this.map.getCenter();
    return { lat, lon: lng };
  }

  #clicked(at: { x: number; y: number }, { lat, lng }: { lat: number; lng: number }): void {
    if (this.handlers.click) {
      this.handlers.click({ lat, lon: lng });
      return;
    }
    const [hit] = this.map.queryRenderedFeatures([at.x, at.y], { layers: ['places'] });
    if (hit) this.handlers.place?.(String(hit.properties.id));
  }

  /** From far away places are dots, and names only clutter. */
  #tidyLabels(): void {
    const far = this.map.getZoom() < 8;
    this.map.getContainer().classList.toggle('far', far);
    if (!far) this.#placeLabels.declutter();
  }
}

const point = ({ lat, lon }: LatLon): GeoJSON.Feature => ({
  type: 'Feature',
  properties: {},
  geometry: { type: 'Point', coordinates: [lon, lat] },
});

const end = (text: 'Start' | 'End', { lat, lon }: LatLon) => ({
  key: text,
  text,
  className: `track-end ${text.toLowerCase()}`,
  lat,
  lon,
});
