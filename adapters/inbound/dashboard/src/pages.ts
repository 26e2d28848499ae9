/** Which page an address shows. Pages are loaded when they are first opened. */
import type { Component } from 'svelte';
import type { Route } from './lib/route';
import { SETTINGS_TABS } from './lib/settings/tabs';

export type Section =
  'overview' | 'day' | 'alerts' | 'places' | 'rules' | 'devices' | 'log' | 'settings';

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
  summary: page(() => import('./pages/person/Summary.svelte')),
  communications: page(() => import('./pages/person/Communications.svelte')),
  traffic: page(() => import('./pages/person/Traffic.svelte')),
  notifications: page(() => import('./pages/settings/Notifications.svelte')),
  categories: page(() => import('./pages/settings/Categories.svelte')),
  contacts: page(() => import('./pages/settings/Contacts.svelte')),
  calendars: page(() => import('./pages/settings/Calendars.svelte')),
  documents: page(() => import('./pages/settings/Documents.svelte')),
  missing: page(() => import('./pages/Missing.svelte')),
};

const OF_A_PERSON = ['summary', 'communications', 'traffic'] as const;

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
  const about = OF_A_PERSON.find((one) => one === third);
  if (first === 'people' && id && about) return match(about, 'devices', { personId: id });
  if (first === 'people' && id && !third) return match('person', 'devices', { personId: id });
  if (first === 'day') return match('day', 'day', { personId: '', date: '' });
  if (first === 'devices' && id) return match('device', 'devices', { deviceId: id });
  if (first === 'settings') {
    const tab = SETTINGS_TABS.find(({ key }) => key === (id ?? 'notifications'));
    return tab ? match(tab.key, 'settings') : match('missing', null);
  }
  if (path.length > 1) return match('missing', null);
  if (first === 'alerts') return match('alerts', 'alerts');
  if (first === 'places') return match('places', 'places');
  if (first === 'rules') return match('rules', 'rules');
  if (first === 'devices') return match('devices', 'devices');
  if (first === 'quarantine') return match('quarantine', 'log');
  if (first === 'audit') return match('audit', 'log');
  return match('missing', null);
}
