import { describe, expect, it } from 'vitest';
import type { RuleDraft } from '../api/types';
import { conditionKey, shownNumber, storedNumber } from './condition';
import { dayWords, scheduleWords } from './schedule';
import { plainText, sentence } from './sentence';

const names = {
  person: (id: string) => (id === 'ema' ? 'Ema' : undefined),
  device: (id: string) => (id === 'phone' ? 'Ema’s phone' : undefined),
  place: (id: string) => (id === 'school' ? 'School' : undefined),
};
const rule: RuleDraft = {
  name: 'Skips school',
  scope: { people: [], devices: ['phone'] },
  when: { outside: 'school' },
  hold_s: 600,
  schedule: { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:00', to: '15:00' },
  cooldown_s: 3600,
  severity: 'warning',
  channels: ['dashboard'],
};
const text = (draft: RuleDraft) => plainText(sentence(draft, names) ?? []);

describe('a rule as a sentence', () => {
  it('says everything that is chosen', () => {
    expect(text(rule)).toBe(
      'When Ema’s phone is outside School for 10 min on Monday to Friday 8:00–15:00, ' +
        'tell the dashboard, at most every 1 h.',
    );
  });

  it('leaves out what is not chosen, and means everybody by nobody', () => {
    const bare = {
      ...rule,
      scope: { people: [], devices: [] },
      when: { battery_below: 0.15 },
      hold_s: null,
      schedule: null,
      cooldown_s: null,
    };
    expect(text(bare)).toBe('When anybody has a battery below 15 %, tell the dashboard.');
  });

  it('admits what was removed', () => {
    expect(text({ ...rule, when: { enters: 'gone' } })).toContain('enters a removed place');
  });

  it('shows numbers in the unit people think in', () => {
    expect(text({ ...rule, when: { speed_over_mps: 36.1111 } })).toContain('130 km/h');
    expect(text({ ...rule, when: { silent_for_s: 5400 } })).toContain('1 h 30 min');
    expect(storedNumber('speed_over_mps', 130)).toBeCloseTo(36.1111, 4);
    expect(shownNumber('battery_below', storedNumber('battery_below', 15))).toBe(15);
  });

  it('is left to the server when the condition is not known here', () => {
    expect(sentence({ ...rule, when: {} }, names)).toBeNull();
    expect(conditionKey({ silent_for_s: 60 })).toBe('silent_for_s');
  });
});

describe('a schedule', () => {
  it.each([
    [['sat', 'sun'], 'Saturday and Sunday'],
    [['wed'], 'Wednesdays'],
    [['wed', 'mon', 'fri'], 'Mon, Wed and Fri'],
    [[], 'every day'],
  ] as const)('of %j reads %s', (days, words) => {
    expect(dayWords([...days])).toBe(words);
  });

  it('without bounds names only its days', () => {
    expect(scheduleWords({ days: ['sat'], from: '00:00', to: '24:00' })).toBe('Saturdays');
  });
});
