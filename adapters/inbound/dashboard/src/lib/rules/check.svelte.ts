/** What the server says of a rule while it is written: its sentence, doubts, refusals by field. */
import * as api from '../api';
import { ApiError, type FieldProblem } from '../api/http';
import type { RuleDraft, RuleWarning } from '../api/rules';
import { messageOf } from '../state/toasts.svelte';

const AFTER_MS = 350;
/** A rule is judged before it has a name. */
const UNNAMED = 'A rule without a name';

export class RuleCheck {
  sentence = $state('');
  warnings = $state.raw<RuleWarning[]>([]);
  problems = $state.raw<FieldProblem[]>([]);
  /** Why there is no answer, where no field is at fault. */
  failure = $state('');
  waiting = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #abort: AbortController | null = null;

  /** The newest question counts; nothing is asked of a rule that is not complete. */
  ask(draft: RuleDraft | null): void {
    this.stop();
    if (!draft) {
      this.#set('', [], [], '');
      return;
    }
    this.waiting = true;
    this.#timer = setTimeout(() => void this.#ask(draft), AFTER_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#abort?.abort();
    this.waiting = false;
  }

  refused(error: unknown): void {
    this.stop();
    const fields = error instanceof ApiError ? error.fields : [];
    this.#set('', [], fields, fields.length ? '' : messageOf(error));
  }

  /** The reason for a field or what is within it, the first of several. */
  of(field: string): string | undefined {
    return this.problems.find((one) => within(one.field, field))?.reason;
  }

  warningOf(field: string): string | undefined {
    return this.warnings.find((one) => within(one.field, field))?.reason;
  }

  async #ask(draft: RuleDraft): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    try {
      const named = { ...draft, name: draft.name || UNNAMED };
      const answer = await api.rules.check(named, abort.signal);
      if (!abort.signal.aborted) this.#set(answer.sentence, answer.warnings, [], '');
    } catch (error) {
      if (!abort.signal.aborted) this.refused(error);
    } finally {
      if (this.#abort === abort) this.waiting = false;
    }
  }

  #set(
    sentence: string,
    warnings: RuleWarning[],
    problems: FieldProblem[],
    failure: string,
  ): void {
    this.sentence = sentence;
    this.warnings = warnings;
    this.problems = problems;
    this.failure = failure;
  }
}

/** "when.all[0].speed_over_mps" is within "when.all[0]" and within "when". */
export function within(field: string, outer: string): boolean {
  return field === outer || field.startsWith(`${outer}.`) || field.startsWith(`${outer}[`);
}
