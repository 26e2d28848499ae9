import { describe, expect, it } from 'vitest';
import { unwrapRing } from './unwrap';

describe('a ring', () => {
  it('away from the date line stays as it is', () => {
    const ring = [
      [10, 50],
      [12, 50],
      [12, 52],
      [10, 50],
    ];
    expect(unwrapRing(ring)).toEqual(ring);
  });

  it('across the date line becomes continuous', () => {
    const ring = [
      [178, 60],
      [-178, 60],
      [-178, 62],
      [178, 62],
      [178, 60],
    ];
    expect(unwrapRing(ring).map(([lon]) => lon)).toEqual([178, 182, 182, 178, 178]);
  });

  it('around a pole is closed along the edge of the map', () => {
    const ring = [
      [-170, -70],
      [0, -75],
      [170, -72],
      [-170, -70],
    ];
    const unwrapped = unwrapRing(ring);
    expect(unwrapped.slice(3)).toEqual([
      [190, -70],
      [190, -90],
      [-170, -90],
      [-170, -70],
    ]);
  });
});
