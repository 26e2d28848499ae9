/** A place being drawn or changed: the steps, and what the server said about it. */
import * as api from '../api';
import { ApiError } from '../api/http';
import type { Corner, Place, PlaceShape } from '../api/types';
import type { LatLon } from '../geo/distance';
import { crossesItself } from '../geo/place';
import type { Draft } from '../map/draft';
import { household } from '../state/household.svelte';
import { messageOf } from '../state/toasts.svelte';

const USUAL_RADIUS_M = 150;

export class PlaceEditor {
  draft = $state.raw<Draft | null>(null);
  name = $state('');
  /** The place being changed; none for a new one. */
  id = $state<string | null>(null);
  problem = $state.raw<unknown>(null);
  busy = $state(false);

  drawn = $derived.by(() => {
    if (this.draft?.kind === 'circle') return this.draft.centre !== null;
    return this.draft !== null && this.draft.closed && this.draft.corners.length >= 3;
  });
  general = $derived.by(() => {
    if (!this.problem) return '';
    const known = ['name', 'circle', 'polygon'].some((field) => this.errorOf(field));
    return known ? '' : messageOf(this.problem);
  });

  start(kind: Draft['kind']): void {
    this.#reset();
    this.draft =
      kind === 'circle'
        ? { kind, centre: null, radiusM: USUAL_RADIUS_M }
        : { kind, corners: [], closed: false };
  }

  edit(place: Place): void {
    this.#reset();
    this.id = place.id;
    this.name = place.name;
    if (place.circle) {
      const { lat, lon, radius_m } = place.circle;
      this.draft = { kind: 'circle', centre: { lat, lon }, radiusM: radius_m };
    } else {
      this.draft = { kind: 'polygon', corners: place.polygon ?? [], closed: true };
    }
  }

  cancel(): void {
    this.#reset();
  }

  /** A click on the map: the centre of a circle, or one more corner. */
  click(at: LatLon): void {
    const { draft } = this;
    if (!draft) return;
    if (draft.kind === 'circle') this.draft = { ...draft, centre: at };
    else if (!draft.closed) {
      const corner: Corner = [at.lat, at.lon];
      this.draft = { ...draft, corners: [...draft.corners, corner] };
    }
  }

  undo(): void {
    const { draft } = this;
    if (draft?.kind !== 'polygon') return;
    this.draft = draft.closed
      ? { ...draft, closed: false }
      : { ...draft, corners: draft.corners.slice(0, -1) };
  }

  close(): void {
    const { draft } = this;
    if (draft?.kind === 'polygon' && draft.corners.length >= 3)
      this.draft = { ...draft, closed: true };
  }

  errorOf(field: string): string | undefined {
    return this.problem instanceof ApiError ? this.problem.of(field) : undefined;
  }

  async save(): Promise<Place | null> {
    const shape = this.#shape();
    if (!shape) return null;
    this.busy = true;
    try {
      const place = this.id ? await api.places.change(this.id, shape) : await api.places.add(shape);
      household.places = await api.places.list();
      this.#reset();
      return place;
    } catch (error) {
      this.problem = error;
      return null;
    } finally {
      this.busy = false;
    }
  }

  #shape(): PlaceShape | null {
    const { draft } = this;
    const name = this.name.trim();
    if (draft?.kind === 'circle' && draft.centre) {
      return { name, circle: { ...draft.centre, radius_m: draft.radiusM } };
    }
    if (draft?.kind !== 'polygon' || !draft.closed) return null;
    if (crossesItself(draft.corners)) {
      this.problem = new ApiError(0, 'The outline crosses itself.', [
        { field: 'polygon', reason: 'The outline crosses itself. Drag the corners apart.' },
      ]);
      return null;
    }
    return { name, polygon: draft.corners };
  }

  #reset(): void {
    this.draft = null;
    this.name = '';
    this.id = null;
    this.problem = null;
  }
}
