/** What most pages show: people, their devices, the places, the open alerts; kept live. */
import * as api from '../api';
import type { Alert, Device, Person, Place } from '../api/types';
import { live } from './live.svelte';
import { reduce, withAlert } from './reduce';
import { messageOf } from './toasts.svelte';

class Household {
  people = $state.raw<Person[]>([]);
  devices = $state.raw<Device[]>([]);
  places = $state.raw<Place[]>([]);
  /** The newest alerts of every state, newest first; older ones are paged by the alerts page. */
  alerts = $state.raw<Alert[]>([]);
  loaded = $state(false);
  error = $state<string | null>(null);

  openAlerts = $derived(this.alerts.filter((alert) => alert.state === 'open'));
  activeDevices = $derived(this.devices.filter((device) => device.state !== 'retired'));

  constructor() {
    live.on((event) => {
      const next = reduce({ devices: this.devices, alerts: this.alerts }, event);
      this.devices = next.devices;
      this.alerts = next.alerts;
    });
    live.onResume(() => void this.load());
  }

  async load(): Promise<void> {
    try {
      const [people, devices, places, newest, open] = await Promise.all([
        api.people.list(),
        api.devices.list(),
        api.places.list(),
        api.alerts.page({ limit: 30 }),
        api.alerts.page({ state: 'open', limit: 100 }),
      ]);
      this.people = people;
      this.devices = devices;
      this.places = places;
      this.alerts = [...newest.items, ...open.items].reduce<Alert[]>(withAlert, []);
      this.loaded = true;
      this.error = null;
    } catch (error) {
      this.error = messageOf(error);
    }
  }

  clear(): void {
    this.people = [];
    this.devices = [];
    this.places = [];
    this.alerts = [];
    this.loaded = false;
    this.error = null;
  }

  person = (id: string) => this.people.find((person) => person.id === id);
  device = (id: string) => this.devices.find((device) => device.id === id);
  place = (id: string) => this.places.find((place) => place.id === id);
  devicesOf = (personId: string) => this.activeDevices.filter((d) => d.person_id === personId);
  zoneOf = (personId: string) => this.person(personId)?.time_zone ?? 'UTC';

  /** One of eight colours, different for the first eight people. */
  hueOf = (personId: string) => {
    const ids = this.people.map((person) => person.id).sort();
    return Math.max(0, ids.indexOf(personId)) % 8;
  };

  put(device: Device): void {
    this.devices = reduce(
      { devices: this.devices, alerts: [] },
      { type: 'device', data: device },
    ).devices;
  }

  putPerson(person: Person): void {
    const others = this.people.filter((known) => known.id !== person.id);
    this.people = [...others, person].sort((a, b) => a.name.localeCompare(b.name));
  }

  async acknowledge(id: string): Promise<Alert> {
    const alert = await api.alerts.acknowledge(id);
    this.alerts = withAlert(this.alerts, alert);
    return alert;
  }
}

export const household = new Household();
