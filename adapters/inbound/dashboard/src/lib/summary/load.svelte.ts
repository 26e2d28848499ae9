/** What the page of a span shows: its numbers, those before it, and where the time went. */
import * as api from '../api/summary';
import type { Numbers, SummaryAnswer, WholeTimeline } from '../api/summary';
import { Resource } from '../state/resource.svelte';
import { daysOf, earlier, rangeOf, soFar, type Range, type Span } from './span';
import { whereabouts, type Whereabouts } from './whereabouts';

/** Days of which the timeline is asked for at a time. */
const AT_ONCE = 4;

export interface Chosen {
  personId: string;
  span: Span;
  date: string;
  today: string;
}
export interface Compared {
  range: Range;
  answer: SummaryAnswer;
  before: Numbers;
}

export async function loadNumbers(chosen: Chosen, signal: AbortSignal): Promise<Compared> {
  const { personId, span, date, today } = chosen;
  const range = soFar(rangeOf(span, date), today);
  const prior = earlier(span, date, today);
  const [answer, before] = await Promise.all([
    api.summary(personId, range.first, range.last, signal),
    api.summary(personId, prior.first, prior.last, signal),
  ]);
  return { range, answer, before: before.total };
}

export async function loadWhereabouts(chosen: Chosen, signal: AbortSignal): Promise<Whereabouts> {
  const days = daysOf(soFar(rangeOf(chosen.span, chosen.date), chosen.today));
  const found: WholeTimeline[] = [];
  for (let at = 0; at < days.length; at += AT_ONCE) {
    const some = days.slice(at, at + AT_ONCE);
    found.push(
      ...(await Promise.all(some.map((day) => api.timeline(chosen.personId, day, signal)))),
    );
  }
  return whereabouts(found);
}

export class SpanView {
  readonly numbers: Resource<Compared>;
  readonly where: Resource<Whereabouts>;

  constructor(chosen: () => Chosen) {
    this.numbers = new Resource((signal) => loadNumbers(chosen(), signal));
    this.where = new Resource((signal) => loadWhereabouts(chosen(), signal));
  }

  /** Another span: what was shown is of the old one. */
  start(): void {
    this.numbers.clear();
    this.where.clear();
    void this.numbers.reload();
    void this.where.reload();
  }

  stop(): void {
    this.numbers.clear();
    this.where.clear();
  }
}
