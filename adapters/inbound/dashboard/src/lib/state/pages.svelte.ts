/** A list that comes page by page. */
import type { Page } from '../api/types';
import { messageOf } from './toasts.svelte';

export class Pages<T> {
  items = $state.raw<T[] | null>(null);
  more = $state(false);
  loading = $state(false);
  error = $state('');
  #cursor: string | null = null;

  constructor(private readonly load: (cursor: string | null) => Promise<Page<T>>) {}

  drop(unwanted: (item: T) => boolean): void {
    this.items = this.items?.filter((item) => !unwanted(item)) ?? null;
  }

  /** From the first page on. */
  async again(): Promise<void> {
    this.items = null;
    this.#cursor = null;
    await this.next();
  }

  async next(): Promise<void> {
    if (this.loading) return;
    this.loading = true;
    this.error = '';
    try {
      const page = await this.load(this.#cursor);
      this.items = [...(this.items ?? []), ...page.items];
      this.#cursor = page.next_cursor ?? null;
      this.more = this.#cursor !== null;
    } catch (error) {
      this.error = messageOf(error);
    } finally {
      this.loading = false;
    }
  }
}
