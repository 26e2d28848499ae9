/** A person's day as it travels: consolidated items, and a summary per day. */

interface Span {
  from: string;
  to: string;
  device_id?: string;
}

export interface Stay extends Span {
  type: 'stay';
  duration_s: number;
  lat: number;
  lon: number;
  place_id: string | null;
  place_name: string | null;
  open: boolean;
}
export interface Trip extends Span {
  type: 'trip';
  duration_s: number;
  distance_m: number;
  average_speed_mps: number;
  top_speed_mps: number | null;
}
export interface Gap extends Span {
  type: 'gap';
  duration_s: number;
}
export interface AppSession extends Span {
  type: 'session';
  duration_s: number;
  app: string;
  title: string | null;
}
export interface Visit extends Span {
  type: 'visit';
  duration_s: number;
  url: string;
  title: string | null;
}
export interface PresenceSpan extends Span {
  type: 'presence';
  duration_s: number;
  status: string;
}
export interface Message extends Span {
  type: 'message';
  direction: string;
  channel: string;
  counterpart: string;
  text: string | null;
}
export interface Call extends Span {
  type: 'call';
  duration_s: number;
  direction: string;
  counterpart: string;
  outcome: string;
}
export interface PlaceTransition extends Span {
  type: 'place_transition';
  place: string;
  event: string;
}

export type TimelineItem =
  Stay | Trip | Gap | AppSession | Visit | PresenceSpan | Message | Call | PlaceTransition;
export type ItemType = TimelineItem['type'];

export interface Timeline {
  date: string;
  time_zone: string;
  from: string;
  to: string;
  items: TimelineItem[];
}

export interface DaySummary {
  date: string;
  distance_m: number;
  trips: number;
  stays: number;
  active_s: number;
  apps: { app: string; duration_s: number }[];
  sites: { site: string; duration_s: number; visits: number }[];
  messages: number;
  calls: number;
  sent_bytes: number;
  received_bytes: number;
  battery_min: number | null;
}
