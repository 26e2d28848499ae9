/** Rules, what they can be made of, and what they would have done, as they travel. */
import type { Schedule, Reason } from './types';

export interface Subject {
  app?: string;
  site?: string;
  category?: string;
}
export const WORD_FIELDS = ['url', 'title', 'text'] as const;
export type WordField = (typeof WORD_FIELDS)[number];
export type PresenceStatus = 'active' | 'away' | 'locked';
export type NetworkInterface = 'wifi' | 'mobile' | 'ethernet';

/** Exactly one of them is there. */
export interface Condition {
  inside?: string;
  outside?: string;
  enters?: string;
  leaves?: string;
  dwells?: { place: string; for_s: number };
  speed_over_mps?: number;
  battery_below?: number;
  charging?: boolean;
  presence?: PresenceStatus;
  silent_for_s?: number;
  uses?: Subject;
  used_over?: Subject & { per_day_s: number; warn_at_s?: number[] };
  keyword?: { words: string[]; in?: WordField[] };
  communicates?: {
    with: string;
    by?: ('message' | 'call')[];
    direction?: 'sent' | 'received' | null;
  };
  traffic_over?: {
    bytes: number;
    per: 'day' | 'month';
    interface?: NetworkInterface | null;
    app?: string | null;
  };
  expression?: string;
  all?: Condition[];
  any?: Condition[];
  not?: Condition;
}

export type Severity = 'info' | 'warning' | 'critical';

/** On the days of the calendar `except` it does not hold. */
export interface RuleSchedule extends Schedule {
  except?: string | null;
}

export interface RuleDraft {
  name: string;
  scope: { people: string[]; devices: string[] };
  when: Condition;
  hold_s?: number;
  clear_s?: number;
  schedule?: RuleSchedule | null;
  cooldown_s?: number;
  severity: Severity;
  channels: string[];
  also_now?: boolean;
}
export interface RuleWarning {
  field: string;
  reason: string;
}
export interface Rule extends RuleDraft {
  id: string;
  enabled: boolean;
  sentence: string;
  warnings?: RuleWarning[];
}

/** What a rule would be, without being kept. */
export interface CheckedRule {
  sentence: string;
  nature: 'state' | 'transition' | 'event';
  warnings: RuleWarning[];
}

/** A rule with blanks: what stands in angle brackets is to be filled in. */
export interface RuleTemplate {
  id: string;
  title: string;
  rule: Partial<Omit<RuleDraft, 'schedule'>> & {
    name: string;
    when: Condition;
    schedule?: Partial<RuleSchedule> | null;
  };
  blanks: { blank: string; asks: string }[];
}

export interface BacktestAlert {
  occurred_at: string;
  cleared_at: string | null;
  device_id: string;
  person_id: string;
  text: string;
  value: number | null;
  threshold: number | null;
  reasons?: Reason[];
}
export interface BacktestResult {
  from: string;
  to: string;
  alerts: BacktestAlert[];
  /** May be more than the alerts that are listed. */
  total: number;
  truncated: boolean;
}

export type { Channel } from './channels';
export interface Calendar {
  id: string;
  name: string;
}
