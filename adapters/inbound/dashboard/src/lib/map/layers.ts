/** Our own sources and layers above the basemap, and their colours. */
import type { Feature, FeatureCollection } from 'geojson';
import type { GeoJSONSource, LayerSpecification, Map as MapLibre } from 'maplibre-gl';
import type { Palette } from './palette';

export const SOURCES = [
  'grid',
  'places',
  'accuracy',
  'track',
  'stays',
  'highlight',
  'draft',
] as const;
export type SourceName = (typeof SOURCES)[number];

export function setFeatures(map: MapLibre, source: SourceName, features: Feature[]): void {
  const data: FeatureCollection = { type: 'FeatureCollection', features };
  map.getSource<GeoJSONSource>(source)?.setData(data);
}

export function addLayers(map: MapLibre, palette: Palette): void {
  for (const id of SOURCES) {
    map.addSource(id, { type: 'geojson', data: { type: 'FeatureCollection', features: [] } });
  }
  layers(palette).forEach((layer) => map.addLayer(layer));
}

export function paintLayers(map: MapLibre, palette: Palette): void {
  for (const layer of layers(palette)) {
    for (const [name, value] of Object.entries(layer.paint ?? {})) {
      map.setPaintProperty(layer.id, name as never, value as never);
    }
  }
}

function layers(palette: Palette): LayerSpecification[] {
  const width = ['interpolate', ['linear'], ['zoom'], 8, 3, 15, 5] as const;
  const casing = ['interpolate', ['linear'], ['zoom'], 8, 5.5, 15, 8.5] as const;
  const round = { 'line-cap': 'round', 'line-join': 'round' } as const;
  const known = ['get', 'known'] as const;
  const speedColour = [
    'match',
    ['get', 'band'],
    0,
    palette.speeds[0],
    1,
    palette.speeds[1],
    2,
    palette.speeds[2],
    palette.speeds[3],
  ];
  const all: unknown[] = [
    {
      id: 'grid',
      type: 'line',
      source: 'grid',
      minzoom: 7,
      paint: {
        'line-color': ['case', ['get', 'major'], palette.gridMajor, palette.grid],
        'line-width': 1,
        'line-opacity': ['interpolate', ['linear'], ['zoom'], 7, 0, 9, 1],
      },
    },
    {
      id: 'places',
      type: 'fill',
      source: 'places',
      paint: {
        'fill-color': palette.place,
        'fill-opacity': ['case', ['get', 'selected'], 0.26, 0.13],
      },
    },
    {
      id: 'places-outline',
      type: 'line',
      source: 'places',
      paint: {
        'line-color': palette.place,
        'line-width': ['case', ['get', 'selected'], 2.5, 1.3],
        'line-opacity': 0.75,
      },
    },
    {
      id: 'accuracy',
      type: 'fill',
      source: 'accuracy',
      paint: { 'fill-color': palette.speeds[1], 'fill-opacity': 0.12 },
    },
    {
      id: 'track-casing',
      type: 'line',
      source: 'track',
      filter: known,
      layout: round,
      paint: { 'line-color': palette.casing, 'line-width': casing },
    },
    {
      id: 'track',
      type: 'line',
      source: 'track',
      filter: known,
      layout: round,
      paint: { 'line-color': speedColour, 'line-width': width },
    },
    {
      id: 'track-unknown',
      type: 'line',
      source: 'track',
      filter: ['!', known],
      paint: {
        'line-color': palette.border,
        'line-width': 2,
        'line-dasharray': [2, 2],
      },
    },
    {
      id: 'stays',
      type: 'circle',
      source: 'stays',
      paint: {
        'circle-radius': 6,
        'circle-color': palette.casing,
        'circle-stroke-color': palette.speeds[0],
        'circle-stroke-width': 3,
      },
    },
    {
      id: 'highlight-casing',
      type: 'line',
      source: 'highlight',
      layout: round,
      paint: { 'line-color': palette.casing, 'line-width': 12 },
    },
    {
      id: 'highlight',
      type: 'line',
      source: 'highlight',
      layout: round,
      paint: { 'line-color': palette.accent, 'line-width': 7 },
    },
    {
      id: 'highlight-point',
      type: 'circle',
      source: 'highlight',
      filter: ['==', ['geometry-type'], 'Point'],
      paint: {
        'circle-radius': 13,
        'circle-color': palette.accent,
        'circle-opacity': 0.25,
        'circle-stroke-color': palette.accent,
        'circle-stroke-width': 2.5,
      },
    },
    {
      id: 'draft',
      type: 'fill',
      source: 'draft',
      filter: ['==', ['geometry-type'], 'Polygon'],
      paint: { 'fill-color': palette.accent, 'fill-opacity': 0.22 },
    },
    {
      id: 'draft-outline',
      type: 'line',
      source: 'draft',
      layout: round,
      paint: { 'line-color': palette.accent, 'line-width': 2.5 },
    },
  ];
  return all as LayerSpecification[];
}
