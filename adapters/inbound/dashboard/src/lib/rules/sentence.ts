/** A rule as a sentence: pieces, so that the chosen parts can be set in bold. */
import type { RuleDraft } from '../api/types';
import { duration } from '../time/format';
import { CONDITIONS, conditionKey, placeOf, shownNumber } from './condition';
import { scheduleWords } from './schedule';

export interface Piece {
  text: string;
  strong: boolean;
}

export interface Names {
  person: (id: string) => string | undefined;
  device: (id: string) => string | undefined;
  place: (id: string) => string | undefined;
}

const CHANNEL_NAMES: Record<string, string> = { dashboard: 'the dashboard' };

/** Nothing when the rule holds a condition that this page does not know. */
export function sentence(rule: RuleDraft, names: Names): Piece[] | null {
  const key = conditionKey(rule.when);
  if (!key) return null;
  const pieces: Piece[] = [];
  const plain = (text: string) => pieces.push({ text, strong: false });
  const strong = (text: string) => pieces.push({ text, strong: true });

  plain('When ');
  strong(scopeWords(rule, names));
  plain(' ');
  strong(CONDITIONS[key].words);
  plain(' ');
  strong(argumentWords(rule, names));
  if (rule.hold_s) {
    plain(' for ');
    strong(duration(rule.hold_s));
  }
  if (rule.schedule) {
    plain(' on ');
    strong(scheduleWords(rule.schedule));
  }
  plain(', tell ');
  strong(rule.channels.map((c) => CHANNEL_NAMES[c] ?? c).join(' and ') || 'nobody');
  if (rule.cooldown_s) {
    plain(', at most every ');
    strong(duration(rule.cooldown_s));
  }
  plain('.');
  return pieces;
}

export function plainText(pieces: Piece[]): string {
  return pieces.map((piece) => piece.text).join('');
}

export function scopeWords({ scope }: RuleDraft, names: Names): string {
  const chosen = [
    ...scope.people.map((id) => names.person(id) ?? 'a removed person'),
    ...scope.devices.map((id) => names.device(id) ?? 'a removed device'),
  ];
  if (chosen.length === 0) return 'anybody';
  if (chosen.length === 1) return chosen[0]!;
  return `${chosen.slice(0, -1).join(', ')} or ${chosen[chosen.length - 1]}`;
}

function argumentWords(rule: RuleDraft, names: Names): string {
  const place = placeOf(rule.when);
  if (place !== undefined) return names.place(place) ?? 'a removed place';
  const { speed_over_mps, silent_for_s, battery_below } = rule.when;
  if (speed_over_mps !== undefined) return `${shownNumber('speed_over_mps', speed_over_mps)} km/h`;
  if (silent_for_s !== undefined) return duration(silent_for_s);
  return `${shownNumber('battery_below', battery_below ?? 0)} %`;
}
