/** With whom a person was in touch, and what the devices sent and received, as it travels. */
import { request } from './http';

/** `missed` are received calls that nobody took; `talked_s` is of calls only. */
export interface ChannelCounts {
  channel: string;
  sent: number;
  received: number;
  missed: number;
  talked_s: number;
}

export interface Counterpart {
  name: string | null;
  contact_id: string | null;
  stranger: boolean;
  addresses: string[];
  count: number;
  channels: ChannelCounts[];
  /** In the range asked for; `first_ever` may lie before it. */
  first: string;
  last: string;
  first_ever: string;
  new: boolean;
  /** Messages and calls by the hour of the person's day, 24 of them. */
  hours: number[];
}

export interface Communications {
  time_zone: string;
  from: string;
  to: string;
  count: number;
  counterparts: number;
  strangers: number;
  /** Those with most, a bounded number of them. */
  items: Counterpart[];
}

export interface Amount {
  sent_bytes: number;
  received_bytes: number;
}
export interface TrafficNumbers extends Amount {
  interfaces: (Amount & { interface: string })[];
  /** Largest first; null stands for what no app is named for. */
  apps: (Amount & { app: string | null })[];
}
export interface Traffic {
  time_zone: string;
  by: TrafficSpan;
  items: (TrafficNumbers & { date: string })[];
  total: TrafficNumbers;
}
export type TrafficSpan = 'day' | 'month';

export const communications = (personId: string, from: string, to: string, signal: AbortSignal) =>
  request<Communications>('GET', `/people/${personId}/communications`, {
    query: { from, to },
    signal,
  });

export const traffic = (
  personId: string,
  range: { first: string; last: string; by: TrafficSpan },
  signal: AbortSignal,
) =>
  request<Traffic>('GET', `/people/${personId}/traffic`, {
    query: { from: range.first, to: range.last, by: range.by },
    signal,
  });
