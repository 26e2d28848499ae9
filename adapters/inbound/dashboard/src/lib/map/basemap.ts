/** The map under everything: the operator's own style, or the coasts and borders we carry. */
import type { FeatureCollection } from 'geojson';
import type { Map as MapLibre, StyleSpecification } from 'maplibre-gl';
import type { Topology } from 'topojson-specification';
import { feature, mesh } from 'topojson-client';
import worldUrl from 'world-atlas/countries-50m.json?url';
import { unwrap } from '../geo/unwrap';
import type { Palette } from './palette';

const empty: FeatureCollection = { type: 'FeatureCollection', features: [] };

export async function operatorStyle(url: string | null): Promise<StyleSpecification | null> {
  if (!url) return null;
  try {
    const answer = await fetch(url);
    return answer.ok ? ((await answer.json()) as StyleSpecification) : null;
  } catch {
    // A broken basemap must not cost the map: the offline one is always there.
    return null;
  }
}

export function offlineStyle(palette: Palette): StyleSpecification {
  return {
    version: 8,
    sources: {
      land: { type: 'geojson', data: empty, tolerance: 0.3 },
      borders: { type: 'geojson', data: empty },
    },
    layers: [
      { id: 'water', type: 'background', paint: { 'background-color': waterColour(palette) } },
      { id: 'land', type: 'fill', source: 'land', paint: { 'fill-color': palette.land } },
      {
        id: 'borders',
        type: 'line',
        source: 'borders',
        maxzoom: 10,
        paint: {
          'line-color': palette.border,
          'line-width': ['interpolate', ['linear'], ['zoom'], 2, 0.6, 8, 1.2],
          'line-opacity': ['interpolate', ['linear'], ['zoom'], 8, 1, 10, 0],
        },
      },
    ],
  };
}

/** Coasts are good to some kilometres: at street zooms they would put houses into the sea. */
function waterColour(palette: Palette) {
  return [
    'interpolate',
    ['linear'],
    ['zoom'],
    8,
    palette.water,
    10,
    palette.land,
  ] as unknown as string;
}

export async function loadWorld(map: MapLibre): Promise<void> {
  const answer = await fetch(worldUrl);
  const world = (await answer.json()) as Topology;
  const { countries } = world.objects;
  if (!countries || !map.getSource('land')) return;
  setData(map, 'land', flat(feature(world, countries)));
  setData(map, 'borders', {
    type: 'Feature',
    properties: {},
    geometry: mesh(world, countries as never, (a, b) => a !== b),
  });
}

function flat(shapes: GeoJSON.Feature | FeatureCollection): FeatureCollection {
  const features = 'features' in shapes ? shapes.features : [shapes];
  return {
    type: 'FeatureCollection',
    features: features.map((shape) => ({ ...shape, geometry: unwrap(shape.geometry) })),
  };
}

function setData(map: MapLibre, id: string, data: GeoJSON.GeoJSON): void {
  const source = map.getSource(id);
  if (source && 'setData' in source) (source as { setData(d: unknown): unknown }).setData(data);
}

export function paintBasemap(map: MapLibre, palette: Palette): void {
  if (!map.getLayer('water')) return;
  map.setPaintProperty('water', 'background-color', waterColour(palette));
  map.setPaintProperty('land', 'fill-color', palette.land);
  map.setPaintProperty('borders', 'line-color', palette.border);
}
