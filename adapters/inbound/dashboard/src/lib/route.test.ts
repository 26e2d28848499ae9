import { describe, expect, it } from 'vitest';
import { href, parseRoute } from './route';

describe('addresses', () => {
  it('come apart and together again', () => {
    const address = href(['people', 'a b', 'day', '2026-11-03'], { t: '14:02', none: undefined });
    expect(address).toBe('#/people/a%20b/day/2026-11-03?t=14%3A02');
    expect(parseRoute(address)).toEqual({
      path: ['people', 'a b', 'day', '2026-11-03'],
      query: { t: '14:02' },
    });
  });

  it('survive nonsense', () => {
    expect(parseRoute('').path).toEqual([]);
    expect(parseRoute('#/%E0%A4').path).toEqual(['%E0%A4']);
  });
});
