/** A new alert shows itself once, whatever page is open. */
import type { Alert } from '../api/types';
import { household } from '../state/household.svelte';
import { live } from '../state/live.svelte';
import { router } from '../state/router.svelte';
import { toasts } from '../state/toasts.svelte';
import { alertHref } from './links';

export function announceAlerts(): () => void {
  const announced = new Set<string>();
  return live.on((event) => {
    if (event.type !== 'alert') return;
    const alert: Alert = event.data;
    const known = announced.has(alert.id) || alert.state !== 'open' || alert.cleared_at !== null;
    announced.add(alert.id);
    if (known || router.route.path[0] === 'alerts') return;
    toasts.show({
      text: alert.text || alert.rule_name,
      detail: alert.late ? 'Learned late' : undefined,
      tone: alert.severity,
      link: { href: alertHref(alert, household.zoneOf(alert.person_id)), label: 'Show' },
    });
  });
}
