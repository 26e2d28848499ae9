/** How much more or less there is than before, in words: colour alone tells nothing. */

import type { Prior } from './span';

/** `text` writes an amount, for when nothing is left of it. */
export function compared(
  now: number,
  before: number,
  { than, when }: Prior,
  text: (amount: number) => string,
): string {
  if (before === 0) return now === 0 ? `none ${when} either` : `none ${when}`;
  if (now === 0) return `${text(before)} ${when}`;
  const ratio = now / before;
  if (Math.abs(ratio - 1) < 0.01) return `about as much as ${than}`;
  if (ratio >= 10) return `${Math.round(ratio)} times as much as ${than}`;
  if (ratio >= 2.5) return `${ratio.toFixed(1)} times as much as ${than}`;
  const share = Math.max(1, Math.round(Math.abs(ratio - 1) * 100));
  if (share >= 100 && ratio < 1) return `almost nothing beside ${text(before)} ${when}`;
  return `${share} % ${ratio > 1 ? 'more' : 'less'} than ${than}`;
}
