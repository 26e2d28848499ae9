/** What a rule waits for as a list of lines, one level deep. */
import type { Condition } from '../api/rules';
import { CONDITIONS } from './condition';
import { conditionOf, lineOf, type Line } from './line';

export type Joined = 'all' | 'any';

export interface Lines {
  joined: Joined;
  lines: Line[];
}

/** Nothing when it is deeper than a list, or of a kind that is not known here. */
export function linesOf(when: Condition): Lines | null {
  const joined = when.all ? 'all' : when.any ? 'any' : null;
  const parts = when.all ?? when.any ?? [when];
  const lines = parts.map(lineOf);
  if (lines.some((line) => line === null)) return null;
  return { joined: joined ?? 'all', lines: lines as Line[] };
}

export function whenOf({ joined, lines }: Lines): Condition {
  const parts = lines.map(conditionOf);
  return parts.length === 1 ? parts[0]! : { [joined]: parts };
}

/** The name that the server gives to a line in what it refuses. */
export function fieldOf(joined: Joined, count: number, index: number): string {
  return count === 1 ? 'when' : `when.${joined}[${index}]`;
}

/** Whether it lasts, so that it can hold and be over; silence is told by time alone. */
export function canHold({ lines }: Lines): boolean {
  const moves = (line: Line) => line.key === 'enters' || line.key === 'leaves';
  if (lines.length === 1 && lines[0]!.key === 'silent_for_s') return false;
  if (lines.length === 1 && moves(lines[0]!)) return true;
  return lines.every((line) => CONDITIONS[line.key].lasts);
}
