/** A channel as it is written in its form, and as it is sent. */
import type { Channel, ChannelBody, ChannelKind } from '../api/channels';
import type { Weekday } from '../api/types';
import { WEEKDAYS } from '../rules/schedule';

export interface ChannelDraft {
  name: string;
  kind: ChannelKind;
  to: string;
  url: string;
  gatherS: number;
  quiet: boolean;
  days: Weekday[];
  from: string;
  until: string;
  timeZone: string;
  digest: Channel['digest'];
  digestHour: number;
}

export function draftOf(channel: Channel | null, mine: { to: string; zone: string }): ChannelDraft {
  return {
    name: channel?.name ?? '',
    kind: channel?.kind ?? 'email',
    to: channel?.email?.to ?? mine.to,
    url: channel?.webhook?.url ?? '',
    gatherS: channel?.gather_s ?? 30,
    quiet: Boolean(channel?.quiet),
    days: channel?.quiet?.days ?? [...WEEKDAYS],
    from: channel?.quiet?.from ?? '22:00',
    until: channel?.quiet?.to ?? '07:00',
    timeZone: channel?.time_zone ?? mine.zone,
    digest: channel?.digest ?? 'none',
    digestHour: channel?.digest_hour ?? 8,
  };
}

/** Says one kind; a browser only where it has subscribed anew. */
export function bodyOf(draft: ChannelDraft, subscription?: PushSubscriptionJSON): ChannelBody {
  return {
    name: draft.name.trim(),
    ...(draft.kind === 'email' ? { email: { to: draft.to.trim() } } : {}),
    ...(draft.kind === 'webhook' ? { webhook: { url: draft.url.trim() } } : {}),
    ...(draft.kind === 'web_push' && subscription ? { web_push: subscription } : {}),
    gather_s: draft.gatherS,
    quiet: draft.quiet ? { days: draft.days, from: draft.from, to: draft.until } : null,
    time_zone: draft.timeZone,
    digest: draft.digest,
    digest_hour: draft.digestHour,
  };
}
