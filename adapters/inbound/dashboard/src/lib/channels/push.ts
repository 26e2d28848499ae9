/** This browser as one that is told: its permission, its service worker, its subscription. */
import { pushKey } from '../api/channels';

const WORKER = 'service-worker.js';
const PATIENCE_MS = 20_000;
const BLOCKED =
  'Notifications of this page are blocked. Allow them in the browser’s settings for this site, ' +
  'then try again.';
const NOT_ALLOWED = 'The browser was not allowed to show notifications. Try again to allow it.';
const NO_SERVICE =
  'The browser did not reach its push service, or has none. Check the connection; private ' +
  'windows cannot be told either.';

/** Why this browser cannot be told, or nothing. Asks nobody. */
export function obstacle(): string {
  if (!window.isSecureContext) {
    return 'Browsers can be told only where Fieldpost is opened at an address with https.';
  }
  if (!('serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window)) {
    return (
      'This browser cannot be told. On an iPhone or iPad add Fieldpost to the home screen first, ' +
      'and open it from there.'
    );
  }
  return Notification.permission === 'denied' ? BLOCKED : '';
}

/** Asks for the permission: only on a click. An error's message is for people. */
export async function subscribe(): Promise<PushSubscriptionJSON> {
  const permission = await Notification.requestPermission();
  if (permission !== 'granted') throw new Error(permission === 'denied' ? BLOCKED : NOT_ALLOWED);
  const key = await pushKey();
  const subscription = await within(PATIENCE_MS, subscribed(key)).catch((error: unknown) => {
    throw new Error(reasonOf(error), { cause: error });
  });
  return subscription.toJSON();
}

export async function unsubscribe(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration();
  const subscription = await registration?.pushManager?.getSubscription();
  await subscription?.unsubscribe();
}

async function subscribed(key: string): Promise<PushSubscription> {
  await navigator.serviceWorker.register(WORKER);
  const { pushManager } = await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey: key };
  try {
    return await pushManager.subscribe(options);
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'InvalidStateError')) throw error;
    // It is subscribed with a key that the server had before.
    await unsubscribe();
    return pushManager.subscribe(options);
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof DOMException)) return NO_SERVICE;
  if (error.name === 'NotAllowedError') return BLOCKED;
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return NO_SERVICE;
  return `The browser refused: ${error.message}`;
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const late = new DOMException('no answer', 'TimeoutError');
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = new Promise<never>((_, reject) => (timer = setTimeout(() => reject(late), ms)));
  return Promise.race([work, end]).finally(() => clearTimeout(timer));
}

const KEY = 'fieldpost.push-channel';
/** The server does not tell which browser a channel is: the browser remembers its own. */
export const own = {
  get(): string | null {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  },
  set(id: string | null): void {
    try {
      if (id) localStorage.setItem(KEY, id);
      else localStorage.removeItem(KEY);
    } catch {
      // Storage can be forbidden; the channel works without its mark.
    }
  },
};
