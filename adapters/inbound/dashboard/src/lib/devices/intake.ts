/** The lines of the intake log, a day at a time. */
import type { IntakeLine } from '../api/types';

export interface IntakeDay {
  date: string;
  /** The kind that brought most first. */
  lines: IntakeLine[];
  accepted: number;
  /** Something was refused, or left out of what was kept. */
  refused: boolean;
}

export function intakeDays(lines: IntakeLine[]): IntakeDay[] {
  const days = new Map<string, IntakeLine[]>();
  for (const line of lines) days.set(line.date, [...(days.get(line.date) ?? []), line]);
  return [...days]
    .sort(([one], [other]) => other.localeCompare(one))
    .map(([date, of]) => ({
      date,
      lines: [...of].sort((a, b) => b.accepted - a.accepted),
      accepted: of.reduce((sum, line) => sum + line.accepted, 0),
      refused: of.some((line) => line.refused_batches > 0 || line.refused > 0),
    }));
}
