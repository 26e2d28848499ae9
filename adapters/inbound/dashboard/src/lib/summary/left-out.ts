/** Positions that say nothing about where somebody was, in words. */
import type { LeftOut } from '../api/summary';

const REASONS: Record<keyof LeftOut, string> = {
  mock: 'made up by an app',
  inaccurate: 'too inaccurate',
  duplicates: 'told twice',
  jumps: 'leaps that nobody makes',
};

/** "3 positions: 2 too inaccurate, 1 told twice"; nothing when all counted. */
export function leftOutWords(counts: LeftOut): string | null {
  const names = Object.keys(REASONS) as (keyof LeftOut)[];
  const some = names.filter((name) => counts[name] > 0);
  const total = some.reduce((sum, name) => sum + counts[name], 0);
  if (total === 0) return null;
  const parts = some.map((name) => `${counts[name]} ${REASONS[name]}`);
  return `${total === 1 ? '1 position' : `${total} positions`}: ${parts.join(', ')}`;
}
