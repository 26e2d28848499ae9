/**
 * Rings across the date line. world-atlas joins them on the sphere: their longitudes jump from
 * 180 to -180, which a flat map would fill as a band around the world.
 */
type Ring = GeoJSON.Position[];

export function unwrapRing(ring: Ring): Ring {
  const unwrapped: Ring = [];
  let shift = 0;
  ring.forEach(([lon = 0, lat = 0], i) => {
    const previous = ring[i - 1]?.[0] ?? lon;
    if (lon - previous > 180) shift -= 360;
    else if (lon - previous < -180) shift += 360;
    unwrapped.push([lon + shift, lat]);
  });
  return shift === 0 ? unwrapped : closedAroundPole(unwrapped);
}

/** A ring that goes once around the world encloses a pole: on a flat map, its whole edge. */
function closedAroundPole(ring: Ring): Ring {
  const [first, last] = [ring[0], ring[ring.length - 1]];
  if (!first || !last) return ring;
  const pole = (first[1] ?? 0) < 0 ? -90 : 90;
  return [...ring, [last[0] ?? 0, pole], [first[0] ?? 0, pole], first];
}

export function unwrap(geometry: GeoJSON.Geometry): GeoJSON.Geometry {
  if (geometry.type === 'Polygon') {
    return { ...geometry, coordinates: geometry.coordinates.map(unwrapRing) };
  }
  if (geometry.type === 'MultiPolygon') {
    const coordinates = geometry.coordinates.map((polygon) => polygon.map(unwrapRing));
    return { ...geometry, coordinates };
  }
  return geometry;
}
