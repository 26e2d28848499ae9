/** The pulled height of a bottom sheet: it follows the finger and rests at one of three steps. */
const STEPS = [0.24, 0.52, 0.9];
const TAP_PX = 6;

export class SheetHeight {
  phone = $state(false);
  room = $state(0);
  step = $state(1);
  dragging = $state(false);
  #pulled = $state<number | null>(null);
  #start = { y: 0, height: 0 };
  #query = matchMedia('(max-width: 720px)');

  height = $derived(
    this.phone ? (this.#pulled ?? Math.round(this.room * (STEPS[this.step] ?? 0.5))) : 0,
  );

  measure(element: HTMLElement | undefined): void {
    this.phone = this.#query.matches;
    this.room = element?.clientHeight ?? innerHeight;
  }

  grab(event: PointerEvent): void {
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    this.dragging = true;
    this.#start = { y: event.clientY, height: this.height };
  }

  drag(event: PointerEvent): void {
    if (!this.dragging) return;
    const wanted = this.#start.height + this.#start.y - event.clientY;
    this.#pulled = Math.max(90, Math.min(this.room * 0.95, wanted));
  }

  drop(event: PointerEvent): void {
    if (!this.dragging) return;
    this.dragging = false;
    const height = this.height;
    this.#pulled = null;
    if (Math.abs(event.clientY - this.#start.y) < TAP_PX) this.#toggle();
    else this.step = this.#nearest(height / this.room);
  }

  key(event: KeyboardEvent): void {
    if (event.key === 'ArrowUp') this.step = Math.min(2, this.step + 1);
    else if (event.key === 'ArrowDown') this.step = Math.max(0, this.step - 1);
    else if (event.key === 'Enter' || event.key === ' ') this.#toggle();
    else return;
    event.preventDefault();
  }

  #toggle(): void {
    this.step = this.step === 2 ? 0 : this.step + 1;
  }

  #nearest(share: number): number {
    const distances = STEPS.map((step) => Math.abs(step - share));
    return distances.indexOf(Math.min(...distances));
  }
}
