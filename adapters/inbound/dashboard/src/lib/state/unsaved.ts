/** Keeps what is written and not saved from being lost by a step to another page. */
import { confirmation } from './confirm.svelte';
import { router } from './router.svelte';

/** Asks before the page is left, as long as what is returned is not called. */
export function guardUnsaved(): () => void {
  const unloading = (event: BeforeUnloadEvent) => event.preventDefault();
  addEventListener('beforeunload', unloading);
  router.mayLeave = mayDiscard;
  return () => {
    removeEventListener('beforeunload', unloading);
    router.mayLeave = null;
  };
}

export function mayDiscard(): Promise<boolean> {
  return confirmation.ask({
    title: 'Leave without saving?',
    body: 'What you have changed here is not saved yet, and would be lost.',
    action: 'Discard the changes',
    danger: true,
  });
}
