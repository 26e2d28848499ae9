/** The set of categories while it is changed: kept as a whole, refused at its lines. */
import * as api from '../../api/categories';
import type { CategorySet, TriedCategories } from '../../api/categories';
import { ApiError, type FieldProblem } from '../../api/http';
import { messageOf } from '../../state/toasts.svelte';
import { categoryOf, draftOf, moved, ownProblems, type DraftCategory } from './draft';

const AFTER_MS = 350;

export class CategoryEditor {
  saved = $state.raw<CategorySet | null>(null);
  drafts = $state<DraftCategory[]>([]);
  problems = $state.raw<FieldProblem[]>([]);
  /** Why it could not be saved, where no field is at fault. */
  failure = $state('');
  /** Somebody else has changed the set since it was loaded. */
  overtaken = $state(false);
  loadError = $state('');
  busy = $state(false);
  asked = $state('');
  answer = $state.raw<TriedCategories | null>(null);
  categories = $derived(this.drafts.map(categoryOf));
  dirty = $derived(
    this.saved !== null &&
      JSON.stringify(this.categories) !== JSON.stringify(this.saved.categories),
  );
  #next = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #abort: AbortController | null = null;

  async load(): Promise<void> {
    this.loadError = '';
    try {
      this.#take(await api.current());
    } catch (error) {
      this.loadError = messageOf(error);
    }
  }

  /** A new one decides before all others until it is moved. */
  add(): DraftCategory {
    const draft = { key: this.#next++, name: '', apps: '', sites: '' };
    this.drafts = [draft, ...this.drafts];
    return draft;
  }

  remove(key: number): void {
    this.drafts = this.drafts.filter((draft) => draft.key !== key);
  }

  move(from: number, to: number): void {
    this.drafts = moved(this.drafts, from, to);
  }

  discard(): void {
    if (this.saved) this.#take(this.saved);
  }

  async save(): Promise<boolean> {
    if (!this.saved) return false;
    this.stop();
    this.problems = ownProblems(this.drafts);
    if (this.problems.length > 0) return false;
    this.busy = true;
    try {
      this.#take(await api.replace(this.categories, this.saved.version));
      return true;
    } catch (error) {
      await this.#refused(error);
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** Raises ApiError where a rule needs a category that the defaults do not have. */
  async reset(): Promise<void> {
    await api.reset();
    this.#take(await api.current());
  }

  /** Asks what the set, as it stands, makes of an app or a site; it is checked on the way. */
  try(text: string): void {
    this.stop();
    const own = ownProblems(this.drafts);
    const asked = text ? [text] : [];
    const ask = { apps: asked, sites: asked, categories: this.categories };
    if (own.length > 0 || this.drafts.length === 0) {
      this.#tried('', null, own);
    } else {
      this.#timer = setTimeout(() => void this.#try(text, ask), AFTER_MS);
    }
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#abort?.abort();
  }

  async #try(text: string, ask: Parameters<typeof api.tryOut>[0]): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    try {
      const answer = await api.tryOut(ask, abort.signal);
      if (!abort.signal.aborted) this.#tried(text, answer, []);
    } catch (error) {
      if (abort.signal.aborted) return;
      this.#tried('', null, error instanceof ApiError ? error.fields : []);
    }
  }

  #tried(asked: string, answer: TriedCategories | null, problems: FieldProblem[]): void {
    this.asked = asked;
    this.answer = answer;
    this.problems = problems;
  }

  /** What was refused as a whole is either overtaken or in need of a rule's change. */
  async #refused(error: unknown): Promise<void> {
    this.problems = error instanceof ApiError ? error.fields : [];
    this.failure = this.problems.length ? '' : messageOf(error);
    if (error instanceof ApiError && error.status === 409) {
      const now = await api.current().catch(() => this.saved);
      this.overtaken = now?.version !== this.saved?.version;
    }
  }

  #take(set: CategorySet): void {
    this.saved = set;
    this.drafts = set.categories.map((category) => draftOf(category, this.#next++));
    this.problems = [];
    this.failure = '';
    this.overtaken = false;
  }
}
