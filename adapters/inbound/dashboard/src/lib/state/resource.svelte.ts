/** Something loaded from the server: its value, whether it is coming, why it did not. */
import { messageOf } from './toasts.svelte';

export class Resource<T> {
  value = $state.raw<T | null>(null);
  error = $state<string | null>(null);
  loading = $state(false);
  #run = 0;
  #abort: AbortController | null = null;

  constructor(private readonly load: (signal: AbortSignal) => Promise<T>) {}

  /** Keeps the old value while it reloads; only the newest load may set the result. */
  async reload(): Promise<void> {
    const run = ++this.#run;
    this.#abort?.abort();
    this.#abort = new AbortController();
    this.loading = true;
    try {
      const value = await this.load(this.#abort.signal);
      if (run !== this.#run) return;
      this.value = value;
      this.error = null;
    } catch (error) {
      if (run !== this.#run) return;
      this.error = messageOf(error);
    } finally {
      if (run === this.#run) this.loading = false;
    }
  }

  clear(): void {
    this.#run += 1;
    this.#abort?.abort();
    this.value = null;
    this.error = null;
    this.loading = false;
  }
}
