/** Every endpoint that the dashboard uses, by subject. */
import { request, type Query } from './http';
import type {
  About,
  Alert,
  AuditEntry,
  Consent,
  Device,
  Enrolment,
  IntakeLine,
  Kind,
  NewToken,
  Page,
  Person,
  Place,
  PlaceShape,
  Platform,
  Policy,
  PullRequest,
  Job,
  Quarantined,
  Rule,
  RuleDraft,
  Schedule,
  SessionAnswer,
  Token,
  TokenAgent,
  TrackColumns,
} from './types';
import type { Calendar, Channel, CheckedRule, RuleTemplate } from './rules';
import type { DaySummary, Timeline } from './timeline';

const get = <T>(path: string, query?: Query, signal?: AbortSignal) =>
  request<T>('GET', path, { query, signal });
const post = <T>(path: string, body: unknown = {}) => request<T>('POST', path, { body });
const patch = <T>(path: string, body: unknown) => request<T>('PATCH', path, { body });
const put = <T>(path: string, body: unknown) => request<T>('PUT', path, { body });
const remove = (path: string) => request<void>('DELETE', path);

/** Lists of configuration are short; the bound keeps a misbehaving cursor from looping. */
async function all<T>(path: string): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < 20; page += 1) {
    const answer: Page<T> = await get<Page<T>>(path, { cursor });
    items.push(...answer.items);
    cursor = answer.next_cursor ?? null;
    if (!cursor) break;
  }
  return items;
}

export const about = () => get<About>('/about');

export const session = {
  current: () => get<SessionAnswer>('/session'),
  start: (email: string, password: string) => post<SessionAnswer>('/session', { email, password }),
  end: () => remove('/session'),
  welcome: (owner: { code: string; account_name: string; email: string; password: string }) =>
    post<SessionAnswer>('/welcome', owner),
};

export interface ConsentDraft {
  kinds: Kind[];
  from?: string;
  to?: string;
  schedule?: Schedule;
}

export const people = {
  list: () => all<Person>('/people'),
  add: (person: { name: string; time_zone: string }) => post<Person>('/people', person),
  change: (id: string, change: { name?: string; time_zone?: string }) =>
    patch<Person>(`/people/${id}`, change),
  timeline: (id: string, date: string, signal?: AbortSignal) =>
    get<Timeline>(`/people/${id}/timeline`, { date }, signal),
  summary: (id: string, from: string, to: string, signal?: AbortSignal) =>
    get<{ days: DaySummary[] }>(`/people/${id}/summary`, { from, to }, signal),
  consents: (id: string) => all<Consent>(`/people/${id}/consents`),
  grant: (id: string, consent: ConsentDraft) => post<Consent>(`/people/${id}/consents`, consent),
  revoke: (id: string, consentId: string) => remove(`/people/${id}/consents/${consentId}`),
};

export interface DeviceDraft {
  person_id: string;
  name: string;
  platform: Platform;
}

export const devices = {
  list: () => all<Device>('/devices'),
  add: (device: DeviceDraft) => post<Device>('/devices', device),
  change: (id: string, change: { name?: string; person_id?: string }) =>
    patch<Device>(`/devices/${id}`, change),
  retire: (id: string) => remove(`/devices/${id}`),
  enrol: (id: string) => post<Enrolment>(`/devices/${id}/enrolment`),
  tokens: (id: string) => all<Token>(`/devices/${id}/tokens`),
  addToken: (id: string, agent: TokenAgent) => post<NewToken>(`/devices/${id}/tokens`, { agent }),
  revokeToken: (id: string, tokenId: string) => remove(`/devices/${id}/tokens/${tokenId}`),
  track: (id: string, from: string, to: string, signal?: AbortSignal) =>
    get<TrackColumns>(`/devices/${id}/track`, { from, to, max_points: 2000 }, signal),
  policy: (id: string) => get<Policy>(`/devices/${id}/policy`),
  setPolicy: (id: string, kinds: Policy['kinds']) =>
    put<Policy>(`/devices/${id}/policy`, { kinds }),
  intake: (id: string, signal?: AbortSignal) =>
    get<Page<IntakeLine>>(`/devices/${id}/intake`, { days: 7 }, signal),
  pulls: (id: string) => all<PullRequest>(`/devices/${id}/pull-requests`),
  pull: (id: string, ask: { kind: Kind; from: string; to: string }) =>
    post<PullRequest>(`/devices/${id}/pull-requests`, ask),
};

export const places = {
  list: () => all<Place>('/places'),
  add: (place: PlaceShape) => post<Place>('/places', place),
  change: (id: string, change: Partial<PlaceShape>) => patch<Place>(`/places/${id}`, change),
  remove: (id: string) => remove(`/places/${id}`),
};

export const rules = {
  list: () => all<Rule>('/rules'),
  add: (rule: RuleDraft) => post<Rule>('/rules', rule),
  change: (id: string, change: Partial<Rule>) => patch<Rule>(`/rules/${id}`, change),
  remove: (id: string) => remove(`/rules/${id}`),
  templates: () => all<RuleTemplate>('/rules/templates'),
  check: (rule: RuleDraft, signal: AbortSignal) =>
    request<CheckedRule>('POST', '/rules/check', { body: rule, signal }),
  /** A job; its result is a BacktestResult. */
  backtest: (rule: RuleDraft, days: number) =>
    post<Job>('/rules/backtest', { rule, days, wait_s: 1 }),
};

/** What a rule can name beside people, devices and places. */
export const channels = { list: () => all<Channel>('/channels') };
export const calendars = { list: () => all<Calendar>('/calendars') };
export const categories = {
  names: async () => {
    const set = await get<{ categories: { name: string }[] }>('/categories');
    return set.categories.map((category) => category.name);
  },
};

export const alerts = {
  page: (filter: { state?: string; cursor?: string | null; limit?: number }) =>
    get<Page<Alert>>('/alerts', filter),
  acknowledge: (id: string) => post<Alert>(`/alerts/${id}/acknowledge`),
};

export const quarantine = {
  page: (cursor?: string | null) => get<Page<Quarantined>>('/quarantine', { cursor }),
  replay: (id: string) => post<void>(`/quarantine/${id}/replay`),
  replayAll: () => post<Job>('/quarantine/replay'),
};
export const jobs = {
  one: (id: string) => get<Job>(`/jobs/${id}`),
  cancel: (id: string) => post<Job>(`/jobs/${id}/cancel`),
};
export const audit = (cursor?: string | null) => get<Page<AuditEntry>>('/audit', { cursor });
