/** How channels, and what became of their messages, are spoken of. */
import type { Channel, ChannelKind, Delivery } from '../api/channels';
import { scheduleWords } from '../rules/schedule';
import { duration } from '../time/format';
import type { IconName } from '../ui/icons';

type Tone = 'good' | 'warn' | 'bad' | '';

export const KIND_NAMES: Record<ChannelKind, string> = {
  email: 'E-mail',
  webhook: 'Webhook',
  web_push: 'Browser',
};
export const KIND_ICONS: Record<ChannelKind, IconName> = {
  email: 'message',
  webhook: 'external',
  web_push: 'alert',
};
export const STATES: Record<Channel['state'], { name: string; tone: Tone }> = {
  ok: { name: 'Works', tone: 'good' },
  failing: { name: 'Failing', tone: 'warn' },
  paused: { name: 'Paused', tone: 'bad' },
  off: { name: 'Off', tone: '' },
};
export const DELIVERY_STATES: Record<Delivery['state'], { name: string; tone: Tone }> = {
  waiting: { name: 'Waiting', tone: '' },
  sent: { name: 'Sent', tone: 'good' },
  failed: { name: 'Failed', tone: 'bad' },
  not_sent: { name: 'Not sent', tone: 'warn' },
};

/** An address, a URL, or the host of the browser's push service. */
export function whereTo(channel: Channel): string {
  if (channel.email) return channel.email.to;
  if (channel.webhook) return channel.webhook.url;
  return (channel.web_push?.service ?? '').replace(/^https?:\/\//, '');
}

/** "As it happens, those within 30 s together. Quiet every day 22:00–7:00, Europe/Prague." */
export function planWords(channel: Channel): string {
  const quiet = channel.quiet
    ? ` Quiet ${scheduleWords(channel.quiet)}, ${zoneName(channel.time_zone)}.`
    : '';
  return `${pace(channel)}.${quiet}`;
}

function pace({ digest, digest_hour, gather_s, time_zone }: Channel): string {
  if (digest === 'hourly') return 'One message an hour';
  if (digest === 'daily') {
    return `One message a day at ${hourName(digest_hour)}, ${zoneName(time_zone)}`;
  }
  if (gather_s === 0) return 'As it happens';
  return `As it happens, those within ${duration(gather_s)} together`;
}

export const hourName = (hour: number) => `${hour}:00`;
export const zoneName = (zone: string) => zone.replaceAll('_', ' ');

/** The server's reasons are parts of sentences. */
export function sentence(reason: string): string {
  const text = reason.charAt(0).toUpperCase() + reason.slice(1);
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
