/** Finding contacts by what somebody remembers of them. */
import type { Contact } from '../../api/contacts';

/** Numbers are found whatever stands between their digits. */
export function matching(contacts: Contact[], text: string): Contact[] {
  const sought = text.trim().toLowerCase();
  const number = plain(sought);
  const isNumber = /^\+?\d{2,}$/.test(number);
  const fits = (value: string) =>
    value.toLowerCase().includes(sought) || (isNumber && plain(value).includes(number));
  return contacts
    .filter(({ name, addresses }) => [name, ...addresses].some(fits))
    .sort((a, b) => a.name.localeCompare(b.name));
}

const plain = (text: string) => text.replace(/[\s\-()/.]/g, '');
