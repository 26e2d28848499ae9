/** Messages, calls and traffic in words. */
import type { ChannelCounts, Counterpart } from '../api/exchange';
import { words } from '../labels';
import { duration } from '../time/format';
import { count } from '../units';

export const CALLS = 'call';

const CHANNELS: Record<string, string> = { call: 'Calls', sms: 'SMS', mms: 'MMS', chat: 'Chat' };
export const channelName = (channel: string) => CHANNELS[channel] ?? words(channel);

const INTERFACES: Record<string, string> = { wifi: 'Wi-Fi', mobile: 'Mobile', ethernet: 'Cable' };
export const interfaceName = (name: string) => INTERFACES[name] ?? words(name);

export const appName = (app: string | null) => app ?? 'No app named';

/** "5 sent, 3 received", and of calls also what became of them. */
export function channelWords(of: ChannelCounts): string {
  if (of.channel !== CALLS) return `${of.sent} sent, ${of.received} received`;
  const parts = [`${of.sent} made`, `${of.received} received`];
  if (of.missed > 0) parts.push(`${of.missed} missed`);
  if (of.talked_s > 0) parts.push(`${duration(of.talked_s)} talked`);
  return parts.join(', ');
}

/** A contact's name, or the address by which a stranger is known. */
export const whoIs = (one: Counterpart) => one.name ?? one.addresses[0] ?? 'Unknown';

/** The same channel of everybody added up, the busiest first. */
export function channelTotals(items: Counterpart[]): ChannelCounts[] {
  const found = new Map<string, ChannelCounts>();
  for (const one of items.flatMap((item) => item.channels)) {
    const sum = found.get(one.channel) ?? emptyChannel(one.channel);
    sum.sent += one.sent;
    sum.received += one.received;
    sum.missed += one.missed;
    sum.talked_s += one.talked_s;
    found.set(one.channel, sum);
  }
  return [...found.values()].sort((a, b) => b.sent + b.received - a.sent - a.received);
}

const emptyChannel = (channel: string) => ({
  channel,
  sent: 0,
  received: 0,
  missed: 0,
  talked_s: 0,
});

/** By hour of the day over everybody. */
export function hourTotals(items: Counterpart[]): number[] {
  return Array.from({ length: 24 }, (_, hour) =>
    items.reduce((sum, one) => sum + (one.hours[hour] ?? 0), 0),
  );
}

export const hourSpan = (hour: number) => `${hour}:00–${hour + 1}:00`;

/** "most at 15:00–16:00 (5)"; the earliest of several. */
export function busiestHour(hours: number[]): string {
  const most = Math.max(...hours);
  if (most === 0) return 'none';
  return `most at ${hourSpan(hours.indexOf(most))} (${most})`;
}

/** "154 messages and calls with 6 people, 2 of them not among the contacts". */
export function overviewWords(total: number, counterparts: number, strangers: number): string {
  const people = counterparts === 1 ? '1 person' : `${counterparts} people`;
  const start = `${count(total, 'message or call', 'messages and calls')} with ${people}`;
  if (strangers === 0) {
    return `${start}, ${counterparts === 1 ? '' : 'all of them '}among the contacts.`;
  }
  if (strangers === counterparts) {
    return `${start}, ${counterparts === 1 ? 'not' : 'none of them'} among the contacts.`;
  }
  return `${start}, ${strangers} of them not among the contacts.`;
}
