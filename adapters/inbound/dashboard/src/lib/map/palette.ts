/** The map's colours, read from the page's own custom properties: one source for both. */
export interface Palette {
  water: string;
  land: string;
  border: string;
  grid: string;
  gridMajor: string;
  casing: string;
  place: string;
  accent: string;
  speeds: [string, string, string, string];
}

export function readPalette(): Palette {
  const probe = document.createElement('span');
  probe.hidden = true;
  document.body.append(probe);
  // A custom property reads back as it was written; a real colour is resolved for the theme.
  const colour = (name: string) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const palette: Palette = {
    water: colour('--map-water'),
    land: colour('--map-land'),
    border: colour('--map-border'),
    grid: colour('--map-grid'),
    gridMajor: colour('--map-grid-major'),
    casing: colour('--map-casing'),
    place: colour('--map-place'),
    accent: colour('--accent'),
    speeds: [colour('--speed-0'), colour('--speed-1'), colour('--speed-2'), colour('--speed-3')],
  };
  probe.remove();
  return palette;
}
