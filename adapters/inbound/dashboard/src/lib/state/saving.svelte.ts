/** A form on its way to the server: whether it is under way, and what was objected to. */
import { ApiError } from '../api/http';
import { messageOf } from './toasts.svelte';

export class Saving {
  problem = $state.raw<unknown>(null);
  busy = $state(false);

  /** Why the server refused a field. */
  of = (field: string): string | undefined =>
    this.problem instanceof ApiError ? this.problem.of(field) : undefined;

  /** What there is to say that none of the fields says. */
  beside(fields: string[]): string {
    if (!this.problem || fields.some(this.of)) return '';
    const reasons = this.problem instanceof ApiError ? this.problem.fields : [];
    return [messageOf(this.problem), ...reasons.map((field) => field.reason)].join(' ');
  }

  /** Whether it succeeded. It stays busy then: the form is about to go. */
  async attempt(save: () => Promise<void>): Promise<boolean> {
    this.busy = true;
    this.problem = null;
    try {
      await save();
      return true;
    } catch (error) {
      this.problem = error;
      this.busy = false;
      return false;
    }
  }
}
