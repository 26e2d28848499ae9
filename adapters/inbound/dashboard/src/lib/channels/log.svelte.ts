/** What a channel was told, with the words of its alerts. */
import * as api from '../api';
import * as channels from '../api/channels';
import type { Delivery } from '../api/channels';
import type { Alert } from '../api/types';
import { Pages } from '../state/pages.svelte';

/** So many pages of alerts are looked through at a time for those that are not known yet. */
const MOST_PAGES = 3;

export class DeliveryLog {
  readonly pages: Pages<Delivery>;
  alerts = $state.raw(new Map<string, Alert>());
  #cursor: string | null = null;
  #atEnd = false;

  constructor(private readonly channelId: string) {
    this.pages = new Pages((cursor) => channels.deliveries(channelId, cursor));
  }

  async more(): Promise<void> {
    await this.pages.next();
    await this.#name().catch(() => {});
  }

  /** What is new, and what became of those on the first page. */
  async refresh(): Promise<void> {
    if (!this.pages.items) return;
    const { items } = await channels.deliveries(this.channelId);
    const anew = new Set(items.map(({ id }) => id));
    this.pages.items = [...items, ...this.pages.items.filter(({ id }) => !anew.has(id))];
    if (!items.every((one) => this.alerts.has(one.alert_id))) {
      this.#cursor = null;
      this.#atEnd = false;
      await this.#name();
    }
  }

  put(delivery: Delivery): void {
    this.pages.items =
      this.pages.items?.map((one) => (one.id === delivery.id ? delivery : one)) ?? null;
  }

  get waiting(): boolean {
    return this.pages.items?.some(({ state }) => state === 'waiting') ?? false;
  }

  async #name(): Promise<void> {
    const unknown = () => this.pages.items?.some((one) => !this.alerts.has(one.alert_id));
    for (let page = 0; page < MOST_PAGES && !this.#atEnd && unknown(); page += 1) {
      const answer = await api.alerts.page({ cursor: this.#cursor, limit: 100 });
      this.alerts = new Map([
        ...this.alerts,
        ...answer.items.map((alert): [string, Alert] => [alert.id, alert]),
      ]);
      this.#cursor = answer.next_cursor;
      this.#atEnd = answer.next_cursor === null;
    }
  }
}
