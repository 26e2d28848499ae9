/** The numbers of a person's days as they travel. */
import { request } from './http';
import type { DaySummary, Timeline } from './timeline';

export type Numbers = Omit<DaySummary, 'date'> & {
  /** Longest first; a moment may belong to none. */
  categories: { category: string; duration_s: number }[];
};
export type NumbersOfDay = Numbers & { date: string };

export interface SummaryAnswer {
  time_zone: string;
  days: NumbersOfDay[];
  total: Numbers;
}

/** Why fixes were left out, and how many, of one device. */
export type LeftOut = Record<'duplicates' | 'inaccurate' | 'jumps' | 'mock', number>;
export type WholeTimeline = Timeline & { left_out: Record<string, LeftOut> };

/** Of the local days from `from` to `to`, both included, and of all together. */
export const summary = (personId: string, from: string, to: string, signal: AbortSignal) =>
  request<SummaryAnswer>('GET', `/people/${personId}/summary`, { query: { from, to }, signal });

export const timeline = (personId: string, date: string, signal: AbortSignal) =>
  request<WholeTimeline>('GET', `/people/${personId}/timeline`, { query: { date }, signal });
