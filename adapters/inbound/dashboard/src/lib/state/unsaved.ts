/** Keeps what is written and not saved from being lost by a step to another page. */
import { confirmation } from './confirm.svelte';

/** Asks before the page is left while `dirty` says so; what is returned ends that. */
export function guardUnsaved(dirty: () => boolean): () => void {
  function unloading(event: BeforeUnloadEvent) {
    if (dirty()) event.preventDefault();
  }

  // Comes before the router hears of the step: the address is put back until there is an answer.
  async function stepping(event: HashChangeEvent) {
    if (!dirty()) return;
    event.stopImmediatePropagation();
    history.replaceState(null, '', event.oldURL);
    const yes = await mayDiscard();
    if (!yes) return;
    end();
    location.replace(event.newURL);
  }

  function end() {
    removeEventListener('beforeunload', unloading);
    removeEventListener('hashchange', stepping, { capture: true });
  }

  addEventListener('beforeunload', unloading);
  addEventListener('hashchange', stepping, { capture: true });
  return end;
}

export function mayDiscard(): Promise<boolean> {
  return confirmation.ask({
    title: 'Leave without saving?',
    body: 'What you have changed here is not saved yet, and would be lost.',
    action: 'Discard the changes',
    danger: true,
  });
}
