/** Templates: rules whose blanks are still to be filled in. */
import type { Condition, RuleDraft, RuleTemplate } from '../api/rules';
import type { IconName } from '../ui/icons';
import { WEEKDAYS } from './schedule';

export interface Started {
  draft: RuleDraft;
  /** What the blanks ask for, by what they stand for. */
  asks: { place?: string; calendar?: string };
}

/** The template as a draft: an empty text stands where a blank was. */
export function startedFrom(template: RuleTemplate): Started {
  const blanks = new Map(template.blanks.map(({ blank, asks }) => [blank, asks]));
  const emptied = (_: string, value: unknown) =>
    typeof value === 'string' && blanks.has(value) ? '' : value;
  const rule = JSON.parse(JSON.stringify(template.rule), emptied) as RuleTemplate['rule'];
  const schedule = rule.schedule && {
    days: [...WEEKDAYS],
    from: '00:00',
    to: '24:00',
    ...rule.schedule,
  };
  return {
    draft: {
      scope: { people: [], devices: [] },
      severity: 'info',
      channels: ['dashboard'],
      ...rule,
      schedule,
    },
    asks: {
      place: blanks.get('<place>') ?? blanks.get('<home>'),
      calendar: blanks.get('<calendar>'),
    },
  };
}

const ICONS_BY_CONDITION: readonly (readonly [keyof Condition, IconName])[] = [
  ['used_over', 'app'],
  ['uses', 'app'],
  ['battery_below', 'battery'],
  ['silent_for_s', 'phone'],
  ['speed_over_mps', 'trip'],
  ['communicates', 'message'],
  ['keyword', 'message'],
  ['traffic_over', 'web'],
  ['enters', 'arrival'],
];

/** Of several conditions the first decides. */
export function templateIcon({ rule }: RuleTemplate): IconName {
  const first = rule.when.all?.[0] ?? rule.when.any?.[0] ?? rule.when;
  return ICONS_BY_CONDITION.find(([key]) => first[key] !== undefined)?.[1] ?? 'place';
}
