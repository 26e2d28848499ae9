import { describe, expect, it } from 'vitest';
import type { Channel } from '../api/channels';
import { planWords, sentence, whereTo } from './words';

const channel: Channel = {
  id: 'c',
  name: 'Mail',
  kind: 'email',
  email: { to: 'ana@example.org' },
  enabled: true,
  state: 'ok',
  failing_since: null,
  failures: 0,
  next_try_at: null,
  last_error: '',
  gather_s: 30,
  quiet: null,
  time_zone: 'Europe/Prague',
  digest: 'none',
  digest_hour: 8,
};

describe('what a channel is', () => {
  it('leads to an address, a URL or a push service', () => {
    expect(whereTo(channel)).toBe('ana@example.org');
    const hook = { ...channel, email: undefined, webhook: { url: 'https://example.org/hook' } };
    expect(whereTo(hook)).toBe('https://example.org/hook');
    const browser = { ...channel, email: undefined, web_push: { service: 'https://push.test' } };
    expect(whereTo(browser)).toBe('push.test');
  });

  it.each([
    [{}, 'As it happens, those within 30 s together.'],
    [{ gather_s: 0 }, 'As it happens.'],
    [{ digest: 'hourly' }, 'One message an hour.'],
    [{ digest: 'daily', digest_hour: 18 }, 'One message a day at 18:00, Europe/Prague.'],
  ] as const)('says how often it is told: %o', (change, words) => {
    expect(planWords({ ...channel, ...change })).toBe(words);
  });

  it('says when it is quiet, and in which time', () => {
    const days = ['sat', 'sun'] as const;
    const quiet = { days: [...days], from: '22:00', to: '07:00' };
    expect(planWords({ ...channel, gather_s: 0, quiet, time_zone: 'America/New_York' })).toBe(
      'As it happens. Quiet Saturday and Sunday 22:00–7:00, America/New York.',
    );
  });

  it('makes sentences of reasons', () => {
    expect(sentence('answered 500')).toBe('Answered 500.');
    expect(sentence('Wait.')).toBe('Wait.');
  });
});
