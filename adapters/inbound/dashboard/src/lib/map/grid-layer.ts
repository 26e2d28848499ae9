/** The grid of the offline map, redrawn for the view after each move. */
import type { Map as MapLibre } from 'maplibre-gl';
import { gridOver } from '../geo/grid';
import { setFeatures } from './layers';

const FROM_ZOOM = 7;

export function drawGrid(map: MapLibre): void {
  // An operator's own basemap has streets to go by.
  if (map.getZoom() < FROM_ZOOM || !map.getLayer('water')) return;
  const view = map.getBounds();
  const [west, east] = [view.getWest(), view.getEast()];
  const [south, north] = [view.getSouth(), view.getNorth()];
  // Half a view more on each side, so that one can pan before the next drawing.
  const marginX = (east - west) / 2;
  const marginY = (north - south) / 2;
  const metresPerPixel = ((north - south) * 111_195) / map.getContainer().clientHeight;
  const around = {
    west: west - marginX,
    east: east + marginX,
    south: south - marginY,
    north: north + marginY,
  };
  setFeatures(
    map,
    'grid',
    gridOver(around, metresPerPixel).lines.map(({ major, line }) => ({
      type: 'Feature',
      properties: { major },
      geometry: { type: 'LineString', coordinates: line },
    })),
  );
}
