/** A rule tried out on what is stored: asked for, followed, called off. */
import * as api from '../api';
import type { BacktestResult, RuleDraft } from '../api/rules';
import type { Job } from '../api/types';
import { messageOf } from '../state/toasts.svelte';

const EVERY_MS = 500;

export class BacktestRun {
  job = $state.raw<Job | null>(null);
  error = $state('');
  starting = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #run = 0;

  running = $derived(
    this.starting || this.job?.state === 'queued' || this.job?.state === 'running',
  );
  result = $derived(
    this.job?.state === 'done' ? ((this.job.result ?? null) as BacktestResult | null) : null,
  );

  async start(rule: RuleDraft, days: number): Promise<void> {
    this.forget();
    const run = this.#run;
    this.starting = true;
    try {
      const job = await api.rules.backtest(rule, days);
      // Nobody waits for it any more: its worker is not kept busy.
      if (run !== this.#run) void callOff(job);
      else this.#seen(job, run);
    } catch (error) {
      if (run === this.#run) this.error = messageOf(error);
    } finally {
      if (run === this.#run) this.starting = false;
    }
  }

  /** Also what is still under way is called off. */
  forget(): void {
    this.#run += 1;
    clearTimeout(this.#timer);
    if (this.job) void callOff(this.job);
    this.job = null;
    this.error = '';
    this.starting = false;
  }

  #seen(job: Job, run: number): void {
    if (run !== this.#run) return;
    this.job = job;
    if (job.state === 'failed') this.error = job.detail;
    if (ended(job)) return;
    this.#timer = setTimeout(() => void this.#look(job, run), EVERY_MS);
  }

  async #look(job: Job, run: number): Promise<void> {
    try {
      this.#seen(await api.jobs.one(job.id), run);
    } catch {
      // It is looked at again in a moment.
      this.#seen(job, run);
    }
  }
}

const ended = (job: Job) => job.state !== 'queued' && job.state !== 'running';

async function callOff(job: Job): Promise<void> {
  if (!ended(job)) await api.jobs.cancel(job.id).catch(() => undefined);
}
