import { household } from '../state/household.svelte';
import type { Names } from './scope';

export const names: Names = {
  person: (id) => household.person(id)?.name,
  device: (id) => household.device(id)?.name,
};

export function knownNames(): string[] {
  const named = [...household.people, ...household.devices, ...household.places];
  return named.map((one) => one.name);
}
