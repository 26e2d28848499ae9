/** Which page an address shows. Pages are loaded when they are first opened. */
import type { Component } from 'svelte';
import type { Route } from './lib/route';

export type Section = 'overview' | 'day' | 'alerts' | 'places' | 'rules' | 'devices' | 'log';

type Loader = () => Promise<{ default: Component<Record<string, string>> }>;

export interface PageMatch {
  key: string;
  section: Section | null;
  load: Loader;
  props: Record<string, string>;
}

const page = (load: () => Promise<{ default: unknown }>) => load as Loader;

const LOADERS = {
  overview: page(() => import('./pages/Overview.svelte')),
  day: page(() => import('./pages/Day.svelte')),
  person: page(() => import('./pages/Person.svelte')),
  alerts: page(() => import('./pages/Alerts.svelte')),
  places: page(() => import('./pages/Places.svelte')),
  rules: page(() => import('./pages/Rules.svelte')),
  devices: page(() => import('./pages/Devices.svelte')),
  device: page(() => import('./pages/Device.svelte')),
  quarantine: page(() => import('./pages/Quarantine.svelte')),
  audit: page(() => import('./pages/Audit.svelte')),
  missing: page(() => import('./pages/Missing.svelte')),
};

export function pageFor({ path }: Route): PageMatch {
  const [first, id, third, fourth] = path;
  const match = (
    key: keyof typeof LOADERS,
    section: Section | null,
    props: Record<string, string> = {},
  ): PageMatch => ({ key, section, load: LOADERS[key], props });

  if (!first) return match('overview', 'overview');
  if (first === 'people' && id && third === 'day') {
    return match('day', 'day', { personId: id, date: fourth ?? '' });
  }
  if (first === 'people' && id && !third) return match('person', 'devices', { personId: id });
  if (first === 'day') return match('day', 'day', { personId: '', date: '' });
  if (first === 'devices' && id) return match('device', 'devices', { deviceId: id });
  if (path.length > 1) return match('missing', null);
  if (first === 'alerts') return match('alerts', 'alerts');
  if (first === 'places') return match('places', 'places');
  if (first === 'rules') return match('rules', 'rules');
  if (first === 'devices') return match('devices', 'devices');
  if (first === 'quarantine') return match('quarantine', 'log');
  if (first === 'audit') return match('audit', 'log');
  return match('missing', null);
}
