/** Address books as other programs write them: tables with commas, and vCards. */
import type { LineError } from '../lines';
import { readTable } from './table';
import { readCards } from './vcard';

export interface Entry {
  name: string;
  addresses: string[];
  /** Where it begins. */
  line: number;
}

export interface AddressBook {
  entries: Entry[];
  /** Lines that cannot be a contact, and why. */
  refused: LineError[];
}

const MOST = { entries: 2_000, name: 200, addresses: 20, address: 256 };

export function readAddressBook(text: string): AddressBook {
  const read = /^BEGIN:VCARD/im.test(text) ? readCards(text) : readTable(text);
  const entries: Entry[] = [];
  const refused = [...read.refused];
  for (const entry of read.entries.map(tidy)) {
    const reason = entries.length < MOST.entries ? wrong(entry) : `only ${MOST.entries} at once`;
    if (reason) refused.push({ line: entry.line, reason });
    else entries.push(entry);
  }
  return { entries, refused: refused.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)) };
}

function tidy({ name, addresses, line }: Entry): Entry {
  const filled = addresses.map((address) => address.trim()).filter(Boolean);
  return { name: name.trim(), addresses: [...new Set(filled)], line };
}

function wrong({ name, addresses }: Entry): string | null {
  if (!name) return 'has no name';
  if (name.length > MOST.name) return `its name is longer than ${MOST.name} characters`;
  if (addresses.length > MOST.addresses) return `has more than ${MOST.addresses} addresses`;
  const long = addresses.some((address) => address.length > MOST.address);
  return long ? `an address is longer than ${MOST.address} characters` : null;
}
