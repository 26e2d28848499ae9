/** Contacts as they travel, and the calls about them. */
import { request } from './http';
import type { Page } from './types';

export interface Contact {
  id: string;
  name: string;
  /** Numbers, e-mail addresses, names in apps. */
  addresses: string[];
  /** Whose contact it is; everybody's where there is none. */
  person_id: string | null;
  created_at: string;
}

export type ContactDraft = Pick<Contact, 'name' | 'addresses' | 'person_id'>;

export const list = async () => (await request<Page<Contact>>('GET', '/contacts')).items;
export const add = (draft: ContactDraft) => request<Contact>('POST', '/contacts', { body: draft });
export const change = (id: string, draft: ContactDraft) =>
  request<Contact>('PATCH', `/contacts/${id}`, { body: draft });
export const remove = (id: string) => request<void>('DELETE', `/contacts/${id}`);
/** All of them or none; those that are known get the addresses that they did not have. */
export const importMany = (contacts: ContactDraft[]) =>
  request<{ added: number; changed: number }>('POST', '/contacts/import', { body: { contacts } });
