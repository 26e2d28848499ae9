import { household } from '../state/household.svelte';
import type { Names } from './sentence';

export const names: Names = {
  person: (id) => household.person(id)?.name,
  device: (id) => household.device(id)?.name,
  place: (id) => household.place(id)?.name,
};
