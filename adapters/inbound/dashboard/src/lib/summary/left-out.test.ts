import { expect, it } from 'vitest';
import { leftOutWords } from './left-out';

const NONE = { duplicates: 0, inaccurate: 0, jumps: 0, mock: 0 };

it('tells what was left out, and nothing where nothing was', () => {
  const words = leftOutWords({ ...NONE, inaccurate: 2, duplicates: 1 });
  expect(words).toBe('3 positions: 2 too inaccurate, 1 told twice');
  expect(leftOutWords({ ...NONE, mock: 1 })).toBe('1 position: 1 made up by an app');
  expect(leftOutWords(NONE)).toBeNull();
});
