/** Calendars of days that are exceptions, as they travel, and the calls about them. */
import { request } from './http';
import type { Page } from './types';

/** From one date to another, both included. */
export interface Period {
  from: string;
  to: string;
}

export interface Calendar {
  id: string;
  name: string;
  /** In order, and apart from each other. */
  days: Period[];
  created_at: string;
}

export type CalendarDraft = Pick<Calendar, 'name' | 'days'>;

export const list = async () => (await request<Page<Calendar>>('GET', '/calendars')).items;
export const add = (draft: CalendarDraft) =>
  request<Calendar>('POST', '/calendars', { body: draft });
export const change = (id: string, draft: CalendarDraft) =>
  request<Calendar>('PATCH', `/calendars/${id}`, { body: draft });
/** Refused while a rule names it. */
export const remove = (id: string) => request<void>('DELETE', `/calendars/${id}`);
