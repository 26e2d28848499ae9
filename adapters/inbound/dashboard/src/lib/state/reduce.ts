/** What live events do to what is shown: pure, so that it can be tested without a server. */
import type { Alert, Device, Latest } from '../api/types';

export interface LiveWorld {
  devices: Device[];
  /** Newest first. */
  alerts: Alert[];
}

export interface ObservationsEvent {
  device_id: string;
  kind: string;
  count: number;
  latest?: { time?: string } | null;
}

export type LiveEvent =
  | { type: 'hello' }
  | { type: 'observations'; data: ObservationsEvent; receivedAt: string }
  | { type: 'alert'; data: Alert }
  | { type: 'device'; data: Device };

export function reduce(world: LiveWorld, event: LiveEvent): LiveWorld {
  switch (event.type) {
    case 'hello':
      return world;
    case 'observations':
      return { ...world, devices: observed(world.devices, event.data, event.receivedAt) };
    case 'alert':
      return { ...world, alerts: withAlert(world.alerts, event.data) };
    case 'device':
      return { ...world, devices: withDevice(world.devices, event.data) };
  }
}

function observed(devices: Device[], event: ObservationsEvent, receivedAt: string): Device[] {
  return devices.map((device) => {
    if (device.id !== event.device_id) return device;
    return {
      ...device,
      last_received_at: receivedAt,
      health: { ...device.health, state: 'ok' as const, ...deviceState(event) },
      latest: newest(device.latest, event),
    };
  });
}

/** Late data must not move anybody back. */
function newest(latest: Latest, event: ObservationsEvent): Latest {
  if (!event.latest) return latest;
  const known = latest[event.kind]?.time;
  const time = event.latest.time;
  if (known && time && Date.parse(time) < Date.parse(known)) return latest;
  return { ...latest, [event.kind]: event.latest };
}

function deviceState(event: ObservationsEvent): { battery?: number; charging?: boolean } {
  if (event.kind !== 'device_state' || !event.latest) return {};
  const { battery, charging } = event.latest as { battery?: unknown; charging?: unknown };
  return {
    ...(typeof battery === 'number' ? { battery } : {}),
    ...(typeof charging === 'boolean' ? { charging } : {}),
  };
}

function withDevice(devices: Device[], device: Device): Device[] {
  return devices.some((known) => known.id === device.id)
    ? devices.map((known) => (known.id === device.id ? device : known))
    : [...devices, device];
}

export function withAlert(alerts: Alert[], alert: Alert): Alert[] {
  const others = alerts.filter((known) => known.id !== alert.id);
  return [...others, alert].sort((a, b) => Date.parse(b.learned_at) - Date.parse(a.learned_at));
}
