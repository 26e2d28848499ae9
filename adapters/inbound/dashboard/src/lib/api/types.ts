/** The dashboard API as it travels. Times are RFC 3339 in UTC. */
import type { Severity } from './rules';

export type { Condition, Rule, RuleDraft, Severity } from './rules';

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

export interface About {
  version: string;
  demo: boolean;
  demo_email: string | null;
  demo_password: string | null;
  /** Nobody has an account yet: the server's log shows the welcome link. */
  first_start?: boolean;
  basemap_style?: string | null;
}

export type Role = 'owner' | 'manager' | 'viewer';

export interface SessionAnswer {
  user: { id: string; email: string; role: Role };
  account: { id: string; name: string };
  csrf_token: string;
}

export interface Person {
  id: string;
  name: string;
  time_zone: string;
  created_at: string;
}

export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';

export interface Schedule {
  days: Weekday[];
  from: string;
  to: string;
}

export interface Consent {
  id: string;
  kinds: Kind[];
  from: string | null;
  to: string | null;
  schedule: Schedule | null;
  granted_at: string;
  revoked_at: string | null;
  version: number;
}

export const KINDS = [
  'location',
  'place_transition',
  'web_visit',
  'app_use',
  'presence',
  'message',
  'call',
  'traffic',
  'device_state',
  'document',
] as const;
export type Kind = (typeof KINDS)[number];

export const PLATFORMS = ['android', 'ios', 'windows', 'macos', 'linux', 'other'] as const;
export type Platform = (typeof PLATFORMS)[number];

export type HealthState = 'never_seen' | 'ok' | 'quiet' | 'silent';

export interface Health {
  state: HealthState;
  battery: number | null;
  charging: boolean | null;
  network: string | null;
}

export interface Location {
  [field: string]: unknown;
  time: string;
  lat: number;
  lon: number;
  accuracy_m?: number | null;
  speed_mps?: number | null;
  bearing_deg?: number | null;
}

export interface Latest {
  location?: Location;
  [kind: string]: { time?: string; [field: string]: unknown } | undefined;
}

export interface Device {
  id: string;
  person_id: string;
  name: string;
  platform: Platform;
  state: 'new' | 'enrolled' | 'retired';
  agent: { name: string; version: string | null; platform: string | null } | null;
  created_at: string;
  last_received_at: string | null;
  health: Health;
  latest: Latest;
}

export interface Enrolment {
  code: string;
  expires_at: string;
  url: string;
  qr_svg: string;
}

export const TOKEN_AGENTS = ['owntracks', 'osmand', 'overland', 'activitywatch'] as const;
export type TokenAgent = (typeof TOKEN_AGENTS)[number];

export interface NewToken {
  id: string;
  agent: TokenAgent;
  token: string;
  url: string;
  qr_svg: string;
  username: string | null;
  created_at: string;
}

export interface Token {
  id: string;
  agent: string;
  created_at: string;
  revoked_at: string | null;
}

export interface TrackColumns {
  time: string[];
  lat: number[];
  lon: number[];
  speed_mps: (number | null)[];
}

/** What a device brought of a kind on a day; of no kind that is known where it is null. */
export interface IntakeLine {
  date: string;
  kind: Kind | null;
  accepted_batches: number;
  duplicate_batches: number;
  refused_batches: number;
  accepted: number;
  refused: number;
  /** Why something was refused last. */
  reason: string | null;
  first_at: string;
  last_at: string;
}

export interface PullRequest {
  id: string;
  device_id: string;
  kind: Kind;
  from: string;
  to: string;
  limit: number | null;
  state: 'open' | 'fetched' | 'answered' | 'failed';
  created_at: string;
  answered_at: string | null;
  accepted: number | null;
  reason: string | null;
}

export interface Policy {
  version: number;
  kinds: Partial<Record<Kind, { enabled: boolean; interval_s: number }>>;
}

export interface Circle {
  lat: number;
  lon: number;
  radius_m: number;
}
export type Corner = [lat: number, lon: number];

export interface PlaceShape {
  name: string;
  circle?: Circle | null;
  polygon?: Corner[] | null;
}
export interface Place extends PlaceShape {
  id: string;
}

/** A condition that had to do with an alert, and since when it was so. */
export interface Reason {
  text: string;
  since: string;
}

export interface Alert {
  id: string;
  rule_id: string;
  rule_name: string;
  device_id: string;
  person_id: string;
  severity: Severity;
  state: 'open' | 'acknowledged';
  occurred_at: string;
  learned_at: string;
  late: boolean;
  cleared_at: string | null;
  acknowledged_at: string | null;
  acknowledged_by: string | null;
  text: string;
  observation: Record<string, unknown> | null;
  value: number | null;
  threshold: number | null;
  /** Since when each of several conditions was so. */
  reasons?: Reason[];
}

export interface Quarantined {
  id: string;
  device_id: string | null;
  received_at: string;
  source: string;
  reason: string;
  field: string | null;
  /** Of a whole batch, which can be processed again; its block is not shown. */
  kind: Kind | null;
  replayable: boolean;
  payload: unknown;
}

export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

export interface Job {
  id: string;
  kind: string;
  state: JobState;
  /** 0 to 1. */
  progress: number;
  detail: string;
  attempt: number;
  created_at: string;
  finished_at: string | null;
  /** What came of it; of a kind that has nothing to show there is none. */
  result?: unknown;
}

export interface AuditEntry {
  id: string;
  at: string;
  actor: string;
  action: string;
  subject: string | null;
  detail: unknown;
}
