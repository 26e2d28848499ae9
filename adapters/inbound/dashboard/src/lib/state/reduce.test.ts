import { describe, expect, it } from 'vitest';
import type { Alert, Device } from '../api/types';
import { reduce, type LiveEvent, type LiveWorld } from './reduce';

const device = (id: string): Device => ({
  id,
  person_id: 'ema',
  name: id,
  platform: 'android',
  state: 'enrolled',
  agent: null,
  created_at: '2026-11-01T00:00:00Z',
  last_received_at: null,
  health: { state: 'silent', battery: 0.8, charging: false, network: null },
  latest: { location: { time: '2026-11-03T10:00:00Z', lat: 50, lon: 14 } },
});
const alert = (id: string, learned_at: string, state: Alert['state'] = 'open') =>
  ({ id, learned_at, state }) as Alert;
const world: LiveWorld = { devices: [device('phone'), device('laptop')], alerts: [] };

const location = (time: string, lat: number): LiveEvent => ({
  type: 'observations',
  receivedAt: '2026-11-03T10:05:00Z',
  data: { device_id: 'phone', kind: 'location', count: 1, latest: { time, lat, lon: 14 } as never },
});

describe('live events', () => {
  it('move the device they are about, and wake it', () => {
    const next = reduce(world, location('2026-11-03T10:04:00Z', 51));
    expect(next.devices[0]?.latest.location?.lat).toBe(51);
    expect(next.devices[0]?.health.state).toBe('ok');
    expect(next.devices[0]?.last_received_at).toBe('2026-11-03T10:05:00Z');
    expect(next.devices[1]).toBe(world.devices[1]);
  });

  it('never move anybody back in time', () => {
    const next = reduce(world, location('2026-11-03T09:00:00Z', 51));
    expect(next.devices[0]?.latest.location?.lat).toBe(50);
  });

  it('count as a sign of life even without a newest observation', () => {
    const next = reduce(world, {
      type: 'observations',
      receivedAt: '2026-11-03T10:05:00Z',
      data: { device_id: 'phone', kind: 'location', count: 300, latest: null },
    });
    expect(next.devices[0]?.latest.location?.lat).toBe(50);
    expect(next.devices[0]?.health.state).toBe('ok');
  });

  it('carry the battery', () => {
    const next = reduce(world, {
      type: 'observations',
      receivedAt: '2026-11-03T10:05:00Z',
      data: {
        device_id: 'phone',
        kind: 'device_state',
        count: 1,
        latest: { time: '2026-11-03T10:05:00Z', battery: 0.4, charging: true } as never,
      },
    });
    expect(next.devices[0]?.health).toMatchObject({ battery: 0.4, charging: true });
  });

  it('add alerts newest first, and replace one that changed', () => {
    const first = reduce(world, { type: 'alert', data: alert('a', '2026-11-03T10:00:00Z') });
    const second = reduce(first, { type: 'alert', data: alert('b', '2026-11-03T11:00:00Z') });
    expect(second.alerts.map((a) => a.id)).toEqual(['b', 'a']);
    const third = reduce(second, {
      type: 'alert',
      data: alert('a', '2026-11-03T10:00:00Z', 'acknowledged'),
    });
    expect(third.alerts.map((a) => a.state)).toEqual(['open', 'acknowledged']);
  });

  it('add and replace devices', () => {
    const next = reduce(world, { type: 'device', data: { ...device('phone'), name: 'New name' } });
    expect(next.devices.map((d) => d.name)).toEqual(['New name', 'laptop']);
    expect(reduce(world, { type: 'device', data: device('tablet') }).devices).toHaveLength(3);
  });
});
