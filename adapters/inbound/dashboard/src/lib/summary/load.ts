/** What the page of a span shows: its numbers, and those before it. */
import * as api from '../api/summary';
import type { Numbers, SummaryAnswer } from '../api/summary';
import { earlier, rangeOf, soFar, type Range, type Span } from './span';

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
