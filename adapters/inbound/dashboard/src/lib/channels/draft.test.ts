import { describe, expect, it } from 'vitest';
import { bodyOf, draftOf } from './draft';

const MINE = { to: 'ana@example.org', zone: 'Europe/Prague' };
const usual = draftOf(null, MINE);

describe('a channel in its form', () => {
  it('starts with who is signed in and where they are', () => {
    expect(bodyOf({ ...usual, name: ' Mail ' })).toEqual({
      name: 'Mail',
      email: { to: 'ana@example.org' },
      gather_s: 30,
      quiet: null,
      time_zone: 'Europe/Prague',
      digest: 'none',
      digest_hour: 8,
    });
  });

  it('says one kind only', () => {
    const hook = bodyOf({ ...usual, kind: 'webhook', url: ' https://example.org ' });
    expect(hook.webhook).toEqual({ url: 'https://example.org' });
    expect(hook).not.toHaveProperty('email');
  });

  it('keeps the subscription of a browser that has not subscribed anew', () => {
    const browser = { ...usual, kind: 'web_push' as const };
    expect(bodyOf(browser)).not.toHaveProperty('web_push');
    const anew = { endpoint: 'https://push.test/1', keys: { p256dh: 'x', auth: 'y' } };
    expect(bodyOf(browser, anew).web_push).toEqual(anew);
  });

  it('opens quiet hours as they were saved', () => {
    const quiet = { days: ['mon' as const], from: '20:00', to: '06:30' };
    const saved = { ...bodyOf(usual), quiet, id: 'c', kind: 'email' as const };
    const health = { failing_since: null, failures: 0, next_try_at: null, last_error: '' };
    const channel = { ...saved, ...health, enabled: true, state: 'ok' as const };
    const { web_push: _, ...known } = channel;
    expect(bodyOf(draftOf(known, MINE)).quiet).toEqual(quiet);
  });
});
