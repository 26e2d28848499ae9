import { expect, it } from 'vitest';
import { compared } from './compared';

const PRIOR = { than: 'the week before', when: 'the week before' };

it.each([
  [112, 100, '12 % more than the week before'],
  [88, 100, '12 % less than the week before'],
  [100.4, 100, 'about as much as the week before'],
  [200, 100, '100 % more than the week before'],
  [310, 100, '3.1 times as much as the week before'],
  [5000, 100, '50 times as much as the week before'],
  [0.1, 100, 'almost nothing beside 100 m the week before'],
  [0, 100, '100 m the week before'],
  [5, 0, 'none the week before'],
  [0, 0, 'none the week before either'],
])('%d beside %d is %s', (now, before, words) => {
  expect(compared(now, before, PRIOR, (amount) => `${amount} m`)).toBe(words);
});

it('says on which days there was none', () => {
  const part = { than: 'the same days', when: 'on the same days' };
  expect(compared(5, 0, part, String)).toBe('none on the same days');
  expect(compared(5, 4, part, String)).toBe('25 % more than the same days');
});
