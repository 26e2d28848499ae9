/**
 * The server's events. EventSource reconnects by itself after a broken connection, but gives up
 * for good when it is answered with an error (a restart behind a proxy): then we try again.
 */
import type { Alert, Device } from '../api/types';
import type { LiveEvent, ObservationsEvent } from './reduce';

export type Connection = 'off' | 'connecting' | 'live' | 'lost';
type Listener = (event: LiveEvent) => void;

const RETRY_MS = [1_000, 2_000, 5_000, 10_000, 30_000];

class Live {
  connection = $state<Connection>('off');
  #source: EventSource | null = null;
  #listeners = new Set<Listener>();
  #onResume = new Set<() => void>();
  #failures = 0;
  #wasLive = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  start(): void {
    if (this.#source) return;
    addEventListener('online', this.#reconnect);
    this.#open();
  }

  stop(): void {
    removeEventListener('online', this.#reconnect);
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
    this.#wasLive = false;
    this.connection = 'off';
  }

  on(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Called when the connection is back after a loss: what was missed has to be fetched. */
  onResume(listener: () => void): () => void {
    this.#onResume.add(listener);
    return () => this.#onResume.delete(listener);
  }

  #open(): void {
    this.connection = this.#wasLive ? 'lost' : 'connecting';
    const source = new EventSource('/api/v1/live');
    this.#source = source;
    source.onopen = () => this.#opened();
    source.onerror = () => this.#failed(source);
    source.addEventListener('hello', () => this.#tell({ type: 'hello' }));
    source.addEventListener('observations', (e) =>
      this.#tell({
        type: 'observations',
        data: parse<ObservationsEvent>(e),
        receivedAt: new Date().toISOString(),
      }),
    );
    source.addEventListener('alert', (e) => this.#tell({ type: 'alert', data: parse<Alert>(e) }));
    source.addEventListener('device', (e) =>
      this.#tell({ type: 'device', data: parse<Device>(e) }),
    );
  }

  #opened(): void {
    const resumed = this.#wasLive;
    this.connection = 'live';
    this.#failures = 0;
    this.#wasLive = true;
    if (resumed) this.#onResume.forEach((listener) => listener());
  }

  #failed(source: EventSource): void {
    this.connection = this.#wasLive ? 'lost' : 'connecting';
    if (source.readyState !== EventSource.CLOSED) return;
    const wait = RETRY_MS[Math.min(this.#failures, RETRY_MS.length - 1)]!;
    this.#failures += 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#reconnect, wait * (0.75 + Math.random() / 2));
  }

  #reconnect = (): void => {
    if (this.connection === 'live' || this.connection === 'off') return;
    this.#source?.close();
    this.#open();
  };

  #tell(event: LiveEvent): void {
    this.#listeners.forEach((listener) => listener(event));
  }
}

const parse = <T>(event: Event): T => JSON.parse((event as MessageEvent<string>).data) as T;

export const live = new Live();
