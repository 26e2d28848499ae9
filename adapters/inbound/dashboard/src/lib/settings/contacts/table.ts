/** Tables of contacts: a name and addresses on each line, with or without titles above. */
import type { AddressBook, Entry } from './address-book';

const NAME = /^(full|display)? ?name$/i;
const FIRST = /^(first|given) ?name$/i;
const LAST = /^(last|family) ?name$|^surname$/i;
const ADDRESS = /phone|mobile|tel\b|e-?mail|number|address/i;
const NO_ADDRESS = /label|type|street|postal|city|country/i;

interface Titles {
  names: number[];
  addresses: number[];
}

export function readTable(text: string): AddressBook {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const separator = separatorOf(lines.find((line) => line.trim()) ?? '');
  const book: AddressBook = { entries: [], refused: [] };
  let titles: Titles | null | undefined;
  lines.forEach((line, index) => {
    if (!line.trim()) return;
    const cells = split(line, separator);
    if (!cells) {
      book.refused.push({ line: index + 1, reason: 'a quotation mark is not closed' });
    } else if (titles === undefined) {
      titles = titlesOf(cells);
      if (!titles) book.entries.push(entryOf(cells, titles, index + 1));
    } else {
      book.entries.push(entryOf(cells, titles, index + 1));
    }
  });
  return book;
}

function separatorOf(line: string): string {
  const times = (one: string) => line.split(one).length;
  return [',', ';', '\t'].reduce((best, one) => (times(one) > times(best) ? one : best));
}

function titlesOf(cells: string[]): Titles | null {
  const where = (pattern: RegExp) =>
    cells.flatMap((cell, index) => (pattern.test(cell.trim()) ? [index] : []));
  const whole = where(NAME).slice(0, 1);
  const names = whole.length ? whole : [...where(FIRST), ...where(LAST)];
  if (names.length === 0) return null;
  const addresses = where(ADDRESS).filter((index) => !NO_ADDRESS.test(cells[index] ?? ''));
  return { names, addresses };
}

function entryOf(cells: string[], titles: Titles | null, line: number): Entry {
  if (!titles) {
    const [name = '', ...addresses] = cells;
    return { name, addresses, line };
  }
  const at = (places: number[]) => places.map((place) => (cells[place] ?? '').trim());
  // One cell may hold several, as address books on the web write them.
  const addresses = at(titles.addresses).flatMap((cell) => cell.split(' ::: '));
  return { name: at(titles.names).filter(Boolean).join(' '), addresses, line };
}

/** The cells of a line; nothing where a quotation mark is not closed. */
function split(line: string, separator: string): string[] | null {
  const cells = [''];
  let quoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at] ?? '';
    if (char === '"' && quoted && line[at + 1] === '"') {
      cells[cells.length - 1] += '"';
      at += 1;
    } else if (char === '"' && (quoted || cells.at(-1)?.trim() === '')) {
      quoted = !quoted;
    } else if (char === separator && !quoted) {
      cells.push('');
    } else {
      cells[cells.length - 1] += char;
    }
  }
  return quoted ? null : cells;
}
