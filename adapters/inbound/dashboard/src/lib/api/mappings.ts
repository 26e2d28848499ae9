/** Mappings of documents as they travel, and the calls about them. */
import { request } from './http';
import type { Job, Kind, Page, Quarantined } from './types';

export interface Mapping {
  id: string;
  name: string;
  source: string;
  enabled: boolean;
  definition: object;
  /** Rises with each change. */
  version: number;
  created_at: string;
}

/** The definition as text: then the server names the lines of what is wrong. */
export interface MappingDraft {
  name: string;
  source: string;
  definition: string;
  enabled?: boolean;
}

/** Exactly one of `document`, `quarantined` and `device`. */
export interface Sample {
  document?: unknown;
  quarantined?: string;
  device?: string;
  latest?: number;
}

export interface MappingFault {
  /** The place in the definition, such as "rules[0].fields.lat". */
  field: string;
  reason: string;
  /** Which element of the list that the rule goes through. */
  element: number | null;
}

export type Outcome = 'mapped' | 'ignored' | 'not_mapped' | 'failed';

export interface TriedDocument {
  time: string;
  source: string | null;
  outcome: Outcome;
  observations: { kind: Kind; time: string; [field: string]: unknown }[];
  /** May be more than the observations that are shown. */
  count: number;
  errors: MappingFault[];
  document: unknown;
}

export const list = async () => (await request<Page<Mapping>>('GET', '/mappings')).items;
export const add = (draft: MappingDraft) => request<Mapping>('POST', '/mappings', { body: draft });
/** Refused where it is not at `version` any more. */
export const change = (id: string, change: Partial<MappingDraft> & { version: number }) =>
  request<Mapping>('PATCH', `/mappings/${id}`, { body: change });
export const remove = (id: string) => request<void>('DELETE', `/mappings/${id}`);
export const tryOut = (definition: string, sample: Sample, source?: string) =>
  request<{ documents: TriedDocument[] }>('POST', '/mappings/try', {
    body: { definition, sample, ...(source ? { source } : {}) },
  });

/** The newest entries in quarantine that are documents; their source is that of the documents. */
export const unmapped = async () => {
  const page = await request<Page<Quarantined>>('GET', '/quarantine', { query: { limit: 200 } });
  return page.items.filter((item) => item.kind === 'document' && item.replayable);
};
export const replay = (source: string) =>
  request<Job>('POST', '/quarantine/replay', { body: { source } });
