/** Channels and what they were told, as they travel, and the calls about them. */
import { request } from './http';
import type { Page, Schedule } from './types';

export type ChannelKind = 'email' | 'webhook' | 'web_push';
export type Digest = 'none' | 'hourly' | 'daily';

export interface Channel {
  id: string;
  name: string;
  kind: ChannelKind;
  /** Of these the one that the kind says. Viewers see only the origin of a URL. */
  email?: { to: string };
  webhook?: { url: string };
  web_push?: { service: string };
  enabled: boolean;
  state: 'ok' | 'failing' | 'paused' | 'off';
  failing_since: string | null;
  failures: number;
  next_try_at: string | null;
  last_error: string;
  gather_s: number;
  quiet: Schedule | null;
  time_zone: string;
  digest: Digest;
  digest_hour: number;
}

/** The secret of a webhook is told only when it is made. */
export interface ChannelWithSecret extends Channel {
  secret?: string;
}

/** Without `email`, `webhook` and `web_push` a change leaves where it leads. */
export interface ChannelBody {
  name: string;
  email?: { to: string };
  webhook?: { url: string };
  web_push?: PushSubscriptionJSON;
  gather_s: number;
  quiet: Schedule | null;
  time_zone: string;
  digest: Digest;
  digest_hour: number;
}

export interface Delivery {
  id: string;
  channel_id: string;
  alert_id: string;
  state: 'waiting' | 'sent' | 'failed' | 'not_sent';
  attempts: number;
  detail: string;
  created_at: string;
  due_at: string;
  ended_at: string | null;
}

export interface TestOutcome {
  sent: boolean;
  detail: string;
}

const at = (id: string) => `/channels/${id}`;

/** There are a hundred of them at most, on one page. */
export const list = async () => (await request<Page<Channel>>('GET', '/channels')).items;
export const add = (body: ChannelBody) => request<ChannelWithSecret>('POST', '/channels', { body });
export const change = (id: string, body: Partial<ChannelBody> & { enabled?: boolean }) =>
  request<Channel>('PATCH', at(id), { body });
export const remove = (id: string) => request<void>('DELETE', at(id));
export const renewSecret = (id: string) =>
  request<ChannelWithSecret>('POST', `${at(id)}/secret`, { body: {} });
export const resume = (id: string) => request<Channel>('POST', `${at(id)}/resume`, { body: {} });
export const test = (id: string) => request<TestOutcome>('POST', `${at(id)}/test`, { body: {} });
export const deliveries = (id: string, cursor: string | null = null) =>
  request<Page<Delivery>>('GET', `${at(id)}/deliveries`, { query: { cursor, limit: 50 } });
export const resend = (id: string) =>
  request<Delivery>('POST', `/deliveries/${encodeURIComponent(id)}/resend`, { body: {} });
export const pushKey = async () =>
  (await request<{ public_key: string }>('GET', '/web-push/key')).public_key;
