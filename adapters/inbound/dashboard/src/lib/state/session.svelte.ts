import * as api from '../api';
import { ApiError, setCsrfToken, whenSignedOut } from '../api/http';
import type { SessionAnswer } from '../api/types';
import { household } from './household.svelte';
import { live } from './live.svelte';
import { messageOf } from './toasts.svelte';

class Session {
  current = $state.raw<SessionAnswer | null>(null);
  status = $state<'unknown' | 'out' | 'in' | 'failed'>('unknown');
  error = $state('');
  canWrite = $derived(this.current?.user.role !== 'viewer');

  constructor() {
    whenSignedOut(() => this.#leave());
  }

  /** Asks only where somebody has signed in: a browser logs each refusal as an error. */
  async resume(): Promise<void> {
    if (!hint.get()) {
      this.status = 'out';
      return;
    }
    this.status = 'unknown';
    try {
      this.#enter(await api.session.current());
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) {
        hint.set(false);
        this.status = 'out';
      } else {
        this.status = 'failed';
        this.error = messageOf(error);
      }
    }
  }

  async signIn(email: string, password: string): Promise<void> {
    this.#enter(await api.session.start(email, password));
  }

  async welcome(owner: Parameters<typeof api.session.welcome>[0]): Promise<void> {
    this.#enter(await api.session.welcome(owner));
  }

  async signOut(): Promise<void> {
    await api.session.end();
    this.#leave();
  }

  #enter(answer: SessionAnswer): void {
    setCsrfToken(answer.csrf_token);
    hint.set(true);
    this.current = answer;
    this.status = 'in';
    void household.load();
    live.start();
  }

  #leave(): void {
    live.stop();
    household.clear();
    setCsrfToken('');
    hint.set(false);
    this.current = null;
    this.status = 'out';
  }
}

const KEY = 'fieldpost.signed-in';
const hint = {
  get(): boolean {
    try {
      return localStorage.getItem(KEY) !== null;
    } catch {
      return true;
    }
  },
  set(signedIn: boolean): void {
    try {
      if (signedIn) localStorage.setItem(KEY, '1');
      else localStorage.removeItem(KEY);
    } catch {
      // Storage can be forbidden; the session is then asked for each time.
    }
  },
};

export const session = new Session();
