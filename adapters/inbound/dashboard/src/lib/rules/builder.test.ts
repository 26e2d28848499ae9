import { describe, expect, it } from 'vitest';
import type { RuleDraft, RuleTemplate } from '../api/rules';
import { RuleBuilder } from './builder.svelte';
import { within } from './check.svelte';
import { emphasised } from './emphasis';
import { dayWords, scheduleWords } from './schedule';
import { scopeWords } from './scope';
import { startedFrom, templateIcon } from './template';

const rule: RuleDraft = {
  name: 'Skips school',
  scope: { people: [], devices: ['phone'] },
  when: { outside: 'school' },
  hold_s: 600,
  clear_s: 45,
  schedule: { days: ['mon', 'fri'], from: '08:00', to: '24:00', except: 'holidays' },
  cooldown_s: 3_600,
  severity: 'critical',
  channels: ['dashboard', 'mail'],
  also_now: true,
};

describe('the builder', () => {
  it('gives back what it was given', () => {
    expect(new RuleBuilder(rule, '').draft).toEqual(rule);
  });

  it('keeps a scope of several people', () => {
    const several = { ...rule, scope: { people: ['ema', 'tomo'], devices: [] } };
    expect(new RuleBuilder(several, '').draft.scope).toEqual(several.scope);
  });

  it('shows as JSON what is deeper than a list', () => {
    const deep = { ...rule, when: { not: { any: [{ inside: 'a' }, { inside: 'b' }] } } };
    const builder = new RuleBuilder(deep, '');
    expect(builder.json).not.toBeNull();
    expect(builder.listable).toBe(false);
    expect(builder.draft).toEqual(deep);
  });

  it('goes from a list to JSON and back', () => {
    const builder = new RuleBuilder(rule, '');
    builder.editAsJson();
    builder.json = '{"all": [{"charging": true}, {"outside": "school"}]}';
    builder.editAsList();
    expect(builder.json).toBeNull();
    expect(builder.lines.map((line) => line.key)).toEqual(['charging', 'outside']);
  });

  it.each(['{"all": 3', '3', 'null', '{"all": 3}', '{"uses": 3, "not": []}'])(
    'is not upset by %s',
    (json) => {
      const builder = new RuleBuilder(rule, '');
      builder.json = json;
      expect(() => [builder.complete, builder.draft, builder.listable]).not.toThrow();
    },
  );

  it('does not send what has no meaning for the condition', () => {
    const builder = new RuleBuilder(rule, '');
    builder.lines[0]!.key = 'silent_for_s';
    expect(builder.draft).toMatchObject({ hold_s: 0, clear_s: 0 });
  });
});

describe('a template', () => {
  const template: RuleTemplate = {
    id: 'leaves-early',
    title: 'Leaves school early',
    rule: {
      name: 'Leaves school early',
      when: { all: [{ outside: '<place>' }, { charging: false }] },
      schedule: { from: '21:00', to: '06:00', except: '<calendar>' },
    },
    blanks: [
      { blank: '<place>', asks: 'which school' },
      { blank: '<calendar>', asks: 'the days without school' },
    ],
  };

  it('leaves its blanks to be filled in', () => {
    const { draft, asks } = startedFrom(template);
    const builder = new RuleBuilder(draft, 'anywhere');
    expect(asks).toEqual({ place: 'which school', calendar: 'the days without school' });
    expect(builder.complete).toBe(false);
    builder.lines[0]!.place = 'school';
    expect(builder.complete).toBe(true);
    expect(builder.draft.schedule?.days).toHaveLength(7);
    expect(builder.draft.schedule).not.toHaveProperty('except');
    expect(templateIcon(template)).toBe('place');
  });
});

describe('words', () => {
  it('sets names in bold, the longest that fits', () => {
    const pieces = emphasised('When Ema is outside Ema’s school.', ['Ema', 'Ema’s school']);
    expect(pieces.filter((piece) => piece.strong).map((piece) => piece.text)).toEqual([
      'Ema',
      'Ema’s school',
    ]);
    expect(emphasised('When Emanuel moves.', ['Ema'])).toHaveLength(1);
  });

  it('says whom a rule is about', () => {
    const names = { person: () => 'Ema', device: () => undefined };
    expect(scopeWords({ people: [], devices: [] }, names)).toBe('anybody');
    expect(scopeWords({ people: ['a'], devices: ['b'] }, names)).toBe('Ema or a removed device');
  });

  it('finds what a refusal is about', () => {
    expect(within('when.all[1].dwells.for_s', 'when.all[1]')).toBe(true);
    expect(within('when.all[10]', 'when.all[1]')).toBe(false);
    expect(within('schedule.except', 'schedule')).toBe(true);
  });

  it.each([
    [['sat', 'sun'], 'Saturday and Sunday'],
    [['wed'], 'Wednesdays'],
    [['wed', 'mon', 'fri'], 'Mon, Wed and Fri'],
    [[], 'every day'],
  ] as const)('of a schedule on %j are %s', (days, words) => {
    expect(dayWords([...days])).toBe(words);
    expect(scheduleWords({ days: ['sat'], from: '00:00', to: '24:00' })).toBe('Saturdays');
  });
});
