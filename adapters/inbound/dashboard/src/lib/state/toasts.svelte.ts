export interface Toast {
  id: number;
  text: string;
  detail?: string;
  tone: 'plain' | 'info' | 'warning' | 'critical' | 'good';
  link?: { href: string; label: string };
}

const SHOWN_MS = { good: 4_000, other: 9_000 };
const MOST = 3;

class Toasts {
  list = $state.raw<Toast[]>([]);
  #next = 1;

  show(toast: Omit<Toast, 'id'>): void {
    const id = this.#next++;
    this.list = [...this.list, { ...toast, id }].slice(-MOST);
    setTimeout(() => this.dismiss(id), toast.tone === 'good' ? SHOWN_MS.good : SHOWN_MS.other);
  }

  done(text: string): void {
    this.show({ text, tone: 'good' });
  }

  failed(error: unknown): void {
    this.show({ text: messageOf(error), tone: 'critical' });
  }

  dismiss(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'Something went wrong.';
}

export const toasts = new Toasts();
