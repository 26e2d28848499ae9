import type { Alert } from '../api/types';
import { href } from '../route';
import { dateIn } from '../time/zone';

/** The moment of an alert on the person's day. */
export function alertHref(
  alert: Pick<Alert, 'occurred_at' | 'person_id'>,
  zone: string,
): string {
  const at = Date.parse(alert.occurred_at);
  return href(['people', alert.person_id, 'day', dateIn(zone, at)], { t: alert.occurred_at });
}

export const severityTone = { info: 'info', warning: 'warn', critical: 'bad' } as const;
