import { describe, expect, it } from 'vitest';
import { readAddressBook } from './address-book';
import { matching } from './search';

describe('a table', () => {
  it('has a name and addresses on each line', () => {
    const { entries, refused } = readAddressBook(
      [
        'Jana Novak, +385 91 123, jana@example.org',
        '',
        '"Novak, Petra"; 091',
        '"Smith ""Jo""",jo@example.org',
      ].join('\n'),
    );
    expect(refused).toEqual([]);
    expect(entries).toEqual([
      { name: 'Jana Novak', addresses: ['+385 91 123', 'jana@example.org'], line: 1 },
      { name: 'Novak, Petra; 091', addresses: [], line: 3 },
      { name: 'Smith "Jo"', addresses: ['jo@example.org'], line: 4 },
    ]);
  });

  it('may have titles, of which those count that say name or address', () => {
    const { entries } = readAddressBook(
      [
        'First Name;Last Name;Organization;E-mail 1 - Label;E-mail 1 - Value;Phone 1 - Value',
        'Jana;Novak;School;home;jana@example.org;091 1 ::: 092 2',
        'Ivo;;;;;093',
      ].join('\r\n'),
    );
    expect(entries).toEqual([
      { name: 'Jana Novak', addresses: ['jana@example.org', '091 1', '092 2'], line: 2 },
      { name: 'Ivo', addresses: ['093'], line: 3 },
    ]);
  });

  it('names the lines that cannot be', () => {
    const { entries, refused } = readAddressBook(
      `Ana,1\n,091\n"Open,1\nLong,${'9'.repeat(257)}\nMany${',a1'.repeat(30)}`,
    );
    expect(entries.map(({ name }) => name)).toEqual(['Ana', 'Many']);
    expect(refused).toEqual([
      { line: 2, reason: 'has no name' },
      { line: 3, reason: 'a quotation mark is not closed' },
      { line: 4, reason: 'an address is longer than 256 characters' },
    ]);
  });

  it('is taken up to the bound', () => {
    const { entries, refused } = readAddressBook('Ana,1\n'.repeat(2_001));
    expect([entries.length, refused]).toEqual([
      2_000,
      [{ line: 2_001, reason: 'only 2000 at once' }],
    ]);
  });
});

describe('vCards', () => {
  it('have a name, numbers and e-mail addresses', () => {
    const card = [
      'BEGIN:VCARD',
      'VERSION:4.0',
      'N:Novak;Jana;;;',
      'FN:Jana Novak\\, school',
      'TEL;TYPE=cell:+385 91',
      ' 123',
      'item1.EMAIL;TYPE=work:jana@example.org',
      'END:VCARD',
      'BEGIN:VCARD',
      'N:Ivo;;;;',
      'TEL;VALUE=uri:tel:+385-92',
      'END:VCARD',
    ];
    expect(readAddressBook(card.join('\r\n'))).toEqual({
      refused: [],
      entries: [
        { name: 'Jana Novak, school', addresses: ['+385 91123', 'jana@example.org'], line: 1 },
        { name: 'Ivo', addresses: ['+385-92'], line: 9 },
      ],
    });
  });

  it('are refused where they have no name, or no end', () => {
    const text = 'BEGIN:VCARD\nTEL:1\nEND:VCARD\nBEGIN:VCARD\nFN:A\nBEGIN:VCARD\nFN:B';
    expect(readAddressBook(text)).toEqual({
      entries: [],
      refused: [
        { line: 1, reason: 'has no name' },
        { line: 4, reason: 'the card does not end' },
        { line: 6, reason: 'the card does not end' },
      ],
    });
  });
});

it.each([
  ['jana', ['Jana']],
  ['(091) 12', ['Jana']],
  ['EXAMPLE.ORG', ['Ivo']],
  ['', ['Ivo', 'Jana']],
  ['nobody', []],
])('%s finds %j', (text, names) => {
  const contact = (name: string, ...addresses: string[]) => ({
    id: name,
    name,
    addresses,
    person_id: null,
    created_at: '',
  });
  const all = [contact('Jana', '091 / 123'), contact('Ivo', 'ivo@example.org')];
  expect(matching(all, text).map(({ name }) => name)).toEqual(names);
});
