/** One condition as a line of a form. What one kind of condition does not use is left alone. */
import type { Condition, NetworkInterface, PresenceStatus, Subject, WordField } from '../api/rules';
import { WORD_FIELDS } from '../api/rules';
import {
  CONDITION_KEYS,
  CONDITIONS,
  PLACE_KEYS,
  shownNumber,
  storedNumber,
  unitFor,
  unitNamed,
  type ConditionKey,
} from './condition';

export type Whom = 'stranger' | 'anybody' | 'named';
export type SubjectKind = 'category' | 'app' | 'site';

export interface Line {
  key: ConditionKey;
  not: boolean;
  place: string;
  number: number | null;
  unit: string;
  /** The number as it is stored, while nobody has changed what is shown of it. */
  exact: number | null;
  charging: 'on' | 'off';
  presence: PresenceStatus;
  what: SubjectKind;
  subject: string;
  /** Minutes before the end of a quota, as they are typed: "15, 5". */
  warnings: string;
  /** One a line. */
  words: string;
  fields: WordField[];
  whom: Whom;
  counterpart: string;
  by: 'both' | 'message' | 'call';
  direction: '' | 'sent' | 'received';
  per: 'day' | 'month';
  via: '' | NetworkInterface;
  app: string;
  text: string;
}

export function newLine(key: ConditionKey, place = ''): Line {
  const line: Line = {
    key,
    not: false,
    place,
    number: null,
    unit: '',
    exact: null,
    charging: 'off',
    presence: 'active',
    what: 'category',
    subject: '',
    warnings: '',
    words: '',
    fields: [...WORD_FIELDS],
    whom: 'stranger',
    counterpart: '',
    by: 'both',
    direction: 'received',
    per: 'month',
    via: '',
    app: '',
    text: '',
  };
  return { ...line, ...chosen(line, key) };
}

/** What changes when another condition is chosen: its usual number comes with it. */
export function chosen(line: Line, key: ConditionKey): Partial<Line> {
  const { usual, lasts } = CONDITIONS[key];
  const not = line.not && lasts;
  return { key, not, number: usual?.number ?? null, unit: usual?.unit ?? '', exact: null };
}

/** Nothing when it is a combination, or of a kind that is not known here. */
export function lineOf(condition: Condition): Line | null {
  if (condition.not) {
    const inner = lineOf(condition.not);
    return inner && !inner.not && CONDITIONS[inner.key].lasts ? { ...inner, not: true } : null;
  }
  const key = CONDITION_KEYS.find((one) => condition[one] !== undefined);
  return key ? { ...newLine(key), ...read(key, condition) } : null;
}

function read(key: ConditionKey, when: Condition): Partial<Line> {
  if (when.dwells) return { place: when.dwells.place, ...amount(key, when.dwells.for_s) };
  if (when.charging !== undefined) return { charging: when.charging ? 'on' : 'off' };
  if (when.presence) return { presence: when.presence };
  if (when.uses) return subject(when.uses);
  if (when.used_over) {
    const { per_day_s, warn_at_s = [], ...rest } = when.used_over;
    const warnings = warn_at_s.map((seconds) => seconds / 60).join(', ');
    return { ...subject(rest), ...amount(key, per_day_s), warnings };
  }
  if (when.keyword) {
    return { words: when.keyword.words.join('\n'), fields: when.keyword.in ?? [...WORD_FIELDS] };
  }
  if (when.communicates) return communication(when.communicates);
  if (when.traffic_over) {
    const { bytes, per, interface: via, app } = when.traffic_over;
    return { per, via: via ?? '', app: app ?? '', ...amount(key, bytes) };
  }
  if (when.expression !== undefined) return { text: when.expression };
  const value = when[key];
  return typeof value === 'number' ? amount(key, value) : { place: String(value ?? '') };
}

function amount(key: ConditionKey, stored: number): Partial<Line> {
  const unit = unitFor(key, stored);
  return { number: shownNumber(stored, unit), unit: unit.label, exact: stored };
}

function subject({ app, site, category }: Subject): Partial<Line> {
  if (app !== undefined) return { what: 'app', subject: app };
  if (site !== undefined) return { what: 'site', subject: site };
  return { what: 'category', subject: category ?? '' };
}

function communication(given: NonNullable<Condition['communicates']>): Partial<Line> {
  const someone = given.with === 'stranger' || given.with === 'anybody';
  const by = given.by ?? [];
  return {
    whom: someone ? (given.with as Whom) : 'named',
    counterpart: someone ? '' : given.with,
    by: by.length === 1 ? by[0]! : 'both',
    direction: given.direction ?? '',
  };
}

/** Its JSON form; `lineOf` reads it back. */
export function conditionOf(line: Line): Condition {
  const condition = plain(line);
  return line.not ? { not: condition } : condition;
}

function plain(line: Line): Condition {
  const { key } = line;
  if (key === 'dwells') return { dwells: { place: line.place, for_s: stored(line) } };
  if (PLACE_KEYS.includes(key)) return { [key]: line.place };
  if (key === 'charging') return { charging: line.charging === 'on' };
  if (key === 'presence') return { presence: line.presence };
  if (key === 'uses') return { uses: { [line.what]: line.subject.trim() } };
  if (key === 'used_over') {
    const warn_at_s = numbersIn(line.warnings).map((minutes) => minutes * 60);
    const quota = { [line.what]: line.subject.trim(), per_day_s: stored(line) };
    return { used_over: warn_at_s.length ? { ...quota, warn_at_s } : quota };
  }
  if (key === 'keyword') return { keyword: { words: wordsIn(line.words), in: line.fields } };
  if (key === 'communicates') return { communicates: whomAndHow(line) };
  if (key === 'traffic_over') {
    const via = line.via ? { interface: line.via } : {};
    const app = line.app.trim() ? { app: line.app.trim() } : {};
    return { traffic_over: { bytes: Math.round(stored(line)), per: line.per, ...via, ...app } };
  }
  if (key === 'expression') return { expression: line.text };
  return { [key]: stored(line) };
}

function whomAndHow(line: Line): NonNullable<Condition['communicates']> {
  return {
    with: line.whom === 'named' ? line.counterpart.trim() : line.whom,
    by: line.by === 'both' ? ['message', 'call'] : [line.by],
    ...(line.direction ? { direction: line.direction } : {}),
  };
}

function stored(line: Line): number {
  const unit = unitNamed(line.key, line.unit);
  const shown = line.number ?? 0;
  const untouched = line.exact !== null && shownNumber(line.exact, unit) === shown;
  return untouched ? line.exact! : storedNumber(shown, unit);
}

export function wordsIn(text: string): string[] {
  return text.split('\n').map((word) => word.trim()).filter(Boolean);
}

function numbersIn(text: string): number[] {
  return text.split(/[\s,;]+/).filter(Boolean).map(Number);
}

/** Whether all its blanks are filled in; whether it can work is for the server to say. */
export function isComplete(line: Line): boolean {
  if (PLACE_KEYS.includes(line.key) && !line.place) return false;
  if (CONDITIONS[line.key].units && !Number.isFinite(line.number ?? NaN)) return false;
  switch (line.key) {
    case 'uses':
      return line.subject.trim() !== '';
    case 'used_over':
      return line.subject.trim() !== '' && numbersIn(line.warnings).every(Number.isFinite);
    case 'keyword':
      return wordsIn(line.words).length > 0;
    case 'communicates':
      return line.whom !== 'named' || line.counterpart.trim() !== '';
    case 'expression':
      return line.text.trim() !== '';
    default:
      return true;
  }
}
