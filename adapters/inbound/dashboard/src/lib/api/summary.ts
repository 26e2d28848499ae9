/** The numbers of a person's days as they travel. */
import { request } from './http';
import type { DaySummary, Spot } from './timeline';

/** Why fixes were left out, and how many. */
export type LeftOut = Record<'duplicates' | 'inaccurate' | 'jumps' | 'mock', number>;

/** Stays at one place, or near one town; where the longest was. */
export type PlaceTime = Spot & { duration_s: number; visits: number };

export type Numbers = Omit<DaySummary, 'date'> & {
  /** Longest first; a moment may belong to none. */
  categories: { category: string; duration_s: number }[];
  moving_s: number;
  left_out: LeftOut;
};
export type NumbersOfDay = Numbers & { date: string };

export interface SummaryAnswer {
  time_zone: string;
  days: NumbersOfDay[];
  /** Places by their time, longest first. */
  total: Numbers & { places: PlaceTime[] };
}

/** Of the local days from `from` to `to`, both included, and of all together. */
export const summary = (personId: string, from: string, to: string, signal: AbortSignal) =>
  request<SummaryAnswer>('GET', `/people/${personId}/summary`, { query: { from, to }, signal });
