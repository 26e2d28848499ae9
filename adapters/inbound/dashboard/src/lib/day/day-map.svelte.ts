/** A day on the map: the track, the stays, the one who moves, and what the list points at. */
import type { Person } from '../api/types';
import { boundsOf } from '../geo/bounds';
import type { LatLon } from '../geo/distance';
import { positionAt, slice, speedRuns, type TrackPoint } from '../geo/track';
import type { FieldMap } from '../map/field-map';
import { household } from '../state/household.svelte';
import { relative } from '../time/format';
import type { Row } from './group';

interface Shown {
  points: TrackPoint[];
  rows: Row[];
  person: Person | undefined;
  at: number;
  shown: Row | null;
  playing: boolean;
}

const OLD_MS = 30 * 60_000;

export class DayMap {
  #map = $state.raw<FieldMap | null>(null);
  #pendingFit = false;
  #focus: number | null = null;

  constructor(private readonly day: () => Shown) {
    const points = $derived(day().points);
    const rows = $derived(day().rows);
    $effect(() => this.#map?.setPlaces(household.places));
    $effect(() => this.#map?.setTrack(speedRuns(points), points));
    $effect(() => this.#map?.setStays(stays(rows)));
    $effect(() => this.#map?.setHighlight(this.#lineOf(day().shown)));
    $effect(() => this.#drawPerson());
  }

  attach(map: FieldMap): void {
    this.#map = map;
    if (this.#pendingFit) this.startAt(this.#focus);
  }

  /** The whole day, or the surroundings of a moment that a link points at. */
  startAt(focus: number | null): void {
    this.#focus = focus;
    this.#pendingFit = !this.#map;
    if (!this.#map) return;
    const { points, rows } = this.day();
    const moment = focus === null ? null : positionAt(points, focus);
    if (moment) this.#map.show(moment, 15);
    else this.#map.fit(boundsOf([...points, ...stays(rows)]));
  }

  showRow(row: Row): void {
    const line = this.#lineOf(row);
    const only = line[0];
    if (only && line.length === 1) this.#map?.show(only, 14);
    else this.#map?.fit(boundsOf(line), { maxZoom: 16 });
  }

  #lineOf(row: Row | null): LatLon[] {
    if (!row) return [];
    const { item, from, to } = row;
    if (item.type === 'stay') return [{ lat: item.lat, lon: item.lon }];
    const { points } = this.day();
    if (item.type === 'trip') return slice(points, from, to);
    const at = positionAt(points, from);
    return at ? [at] : [];
  }

  #drawPerson(): void {
    const { points, person, at, playing } = this.day();
    const map = this.#map;
    if (!map) return;
    const position = person && positionAt(points, at);
    if (!person || !position) {
      map.setPeople([]);
      return;
    }
    map.setPeople([
      {
        id: person.id,
        name: person.name,
        hue: household.hueOf(person.id),
        note: relative(at - position.ageMs, at),
        lat: position.lat,
        lon: position.lon,
        accuracyM: null,
        bearing: position.bearing,
        faded: position.ageMs > OLD_MS,
        selected: true,
        immediate: true,
      },
    ]);
    if (playing) map.follow(position);
  }
}

function stays(rows: Row[]): LatLon[] {
  return rows.flatMap(({ item }) =>
    item.type === 'stay' ? [{ lat: item.lat, lon: item.lon }] : [],
  );
}
