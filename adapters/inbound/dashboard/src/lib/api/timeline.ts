/** A person's day as it travels: consolidated items, and a summary per day. */

interface Span {
  from: string;
  to: string;
  device_id?: string;
}

/** Where something was: at a place of the account, or near a town. */
export interface Spot {
  lat: number;
  lon: number;
  place_id: string | null;
  place_name: string | null;
  town: { name: string; country: string } | null;
}

export interface Stay extends Span, Spot {
  type: 'stay';
  duration_s: number;
  open: boolean;
}
export interface Stop {
  from: string;
  to: string;
  duration_s: number;
}
export interface Trip extends Span {
  type: 'trip';
  start: Spot;
  end: Spot;
  stops: Stop[];
  duration_s: number;
  distance_m: number;
  average_speed_mps: number;
  top_speed_mps: number | null;
}
export interface Gap extends Span {
  type: 'gap';
  duration_s: number;
}
/** Two devices were in use far from each other: somebody else has one of them. */
export interface Conflict extends Span {
  type: 'conflict';
  duration_s: number;
  other_device_id: string;
  here: Spot;
  there: Spot;
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
  Stay | Trip | Gap | Conflict | AppSession | Visit | PresenceSpan | Message | Call | PlaceTransition;
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
