/** Whom a rule is about. Nobody named means everybody. */
import type { RuleDraft } from '../api/rules';

export type Scope = RuleDraft['scope'];

export interface Names {
  person: (id: string) => string | undefined;
  device: (id: string) => string | undefined;
}

export function scopeWords(scope: Scope, names: Names): string {
  const chosen = [
    ...scope.people.map((id) => names.person(id) ?? 'a removed person'),
    ...scope.devices.map((id) => names.device(id) ?? 'a removed device'),
  ];
  if (chosen.length === 0) return 'anybody';
  if (chosen.length === 1) return chosen[0]!;
  return `${chosen.slice(0, -1).join(', ')} or ${chosen.at(-1)}`;
}

/** "" is everybody, "people:ID" or "devices:ID" is one, "several" more than that. */
export function whoOf({ people, devices }: Scope): string {
  if (people.length + devices.length > 1) return 'several';
  if (people[0]) return `people:${people[0]}`;
  return devices[0] ? `devices:${devices[0]}` : '';
}

export function scopeOf(who: string): Scope {
  const [list, id] = who.split(':');
  return {
    people: list === 'people' && id ? [id] : [],
    devices: list === 'devices' && id ? [id] : [],
  };
}
