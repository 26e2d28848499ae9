/** Contacts as phones hand them out: RFC 6350 and the versions before. */
import type { AddressBook, Entry } from './address-book';

interface Property {
  name: string;
  value: string;
  line: number;
}

export function readCards(text: string): AddressBook {
  const book: AddressBook = { entries: [], refused: [] };
  let card: (Entry & { parts: string }) | null = null;
  for (const { name, value, line } of properties(text)) {
    const begins = name === 'BEGIN' && value.toUpperCase() === 'VCARD';
    if (begins && card) book.refused.push({ line: card.line, reason: 'the card does not end' });
    if (begins) card = { name: '', parts: '', addresses: [], line };
    if (!card) continue;
    if (name === 'FN') card.name ||= plain(value);
    if (name === 'N') card.parts = nameOf(value);
    if (name === 'TEL' || name === 'EMAIL') card.addresses.push(plain(value.replace(/^tel:/i, '')));
    if (name === 'END') {
      book.entries.push({ ...card, name: card.name || card.parts });
      card = null;
    }
  }
  if (card) book.refused.push({ line: card.line, reason: 'the card does not end' });
  return book;
}

/** Lines that begin with a blank go on with the one before. */
function properties(text: string): Property[] {
  const found: Property[] = [];
  text.split(/\r?\n/).forEach((line, index) => {
    const last = found.at(-1);
    if (/^[ \t]/.test(line) && last) {
      last.value += line.slice(1);
      return;
    }
    const [, name = '', value = ''] = /^(?:[\w-]+\.)?([\w-]+)[^:]*:(.*)$/.exec(line) ?? [];
    if (name) found.push({ name: name.toUpperCase(), value, line: index + 1 });
  });
  return found;
}

/** "Novak;Jana;;;" as "Jana Novak". */
function nameOf(value: string): string {
  const [family = '', given = ''] = value.split(/(?<!\\);/).map(plain);
  return [given, family].filter(Boolean).join(' ');
}

const plain = (value: string) => value.replace(/\\n/gi, ' ').replace(/\\(.)/g, '$1').trim();
