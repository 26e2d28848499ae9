import { describe, expect, it } from 'vitest';
import type { TriedDocument } from '../../api/mappings';
import { readJson, refusedLines, triedLines } from './faults';
import { brokenLine, jsonLines, lineOf } from './json-lines';

const DEFINITION = `{
  "rules": [
    {"where": "a \\"{[,", "ignore": true},
    {
      "kind": "location",
      "fields": {
        "lat": {"path": "p"},
        "lon": "q"
      }
    }
  ]
}`;

describe('the lines of a JSON text', () => {
  it.each([
    ['rules', 2],
    ['rules[0].ignore', 3],
    ['rules[1]', 4],
    ['rules[1].fields.lat.path', 7],
    ['rules[1].fields.lon', 8],
  ])('%s stands on line %i', (path, line) => {
    expect(jsonLines(DEFINITION).get(path)).toBe(line);
  });

  it('are those of what holds it where something is missing', () => {
    const lines = jsonLines(DEFINITION);
    expect(lineOf(lines, 'rules[1].fields.speed_mps')).toBe(6);
    expect(lineOf(lines, 'rules[7].kind')).toBe(2);
    expect(lineOf(lines, 'nothing')).toBeNull();
  });

  it('are not there where it is no JSON', () => {
    expect(jsonLines('{"rules": [').size).toBe(0);
  });

  const RIGHT = ['[]', '{}', '""', '-1.5e+3', ' { "a" : [ ] , "b\\u00e9" : [ 1 , {} ] } ', 'null'];
  const CUT = ['', '[', '"\n"', '01', 'nul', '{"a"}', '{a:1}'];
  const WRONG = [...CUT, '[1,]', '{"a":1,}', '[1 2]', '[]]'];
  it.each([...RIGHT, ...WRONG])('are there for %s if it is JSON', (text) => {
    const fine = RIGHT.includes(text);
    expect(brokenLine(text) === null).toBe(fine);
    if (fine) expect(() => JSON.parse(text)).not.toThrow();
    else expect(() => JSON.parse(text)).toThrow();
  });
});

describe('what is refused in a definition', () => {
  it('is in the order of its lines, which are not named twice', () => {
    expect(
      refusedLines([
        { field: 'rules[0].fields.lat.path', reason: 'line 4: column 6: expected a name' },
        { field: 'definition', reason: 'line 3, column 2: expecting value' },
        { field: 'rules', reason: 'may be 20 at most' },
        { field: 'name', reason: 'must have 1 to 200 characters' },
        { field: 'sample.document', reason: 'is too large' },
      ]),
    ).toEqual([
      { line: null, reason: 'rules: may be 20 at most' },
      { line: 3, reason: 'column 2: expecting value' },
      { line: 4, reason: 'rules[0].fields.lat.path: column 6: expected a name' },
    ]);
  });
});

it('tells each fault of the documents once, at its line', () => {
  const fault = { field: 'rules[1].fields.lat', reason: 'must be at most 90' };
  const failed = (element: number | null) =>
    ({ errors: [{ ...fault, element }] }) as unknown as TriedDocument;
  expect(triedLines(DEFINITION, [failed(1), failed(2)])).toEqual([
    { line: 7, reason: 'rules[1].fields.lat: must be at most 90 (element 2)' },
  ]);
});

describe('a sample', () => {
  it('may be any JSON', () => {
    expect(readJson('[1, null]')).toEqual({ value: [1, null] });
  });

  const BROKEN = ['{\n  "a": 1,\n  b\n}', '{\n  "a": 1,\n  "b"', '[1,\n\n2 3\n\n]'];
  it.each(BROKEN)('is told where it is none', (text) => {
    expect(readJson(text)).toEqual({ error: { line: 3, reason: 'is not JSON here' } });
  });
});
