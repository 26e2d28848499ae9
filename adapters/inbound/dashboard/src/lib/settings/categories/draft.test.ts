import { describe, expect, it } from 'vitest';
import { categoryOf, draftOf, lineErrors, moved, ownProblems } from './draft';

const games = { name: 'games', apps: ['com.supercell.*', '*minecraft*'], sites: ['roblox.com'] };
const draft = (change: object) => ({ ...draftOf(games, 1), ...change });

describe('a category while it is written', () => {
  it('has one pattern a line, and comes back as it was', () => {
    expect(draftOf(games, 7).apps).toBe('com.supercell.*\n*minecraft*');
    expect(categoryOf(draftOf(games, 7))).toEqual(games);
  });

  it('is sent without blanks and repetitions', () => {
    const { name, apps } = categoryOf(draft({ name: ' games ', apps: '\n a1 \n\na1\nb2\n' }));
    expect([name, apps]).toEqual(['games', ['a1', 'b2']]);
  });
});

describe('what is refused', () => {
  it('is told at the line on which it was written', () => {
    const written = draft({ sites: 'a.example\n\na.example\nnot a host' });
    const problems = [{ field: 'categories[3].sites[1]', reason: 'is not a host' }];
    expect(lineErrors(written, 3, 'sites', problems)).toEqual([
      { line: 4, reason: '“not a host” is not a host' },
    ]);
    expect(lineErrors(written, 3, 'apps', problems)).toEqual([]);
    expect(lineErrors(written, 2, 'sites', problems)).toEqual([]);
  });

  it('may be about all patterns', () => {
    const problems = [{ field: 'categories[0].apps', reason: 'may be 500 at most' }];
    expect(lineErrors(draft({}), 0, 'apps', problems)).toEqual([
      { line: null, reason: 'may be 500 at most' },
    ]);
  });

  it('is known beforehand where a name is missing or a pattern too long', () => {
    const fields = ownProblems([draft({}), draft({ name: ' ', apps: `ok\n${'x'.repeat(129)}` })]);
    expect(fields.map(({ field }) => field)).toEqual([
      'categories[1].name',
      'categories[1].apps[1]',
    ]);
  });
});

it.each([
  [0, 2, ['b', 'c', 'a']],
  [2, 1, ['a', 'c', 'b']],
  [0, -1, ['a', 'b', 'c']],
  [2, 3, ['a', 'b', 'c']],
])('moves from %i to %i', (from, to, order) => {
  expect(moved(['a', 'b', 'c'], from, to)).toEqual(order);
});
