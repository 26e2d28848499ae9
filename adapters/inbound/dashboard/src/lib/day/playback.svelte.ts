/** The moment that the day's slider shows, and its movement. */
export const SPEEDS = [
  { value: '60', label: '1 min/s' },
  { value: '300', label: '5 min/s' },
  { value: '1200', label: '20 min/s' },
] as const;

export class Playback {
  at = $state(0);
  playing = $state(false);
  /** Times real time. */
  speed = $state(300);
  #frame = 0;
  #last = 0;

  constructor(private readonly bounds: () => { from: number; to: number }) {}

  set(at: number): void {
    const { from, to } = this.bounds();
    this.at = Math.max(from, Math.min(to, at));
  }

  toggle(): void {
    if (this.playing) this.stop();
    else this.#start();
  }

  stop(): void {
    this.playing = false;
    cancelAnimationFrame(this.#frame);
  }

  #start(): void {
    const { from, to } = this.bounds();
    if (this.at >= to - 1000) this.at = from;
    this.playing = true;
    this.#last = performance.now();
    this.#frame = requestAnimationFrame(this.#step);
  }

  #step = (now: number): void => {
    const { to } = this.bounds();
    this.set(this.at + (now - this.#last) * this.speed);
    this.#last = now;
    if (this.at >= to) this.playing = false;
    else if (this.playing) this.#frame = requestAnimationFrame(this.#step);
  };
}
