/** Categories of apps and sites as they travel, and the calls about them. */
import { request } from './http';

/** In `apps` a `*` stands for any letters; `sites` are hosts, with all that is below them. */
export interface Category {
  name: string;
  apps: string[];
  sites: string[];
}

/** In the order in which they are tried: the first that fits is it. */
export interface CategorySet {
  version: number;
  changed_at: string | null;
  categories: Category[];
}

/** By what was asked; null where no category fits. */
export interface TriedCategories {
  apps: Record<string, string | null>;
  sites: Record<string, string | null>;
}

export const current = () => request<CategorySet>('GET', '/categories');
/** Refused where the set is not at this version any more. */
export const replace = (categories: Category[], version: number) =>
  request<CategorySet>('PUT', '/categories', { body: { categories, version } });
export const reset = () => request<void>('DELETE', '/categories');
export const tryOut = (
  ask: { apps: string[]; sites: string[]; categories: Category[] },
  signal: AbortSignal,
) => request<TriedCategories>('POST', '/categories/try', { body: ask, signal });
