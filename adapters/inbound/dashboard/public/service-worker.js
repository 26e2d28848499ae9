/** Shows what the server pushes, and opens it. Nothing is cached: pages always come fresh. */

const ALERTS = '/#/alerts';

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('push', (event) => {
  const { title, body, tag, url, critical, alert_ids: ids } = contentOf(event);
  event.waitUntil(
    self.registration.showNotification(title || 'Fieldpost', {
      body: body || '',
      // A message that comes twice is shown once.
      tag: tag || '',
      requireInteraction: critical === true,
      data: { hash: hashOf(url, Array.isArray(ids) ? ids : []) },
    }),
  );
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.hash ?? ''));
});

/** Browsers demand that something is shown, whatever came. */
function contentOf(event) {
  try {
    return event.data?.json() ?? {};
  } catch {
    return {};
  }
}

/** Where in these pages it leads: of its own origin always, to the alert where it is one. */
function hashOf(url, ids) {
  const { hash } = new URL(url || ALERTS, self.registration.scope);
  if (hash !== '#/alerts' || ids.length !== 1) return hash;
  return `${hash}?alert=${encodeURIComponent(ids[0])}`;
}

async function open(hash) {
  const address = new URL(hash, self.registration.scope).href;
  const windows = await self.clients.matchAll({ type: 'window' });
  const shown = windows.find((one) => one.focused) ?? windows[0];
  if (!shown) return self.clients.openWindow(address);
  const there = await shown.navigate(address);
  return there?.focus();
}
